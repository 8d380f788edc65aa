/** Numbers on screen: rounded texts that keep their full value, by which tests know them. */

import { shortProbability } from "../view/probability";

const MATH = "http://www.w3.org/1998/Math/MathML";

/** Three significant digits, or all of a whole number. */
export function short(value: number): string {
  if (value < 0) return `−${short(-value)}`;
  if (Number.isInteger(value) || value >= 999.5) return value.toFixed(0);
  if (value >= 0.001) return value.toPrecision(3);
  const [digits, exponent] = value.toExponential(1).split("e-");
  return `${digits}·10⁻${[...exponent].map((digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(digit)]).join("")}`;
}

type Shown = (HTMLElement | SVGElement | MathMLElement) & HTMLOrSVGElement;

/** Marks an element as showing a number; `at` is its place in an array of numbers. */
export function show<E extends Shown>(made: E, name: string, value: number, at?: number): E {
  made.dataset.number = name;
  made.dataset.value = String(value);
  if (at !== undefined) made.dataset.at = String(at);
  made.textContent = short(value);
  return made;
}

/** A number in a text. */
export function live(name: string, value: number, at?: number): HTMLElement {
  const made = document.createElement("b");
  made.className = "tam-exact";
  return show(made, name, value, at);
}

/** The same number in percent. */
export function inPercent<E extends Shown>(made: E): E {
  made.dataset.percent = "";
  made.textContent = `${(100 * Number(made.dataset.value)).toFixed(0)}\u00a0%`;
  return made;
}

/** The same number as a probability, which has one form in all views. */
export function asProbability<E extends Shown>(made: E): E {
  made.textContent = shortProbability(Number(made.dataset.value));
  return made;
}

/** A probability in a text. */
export const probability = (name: string, value: number, at?: number) =>
  asProbability(live(name, value, at));

/** A share in a text. */
export const percent = (name: string, value: number, at?: number) =>
  inPercent(live(name, value, at));

/** A number in an equation. */
export function mathNumber(name: string, value: number, at?: number): MathMLElement {
  return show(document.createElementNS(MATH, "mn") as MathMLElement, name, value, at);
}
