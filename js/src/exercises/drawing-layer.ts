/** Shows the drawn cells over a picture, and the cell that the keyboard is at. */
import type { Size } from "../view/paint";
import { areaOf, outlineOf, type PlacedCell } from "./cells";

const SVG = "http://www.w3.org/2000/svg";

export class DrawingLayer {
  readonly element = document.createElementNS(SVG, "svg");
  readonly #cells: readonly PlacedCell[];
  readonly #area = this.#path("tam-drawn-area");
  readonly #outlines = [this.#path("tam-drawn-shadow"), this.#path("tam-drawn-line")];
  readonly #cursors = [this.#path("tam-cursor-shadow"), this.#path("tam-cursor-line")];

  constructor({ width, height }: Size, cells: readonly PlacedCell[]) {
    this.#cells = cells;
    this.element.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.element.setAttribute("preserveAspectRatio", "none");
    this.element.setAttribute("aria-hidden", "true");
    this.element.classList.add("tam-drawn-cells");
  }

  draw(drawn: ReadonlySet<number>, revealed: boolean): void {
    this.#area.setAttribute("d", revealed ? "" : areaOf(this.#cells, drawn));
    const outline = outlineOf(this.#cells, drawn);
    for (const path of this.#outlines) path.setAttribute("d", outline);
  }

  /** Marks a cell, or none. */
  point(cell: PlacedCell | null): void {
    const edges = cell ? outlineOf([cell], new Set([cell.index])) : "";
    for (const path of this.#cursors) path.setAttribute("d", edges);
  }

  #path(name: string): SVGPathElement {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("class", name);
    path.setAttribute("vector-effect", "non-scaling-stroke");
    this.element.append(path);
    return path;
  }
}
