/** The Python that makes a view as it is; `tam_widgets.views.code` is the Python counterpart. */
import { settings as contract } from "../../../tam_widgets/contract.json";
import type { ExplorerSettings, SettingName } from "../state/store";
import { same } from "../state/traits";

/** A call that shows `panels` explanations with the settings that differ from the defaults. */
export function codeOf(settings: ExplorerSettings, panels: number): string {
  const changed = (Object.keys(contract) as SettingName[])
    .filter((name) => !same(settings[name], contract[name].default))
    .map((name) => `${name}=${literal(settings[name])}`);
  const explanations = panels === 1 ? ["ex"] : Array.from({ length: panels }, (_, i) => named(i));
  const call = panels === 1 ? "tw.Explorer" : "tw.compare";
  return `view = ${call}(${[...explanations, ...changed].join(", ")})`;
}

/** ex_a to ex_z, then ex_26 and so on. */
function named(panel: number): string {
  return `ex_${panel < 26 ? String.fromCharCode(97 + panel) : panel}`;
}

/** A list's lists are tuples. */
function literal(value: unknown): string {
  if (Array.isArray(value))
    return `[${value.map((one) => (Array.isArray(one) ? `(${one.map(literal).join(", ")})` : literal(one))).join(", ")}]`;
  if (typeof value === "boolean") return value ? "True" : "False";
  return value === null ? "None" : JSON.stringify(value);
}
