/** A picture under its heatmap, hatched where the model saw nothing. */
import { pixelated_over as PIXELATED_OVER } from "../../../tam_widgets/contract.json";
import { colourise, type Paint, pixelTable } from "../colormaps";
import { decimal, element, onResize } from "../dom";
import { type Cell, cellAt, type Layer, type Surface } from "../layer";
import { enlarge } from "../resample";
import type { Rect } from "../wire";
import type { Canvas } from "./picture-gestures";

/** What is drawn over the image, and how. */
export interface Overlay extends Paint {
  /** The token's map over all grids of the panel. */
  readonly map: Float32Array;
  /** Map value at the end of the colour scale. */
  readonly end: number;
  /** Whether the model's true cells are drawn instead of a smooth surface. */
  readonly cells: boolean;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Largest factor by which a cell is smoothly enlarged before the surface is stretched. */
const FINEST = 4;

/** Largest side of a canvas in pixels, which keeps large screens fast. */
const LARGEST_SIDE = 1600;

export class Stage {
  readonly element = element("div", { class: "tam-stage" });
  readonly #hatch = element("canvas", { aria: { hidden: "true" } });
  readonly #canvas = element("canvas", { class: "tam-overlay", aria: { hidden: "true" } });
  readonly #surface = element("canvas");
  readonly #outline = element("div", { class: "tam-cell", aria: { hidden: "true" } });
  readonly #value = element("div", { class: "tam-value", aria: { hidden: "true" } });
  readonly #size: Size;
  #layer: Layer = { surfaces: [], unseen: [] };
  #overlay: Overlay | null = null;
  #pointer: { x: number; y: number } | null = null;

  constructor({ width, height }: Size, signal: AbortSignal) {
    this.#size = { width, height };
    this.element.style.aspectRatio = `${width} / ${height}`;
    this.element.append(this.#hatch, this.#canvas, this.#outline, this.#value);
    this.#listen(signal);
  }

  /** The canvas that a brush draws on. */
  get canvas(): Canvas {
    const cell = (x: number, y: number) => cellAt(this.#layer.surfaces, x, y);
    return { element: this.element, size: this.#size, cellAt: cell };
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
    const overlay = this.#overlay;
    if (overlay && overlay.end > 0)
      for (const surface of this.#layer.surfaces) this.#paintSurface(context, surface, overlay);
  }

  #paintSurface(context: CanvasRenderingContext2D, surface: Surface, overlay: Overlay): void {
    // whole pixels, so that there is no seam between neighbours
    const [left, top, right, bottom] = this.#toCanvas(surface.rect).map(Math.round);
    const { rows, cols } = surface;
    const cell = Math.max((right - left) / cols, (bottom - top) / rows);
    const factor = overlay.cells ? 1 : Math.min(FINEST, Math.max(1, Math.ceil(cell / 2)));
    const map = new Float32Array(rows * cols);
    for (let i = 0; i < map.length; i++) map[i] = overlay.map[surface.cells[i]];
    const values = factor > 1 ? enlarge(map, rows, cols, factor) : map;
    this.#fillSurface(values, cols * factor, rows * factor, overlay);
    context.imageSmoothingEnabled = !overlay.cells;
    context.clearRect(left, top, right - left, bottom - top);
    context.drawImage(this.#surface, left, top, right - left, bottom - top);
  }

  #fillSurface(values: Float32Array, width: number, height: number, overlay: Overlay): void {
    if (this.#surface.width !== width) this.#surface.width = width;
    if (this.#surface.height !== height) this.#surface.height = height;
    const context = this.#surface.getContext("2d", { willReadFrequently: true });
    if (!context) return;
    const pixels = context.createImageData(width, height);
    const table = pixelTable(overlay);
    const target = new Uint32Array(pixels.data.buffer);
    colourise(values, overlay.end, table, target, overlay.diverging ? 128 : 0);
    context.putImageData(pixels, 0, 0);
  }

  #toCanvas([left, top, right, bottom]: Rect): Rect {
    const [x, y] = [this.#canvas.width / this.#size.width, this.#canvas.height / this.#size.height];
    return [left * x, top * y, right * x, bottom * y];
  }

  #listen(signal: AbortSignal): void {
    onResize(this.element, signal, () => this.#resize());
    const move = (event: PointerEvent) => {
      this.#pointer = { x: event.clientX, y: event.clientY };
      this.#readOut();
    };
    this.element.addEventListener("pointermove", move, { signal });
    this.element.addEventListener("pointerdown", move, { signal });
    // a finger is lifted at once: what it tapped stays in view
    const leave = ({ pointerType }: PointerEvent) => {
      if (pointerType === "touch") return;
      this.#pointer = null;
      this.#readOut();
    };
    this.element.addEventListener("pointerleave", leave, { signal });
  }

  #resize(): void {
    const { clientWidth, clientHeight } = this.element;
    if (clientWidth === 0) return;
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
    if (this.#layer.unseen.length === 0) return;
    context.save();
    this.#clipToUnseen(context);
    this.#stripe(context, width / (this.element.clientWidth || width));
    context.restore();
  }

  #clipToUnseen(context: CanvasRenderingContext2D): void {
    context.beginPath();
    for (const rect of this.#layer.unseen) {
      const [left, top, right, bottom] = this.#toCanvas(rect);
      context.rect(left, top, right - left, bottom - top);
    }
    context.clip();
  }

  #stripe(context: CanvasRenderingContext2D, ratio: number): void {
    const { width, height } = this.#hatch;
    context.fillStyle = "rgb(120 120 120 / 55%)";
    context.fillRect(0, 0, width, height);
    context.strokeStyle = "rgb(255 255 255 / 55%)";
    context.lineWidth = ratio;
    context.beginPath();
    for (let x = -height; x < width; x += 9 * ratio) {
      context.moveTo(x, height);
      context.lineTo(x + height, 0);
    }
    context.stroke();
  }

  /** Shows the outline and the value of the cell under the pointer. */
  #readOut(): void {
    const point = this.#pointer;
    const shown = point !== null && this.#overlay !== null;
    this.#outline.hidden = !shown;
    this.#value.hidden = !shown;
    if (!point || !this.#overlay) return;
    const box = this.element.getBoundingClientRect();
    const x = ((point.x - box.left) / box.width) * this.#size.width;
    const y = ((point.y - box.top) / box.height) * this.#size.height;
    const cell = cellAt(this.#layer.surfaces, x, y);
    this.#outline.hidden = cell === null;
    if (cell) this.#placeOutline(cell);
    this.#value.textContent = cell ? decimal(this.#overlay.map[cell.index]) : "not seen";
    this.#value.style.left = `${point.x - box.left}px`;
    this.#value.style.top = `${point.y - box.top}px`;
    this.#value.classList.toggle("tam-flip", point.x - box.left > box.width - 72);
  }

  #placeOutline({ rect: [left, top, right, bottom] }: Cell): void {
    const { width, height } = this.#size;
    this.#outline.style.left = `${(100 * left) / width}%`;
    this.#outline.style.top = `${(100 * top) / height}%`;
    this.#outline.style.width = `${(100 * (right - left)) / width}%`;
    this.#outline.style.height = `${(100 * (bottom - top)) / height}%`;
  }
}
