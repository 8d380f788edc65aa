/** A picture under its heatmap, hatched where the model saw nothing. */
import { pixelated_over as PIXELATED_OVER } from "../../../tam_widgets/contract.json";
import { decimal, element, onResize } from "../dom";
import { type Cell, cellAt, type Layer } from "../layer";
import { type Overlay, paintHatch, paintMap, type Size } from "./paint";
import type { Canvas, Place } from "./picture-gestures";

/** Largest side of a canvas in pixels, which keeps large screens fast. */
const LARGEST_SIDE = 1600;

export class Stage {
  readonly element = element("div", { class: "tam-stage" });
  readonly #hatch = element("canvas", { aria: { hidden: "true" } });
  readonly #canvas = element("canvas", { class: "tam-overlay", aria: { hidden: "true" } });
  readonly #outline = element("div", { class: "tam-cell", aria: { hidden: "true" } });
  readonly #value = element("div", { class: "tam-value", aria: { hidden: "true" } });
  readonly #size: Size;
  #layer: Layer = { surfaces: [], unseen: [] };
  #overlay: Overlay | null = null;
  #place: Place | null = null;
  /** In CSS pixels. */
  #width = 0;

  constructor({ width, height }: Size, signal: AbortSignal) {
    this.#size = { width, height };
    this.element.style.aspectRatio = `${width} / ${height}`;
    this.element.append(this.#hatch, this.#canvas, this.#outline, this.#value);
    this.#listen(signal);
  }

  /** The canvas that a brush draws on. */
  get canvas(): Canvas {
    const cell = (x: number, y: number) => cellAt(this.#layer.surfaces, x, y);
    const point = (place: Place | null) => {
      this.#place = place;
      this.#readOut();
    };
    return { element: this.element, size: this.#size, cellAt: cell, point };
  }

  /** Puts the picture, or a message in its place, below everything else. */
  place(picture: HTMLElement): void {
    this.element.prepend(picture);
  }

  /** Shows a map, or none, on a layer. */
  draw(layer: Layer, overlay: Overlay | null): void {
    const other = layer.unseen !== this.#layer.unseen;
    this.#layer = layer;
    this.#overlay = overlay;
    if (other) this.#drawHatch();
    this.#paint();
    this.#readOut();
  }

  #paint(): void {
    const { width, height } = this.#canvas;
    const context = this.#canvas.getContext("2d");
    if (!context || width === 0) return;
    context.clearRect(0, 0, width, height);
    if (this.#overlay) paintMap(context, this.#size, this.#layer, this.#overlay);
  }

  #listen(signal: AbortSignal): void {
    onResize(this.element, signal, () => this.#resize());
  }

  #resize(): void {
    const { clientWidth, clientHeight } = this.element;
    if (clientWidth === 0) return;
    this.#width = clientWidth;
    const longest = Math.max(clientWidth, clientHeight);
    const ratio = Math.min(window.devicePixelRatio || 1, LARGEST_SIDE / longest);
    for (const canvas of [this.#canvas, this.#hatch]) {
      canvas.width = Math.round(clientWidth * ratio);
      canvas.height = Math.round(clientHeight * ratio);
    }
    this.element.classList.toggle("tam-tiny", clientWidth > PIXELATED_OVER * this.#size.width);
    this.#drawHatch();
    this.#paint();
    this.#readOut();
  }

  #drawHatch(): void {
    const { width, height } = this.#hatch;
    const context = this.#hatch.getContext("2d");
    if (!context) return;
    context.clearRect(0, 0, width, height);
    const ratio = width / (this.element.clientWidth || width);
    paintHatch(context, this.#size, this.#layer.unseen, ratio);
  }

  /** Shows the outline and the value of the cell that is pointed at. */
  #readOut(): void {
    const [place, overlay] = [this.#place, this.#overlay];
    const cell = place && overlay && cellAt(this.#layer.surfaces, place.x, place.y);
    this.#outline.hidden = !cell;
    this.#value.hidden = !place || !overlay;
    if (cell) this.#placeOutline(cell);
    if (!place || !overlay) return;
    const [right, down] = [place.x / this.#size.width, place.y / this.#size.height];
    this.#value.textContent = cell ? decimal(overlay.map[cell.index]) : "not seen";
    this.#value.style.left = `${100 * right}%`;
    this.#value.style.top = `${100 * down}%`;
    this.#value.classList.toggle("tam-flip", (1 - right) * this.#width < 72);
  }

  #placeOutline({ rect: [left, top, right, bottom] }: Cell): void {
    const { width, height } = this.#size;
    this.#outline.style.left = `${(100 * left) / width}%`;
    this.#outline.style.top = `${(100 * top) / height}%`;
    this.#outline.style.width = `${(100 * (right - left)) / width}%`;
    this.#outline.style.height = `${(100 * (bottom - top)) / height}%`;
  }
}
