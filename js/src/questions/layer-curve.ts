/** A small curve of a word's probability by layer, on which a layer can be chosen. */
import { element } from "../dom";
import { type Course, settledAt } from "./layer-words";

const SVG = "http://www.w3.org/2000/svg";

const WIDTH = 240;
const HEIGHT = 72;
/** Room around the curve for its marks. */
const MARGIN = 6;

function shape(name: string, attributes: Readonly<Record<string, string | number>>): SVGElement {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
}

export class LayerCurve {
  readonly element: HTMLElement;
  readonly #svg = shape("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "tam-layer-curve" });
  readonly #settled = shape("rect", { class: "tam-settled", y: MARGIN });
  readonly #line = shape("polyline", { class: "tam-layer-line" });
  readonly #now = shape("line", { class: "tam-layer-now", y1: MARGIN, y2: HEIGHT - MARGIN });
  readonly #dot = shape("circle", { class: "tam-layer-dot", r: 3.5 });
  readonly #count: number;

  /**
   * @param layers numbers of the layers
   * @param choose is called with the index of a layer
   */
  constructor(layers: readonly number[], choose: (index: number) => void, signal: AbortSignal) {
    this.#count = layers.length;
    this.#settled.setAttribute("height", String(HEIGHT - 2 * MARGIN));
    this.#svg.append(this.#settled, ...this.#frame(), this.#line, this.#now, this.#dot);
    const scale = ["p 1", "0"].map((text) => element("span", { text }));
    this.element = element("div", { class: "tam-layer-plot", aria: { hidden: "true" } }, [
      element("div", { class: "tam-layer-scale" }, scale),
      this.#svg,
    ]);
    this.#listen(choose, signal);
  }

  draw(course: Course | null, index: number): void {
    this.element.hidden = course === null;
    if (!course) return;
    const points = course.probability.map((p, i) => `${this.#x(i)},${this.#y(p)}`);
    this.#line.setAttribute("points", points.join(" "));
    const settled = settledAt(course);
    this.#settled.toggleAttribute("hidden", settled < 0);
    const from = this.#x(Math.max(settled, 0));
    this.#settled.setAttribute("x", String(from));
    this.#settled.setAttribute("width", String(Math.max(2, WIDTH - MARGIN - from)));
    this.#svg.dataset.settled = String(settled);
    for (const name of ["x1", "x2"]) this.#now.setAttribute(name, String(this.#x(index)));
    this.#dot.setAttribute("cx", String(this.#x(index)));
    this.#dot.setAttribute("cy", String(this.#y(course.probability[index])));
  }

  #frame(): SVGElement[] {
    const ends = { x1: MARGIN, x2: WIDTH - MARGIN, class: "tam-layer-edge" };
    return [MARGIN, HEIGHT - MARGIN].map((y) => shape("line", { ...ends, y1: y, y2: y }));
  }

  #x(index: number): number {
    return MARGIN + ((WIDTH - 2 * MARGIN) * index) / Math.max(1, this.#count - 1);
  }

  #y(probability: number): number {
    return HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) * probability;
  }

  #listen(choose: (index: number) => void, signal: AbortSignal): void {
    const at = ({ clientX }: PointerEvent) => {
      const { left, width } = this.#svg.getBoundingClientRect();
      const share = ((clientX - left) / width) * WIDTH - MARGIN;
      const index = Math.round((share / (WIDTH - 2 * MARGIN)) * (this.#count - 1));
      choose(Math.min(this.#count - 1, Math.max(0, index)));
    };
    const press = (event: PointerEvent) => {
      if (event.button !== 0) return;
      this.#svg.setPointerCapture(event.pointerId);
      at(event);
    };
    const drag = (event: PointerEvent) => {
      if (this.#svg.hasPointerCapture(event.pointerId)) at(event);
    };
    this.#svg.addEventListener("pointerdown", press, { signal });
    this.#svg.addEventListener("pointermove", drag, { signal });
  }
}
