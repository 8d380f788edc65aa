/** The methods that the browser computes from one record; names as in `tam_widgets.attribution`. */
import type { AttributionOptions } from "./attribution";

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

/** What a method and its two settings mean for the equations. */
export function attributionOptions(
  name: string,
  strength: number,
  kernelSize: number,
): AttributionOptions {
  const { eci, rgf } = methodNamed(name);
  return { eci: eci ? strength : 0, rgf, kernelSize: rgf ? kernelSize : 1 };
}
