/** Where the objects of a picture truly lie: lines over it. */
import { button } from "../controls";
import { mediaOf } from "../media";
import { shownIn } from "../state/shown";
import type { Outline } from "../wire";
import type { Opened } from "./tools";

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

/** What the explorer loads where true outlines are known. */
export interface OutlineModule {
  readonly outline: (opened: Opened) => void;
}

/** Draws the true outlines over all pictures of an explorer, and adds a button that hides them. */
export function outline(opened: Opened): void {
  const { root, store, panels, signal } = opened;
  const title =
    "Outlines the object that the word truly names; without one all, dashed those not named";
  const press = () => store.set("outline", !store.settings.outline);
  const toggle = button("outline", title, press, signal);
  const [, looks] = root.querySelectorAll(".tam-toolbar > .tam-set");
  looks.append(toggle);
  const drawn = panels.map(({ images, outlines }, i) => {
    const stages = [...opened.views[i].element.querySelectorAll(".tam-stage")];
    return mediaOf(images).map(
      ({ first }, at) =>
        new Outlines(
          outlines.filter(({ image }) => image === first),
          stages[at],
        ),
    );
  });
  const draw = () => {
    const { settings, preview } = store;
    toggle.setAttribute("aria-pressed", String(settings.outline));
    drawn.forEach((ofPanel, i) => {
      const { tokens } = shownIn(i, { ...settings, preview }, opened);
      for (const one of ofPanel) one.draw(settings.outline ? tokens : null);
    });
  };
  store.subscribe(draw);
  draw();
}

class Outlines {
  readonly #outlines: readonly Outline[];
  readonly #lines: readonly OutlineLines[];

  /** @param outlines those of one picture */
  constructor(outlines: readonly Outline[], stage: Element) {
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
