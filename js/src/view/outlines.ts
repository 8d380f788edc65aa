/** Where the objects of a picture truly lie: lines over it. */
import type { Outline } from "../wire";

const SVG = "http://www.w3.org/2000/svg";

function made<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string>>,
): SVGElementTagNameMap[K] {
  const one = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) one.setAttribute(name, value);
  return one;
}

/** An SVG over the whole of its parent, whose units are thousandths of the parent's sides. */
export function outlineCanvas(): SVGSVGElement {
  return made("svg", {
    viewBox: "0 0 1000 1000",
    preserveAspectRatio: "none",
    class: "tam-outlines",
    "aria-hidden": "true",
  });
}

/** Closed lines, each a coloured one on a pale one, which stand out on any picture. */
export class OutlineLines {
  readonly element = made("g", {});
  readonly #lines = ["tam-under", "tam-true"].map((name) => made("path", { class: name }));

  constructor() {
    this.element.append(...this.#lines);
  }

  trace(rings: Outline["rings"]): void {
    const path = rings.map((ring) => `M${ring.join(" ")}z`).join("");
    for (const line of this.#lines) line.setAttribute("d", path);
  }
}

export class Outlines {
  readonly #outlines: readonly Outline[];
  readonly #lines: readonly OutlineLines[];

  /** @param outlines those of one picture */
  constructor(outlines: readonly Outline[], stage: HTMLElement) {
    this.#outlines = outlines;
    this.#lines = outlines.map(() => new OutlineLines());
    outlines.forEach(({ rings }, i) => {
      this.#lines[i].trace(rings);
    });
    const canvas = outlineCanvas();
    canvas.append(...this.#lines.map(({ element }) => element));
    if (outlines.length > 0) stage.append(canvas);
  }

  /**
   * Draws the object that a word in view names; else all objects faintly, and dashed those that the
   * answer does not name.
   *
   * @param tokens those in view; null to draw nothing
   */
  draw(tokens: readonly number[] | null): void {
    const named = this.#outlines.map(({ tokens: own }) => !!tokens?.some((i) => own.includes(i)));
    const any = named.includes(true);
    this.#lines.forEach(({ element }, i) => {
      const faint = this.#outlines[i].tokens.length > 0 ? "tam-faint" : "tam-faint tam-unnamed";
      element.setAttribute("class", any ? "" : faint);
      element.style.display = tokens && named[i] === any ? "" : "none";
    });
  }
}
