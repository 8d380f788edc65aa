/** Methods: those whose maps the browser computes, and those whose maps it receives. */
import { methods as ablations } from "../../tam_widgets/contract.json";
import type { AttributionOptions } from "./attribution";
import type { Border } from "./rank-gaussian";

/** Description of a method, as in `tam_widgets.attribution.Method`. */
export interface Method {
  readonly name: string;
  readonly label: string;
  readonly source: string;
  /** Names of the settings that it uses. */
  readonly options: readonly string[];
  /** Whether values below 0 speak against the token. */
  readonly signed: boolean;
  /** Whether the browser computes its maps; otherwise the panels carry them. */
  readonly inBrowser: boolean;
  /** Whether it can map a word that the model did not write. */
  readonly alternatives: boolean;
}

/** The method of a name, or the first one, TAM, if there is none. */
export function methodNamed(methods: readonly Method[], name: string): Method {
  return methods.find((method) => method.name === name) ?? methods[0];
}

/** The settings that maps depend on, named as the traits. */
export interface MapSettings {
  readonly method: string;
  readonly eci: number;
  readonly kernel_size: number;
  readonly border: Border;
}

/** The options of the equations under some settings, for a method that is computed here. */
export function attributionOptions(settings: MapSettings): AttributionOptions {
  const steps = ablations.find(({ name }) => name === settings.method) ?? ablations[0];
  return {
    eci: steps.eci ? settings.eci : 0,
    rgf: steps.rgf,
    kernelSize: steps.rgf ? settings.kernel_size : 1,
    border: settings.border,
  };
}
