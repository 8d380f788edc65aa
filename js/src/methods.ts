/** The methods that the browser computes from one record; names as in `tam_widgets.attribution`. */
import type { AttributionOptions } from "./attribution";
import type { Border } from "./rank-gaussian";

export interface Method {
  readonly name: string;
  readonly label: string;
  readonly eci: boolean;
  readonly rgf: boolean;
}

export const METHODS: readonly Method[] = [
  { name: "tam", label: "TAM", eci: true, rgf: true },
  { name: "tam-no-eci", label: "TAM without ECI", eci: false, rgf: true },
  { name: "tam-no-rgf", label: "TAM without RGF", eci: true, rgf: false },
  { name: "cam", label: "plain CAM", eci: false, rgf: false },
];

export function methodNamed(name: string): Method {
  return METHODS.find((method) => method.name === name) ?? METHODS[0];
}

/** The settings that maps depend on, by the names of their traits. */
export interface MapSettings {
  readonly method: string;
  readonly eci: number;
  readonly kernel_size: number;
  readonly border: Border;
}

/** What the settings mean for the equations. */
export function attributionOptions(settings: MapSettings): AttributionOptions {
  const { eci, rgf } = methodNamed(settings.method);
  return {
    eci: eci ? settings.eci : 0,
    rgf,
    kernelSize: rgf ? settings.kernel_size : 1,
    border: settings.border,
  };
}
