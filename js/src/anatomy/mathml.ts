/** Builds equations. */

const MATH = "http://www.w3.org/1998/Math/MathML";

/** A name, a number or a sign; or what is built of them. */
export type Part = string | MathMLElement;

function made(tag: string, ...parts: readonly Part[]): MathMLElement {
  const one = document.createElementNS(MATH, tag) as MathMLElement;
  one.append(...parts.map((part) => (typeof part === "string" ? leaf(part) : part)));
  return one;
}

function leaf(text: string): MathMLElement {
  const tag = /^\p{L}/u.test(text) ? "mi" : /^\d/.test(text) ? "mn" : "mo";
  const one = document.createElementNS(MATH, tag) as MathMLElement;
  one.textContent = text;
  if (/^[()]$/.test(text)) one.setAttribute("stretchy", "false");
  return one;
}

/** Text in an equation, such as a word. */
export function words(text: string): MathMLElement {
  const one = document.createElementNS(MATH, "mtext") as MathMLElement;
  one.textContent = text;
  return one;
}

export const row = (...parts: readonly Part[]) => made("mrow", ...parts);
export const sub = (base: Part, below: Part) => made("msub", base, below);
export const sup = (base: Part, above: Part) => made("msup", base, above);
export const frac = (above: Part, below: Part) => made("mfrac", above, below);
export const hat = (base: Part) => made("mover", base, "^");
export const sum = (over: Part) => made("munder", "∑", over);
export const within = (...parts: readonly Part[]) => row("(", ...parts, ")");
export const relu = (...parts: readonly Part[]) => row("relu", "\u2061", within(...parts));
export const length2 = (...parts: readonly Part[]) => sup(row("‖", ...parts, "‖"), "2");
export const inner = (a: Part, b: Part) => row("⟨", a, ",", b, "⟩");

/** An equation of its own; several lines if there are several rows. */
export function equation(...lines: readonly (readonly Part[])[]): HTMLElement {
  const box = document.createElement("div");
  box.className = "tam-equation";
  for (const parts of lines) {
    const math = made("math", ...parts);
    math.setAttribute("display", "block");
    box.append(math as unknown as Node);
  }
  // what scrolls must be reached by keyboard
  requestAnimationFrame(() => {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
  });
  return box;
}
