/** Parts of small drawings. */
import { element } from "../dom";

const SVG = "http://www.w3.org/2000/svg";

type Attributes = Readonly<Record<string, string | number>>;

export function svg(tag: string, attributes: Attributes = {}, text?: string): SVGElement {
  const one = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) one.setAttribute(name, String(value));
  if (text !== undefined) one.textContent = text;
  return one;
}

/** A drawing that is as wide as its room. */
export function drawing(
  width: number,
  height: number,
  label: string,
  children: readonly SVGElement[],
): SVGElement {
  const one = svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label });
  one.setAttribute("class", "tam-drawing");
  one.style.setProperty("--tam-ratio", String(width / height));
  one.append(...children);
  return one;
}

const round = (value: number) => Math.round(100 * value) / 100;

/** A line through points. */
export const line = (points: readonly (readonly [number, number])[]) =>
  points.map(([x, y], i) => `${i ? "L" : "M"}${round(x)} ${round(y)}`).join("");

/** A slider with its name. */
export function slider(
  label: string,
  most: number,
  steps: number,
  value: number,
  moved: (value: number) => void,
  signal: AbortSignal,
): { readonly element: HTMLElement; readonly set: (value: number, said: string) => void } {
  const input = element("input", { aria: { label } });
  Object.assign(input, { type: "range", min: "0", max: String(most), step: String(most / steps) });
  input.value = String(value);
  input.dataset.lmSuppressShortcuts = "true";
  input.addEventListener("input", () => moved(Number(input.value)), { signal });
  const set = (now: number, said: string) => {
    if (Number(input.value) !== now) input.value = String(now);
    input.style.setProperty("--tam-filled", String(most ? now / most : 0));
    input.setAttribute("aria-valuetext", said);
  };
  return { element: input, set };
}
