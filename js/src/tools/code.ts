/** The Python that makes a view as it is; `tam_widgets.views.code` is the Python counterpart. */
import { settings as contract } from "../../../tam_widgets/contract.json";
import type { ExplorerSettings, SettingName } from "../state/store";
import { same } from "../state/traits";

/**
 * A call that shows panels with the settings that differ from the defaults.
 * @param panels explanations; one that is shown by several methods is named once
 */
export function codeOf(settings: ExplorerSettings, panels: readonly unknown[]): string {
  const changed = (Object.keys(contract) as SettingName[])
    .filter((name) => !same(settings[name], contract[name].default))
    .map((name) => `${name}=${literal(settings[name])}`);
  const own = settings.methods.length > 0;
  const call = own || panels.length > 1 ? "tw.compare" : "tw.Explorer";
  return `view = ${call}(${[...names(panels, own), ...changed].join(", ")})`;
}

function names(panels: readonly unknown[], once: boolean): string[] {
  const distinct = [...new Set(panels)];
  if (distinct.length === 1) return once ? ["ex"] : panels.map(() => "ex");
  return panels.map((panel) => named(distinct.indexOf(panel)));
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
