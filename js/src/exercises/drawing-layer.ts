/** Shows the drawn cells over a picture, those under the brush, and the bright area of the map. */
import type { Size } from "../view/paint";
import { areaOf, outlineOf, type PlacedCell } from "./cells";

const SVG = "http://www.w3.org/2000/svg";

export class DrawingLayer {
  readonly element = document.createElementNS(SVG, "svg");
  readonly #cells: readonly PlacedCell[];
  readonly #area = this.#path("tam-drawn-area");
  readonly #outlines = [this.#path("tam-drawn-shadow"), this.#path("tam-drawn-line")];
  readonly #bright = [this.#path("tam-bright-shadow"), this.#path("tam-bright-line")];
  readonly #cursors = [this.#path("tam-cursor-shadow"), this.#path("tam-cursor-line")];
  readonly #brush = this.#path("tam-cursor-area");

  constructor({ width, height }: Size, cells: readonly PlacedCell[]) {
    this.#cells = cells;
    this.element.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.element.setAttribute("preserveAspectRatio", "none");
    this.element.setAttribute("aria-hidden", "true");
    this.element.classList.add("tam-drawn-cells");
  }

  /** @param bright the bright area of the map, once that is revealed */
  draw(drawn: ReadonlySet<number>, bright: ReadonlySet<number> | null): void {
    this.#area.setAttribute("d", bright ? "" : areaOf(this.#cells, drawn));
    show(this.#outlines, outlineOf(this.#cells, drawn));
    show(this.#bright, bright ? outlineOf(this.#cells, bright) : "");
    if (bright) this.point([]);
  }

  /** Marks cells that would be taken, or none. */
  point(cells: readonly PlacedCell[]): void {
    const marked = new Set(cells.map(({ index }) => index));
    show([this.#brush], areaOf(cells, marked));
    show(this.#cursors, outlineOf(cells, marked));
  }

  #path(name: string): SVGPathElement {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("class", name);
    path.setAttribute("vector-effect", "non-scaling-stroke");
    this.element.append(path);
    return path;
  }
}

function show(paths: readonly SVGPathElement[], shape: string): void {
  for (const path of paths) path.setAttribute("d", shape);
}
