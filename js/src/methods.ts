/** Methods as views know them: those that the browser computes, and those whose maps it gets. */
import { methods as ablations } from "../../tam_widgets/contract.json";
import type { AttributionOptions } from "./attribution";
import type { Border } from "./rank-gaussian";

/** What Python says of a method: `tam_widgets.attribution.Method`. */
export interface Method {
  readonly name: string;
  readonly label: string;
  readonly source: string;
  /** Names of the settings that it takes. */
  readonly options: readonly string[];
  /** Whether values below 0 speak against the token. */
  readonly signed: boolean;
  /** Whether maps are computed here; else they are carried by the panels. */
  readonly inBrowser: boolean;
  /** Whether it has a map of a word that the model did not write. */
  readonly alternatives: boolean;
}

/** A method by its name; the first one, TAM, where there is none of this name. */
export function methodNamed(methods: readonly Method[], name: string): Method {
  return methods.find((method) => method.name === name) ?? methods[0];
}

/** The settings that maps depend on, by the names of their traits. */
export interface MapSettings {
  readonly method: string;
  readonly eci: number;
  readonly kernel_size: number;
  readonly border: Border;
}

/** What the settings mean for the equations, for a method that is computed here. */
export function attributionOptions(settings: MapSettings): AttributionOptions {
  const steps = ablations.find(({ name }) => name === settings.method) ?? ablations[0];
  return {
    eci: steps.eci ? settings.eci : 0,
    rgf: steps.rgf,
    kernelSize: steps.rgf ? settings.kernel_size : 1,
    border: settings.border,
  };
}
