/** One image of a panel: photo, heatmap over it, hatching where the model saw nothing. */
import { colourise, type Paint, pixelTable } from "../colormaps";
import { decimal, element, onResize } from "../dom";
import { type Cell, cellAt, coarseFirst, type PlacedGrid, unseen } from "../geometry";
import { enlarge } from "../resample";
import type { Rect, StoredImage } from "../wire";
import type { Canvas } from "./brush";

/** What is drawn over the image, and how. */
export interface Overlay extends Paint {
  /** The token's map over all grids of the panel. */
  readonly map: Float32Array;
  /** Map value at the end of the colour scale. */
  readonly end: number;
  /** The model's true cells instead of a smooth surface. */
  readonly cells: boolean;
}

/** Finest smooth enlargement of a cell, in pixels of the surface that is then stretched. */
const FINEST = 4;

/** Pixels of a drawing side at most, so that a large screen stays fast. */
const LARGEST_SIDE = 1600;

export class ImageView {
  readonly element: HTMLElement;
  readonly #stage = element("div", { class: "tam-stage" });
  readonly #hatch = element("canvas", { class: "tam-hatch", aria: { hidden: "true" } });
  readonly #canvas = element("canvas", { class: "tam-overlay", aria: { hidden: "true" } });
  readonly #surface = element("canvas");
  readonly #outline = element("div", { class: "tam-cell", aria: { hidden: "true" } });
  readonly #value = element("div", { class: "tam-value", aria: { hidden: "true" } });
  readonly #image: StoredImage;
  readonly #grids: readonly PlacedGrid[];
  readonly #unseen: readonly Rect[];
  #overlay: Overlay | null = null;
  #pointer: { x: number; y: number } | null = null;

  constructor(
    image: StoredImage,
    grids: readonly PlacedGrid[],
    caption: string,
    description: string,
    signal: AbortSignal,
  ) {
    this.#image = image;
    this.#grids = coarseFirst(grids);
    this.#unseen = unseen(image.width, image.height, grids);
    this.#stage.style.aspectRatio = `${image.width} / ${image.height}`;
    this.#stage.append(this.#hatch, this.#canvas, this.#outline, this.#value);
    this.element = element("figure", { class: "tam-figure" }, [this.#stage]);
    if (caption) this.element.append(element("figcaption", { text: caption }));
    this.#description = description;
    this.#listen(signal);
  }

  readonly #description: string;

  /** What a brush needs to know. */
  get canvas(): Canvas {
    const cell = (x: number, y: number) => cellAt(this.#grids, x, y);
    return { element: this.#stage, size: this.#image, cellAt: cell };
  }

  /** Whether a part of the image was outside everything that the model saw. */
  get hasUnseen(): boolean {
    return this.#unseen.length > 0;
  }

  /** Shows the photo; resolves when it is decoded or has been replaced by a message. */
  async load(signal: AbortSignal): Promise<void> {
    const { data, mime } = this.#image;
    const url = URL.createObjectURL(new Blob([data as Uint8Array<ArrayBuffer>], { type: mime }));
    signal.addEventListener("abort", () => URL.revokeObjectURL(url), { once: true });
    const photo = element("img", { class: "tam-photo" });
    photo.alt = this.#description;
    photo.draggable = false;
    photo.src = url;
    try {
      await photo.decode();
      this.#stage.prepend(photo);
    } catch {
      this.#stage.prepend(
        element("p", { class: "tam-note", text: "The picture cannot be shown." }),
      );
    }
    this.#stage.classList.add("tam-loaded");
  }

  draw(overlay: Overlay | null): void {
    this.#overlay = overlay;
    const { width, height } = this.#canvas;
    const context = this.#canvas.getContext("2d");
    if (!context || width === 0) return;
    context.clearRect(0, 0, width, height);
    if (overlay && overlay.end > 0)
      for (const grid of this.#grids) this.#drawGrid(context, grid, overlay);
    this.#readOut();
  }

  #drawGrid(context: CanvasRenderingContext2D, grid: PlacedGrid, overlay: Overlay): void {
    const [left, top, right, bottom] = this.#toCanvas(grid.rect);
    const cell = Math.max((right - left) / grid.cols, (bottom - top) / grid.rows);
    const factor = overlay.cells ? 1 : Math.min(FINEST, Math.max(1, Math.ceil(cell / 2)));
    const map = overlay.map.subarray(grid.offset, grid.offset + grid.rows * grid.cols);
    const values = factor > 1 ? enlarge(map, grid.rows, grid.cols, factor) : map;
    this.#fillSurface(values, grid.cols * factor, grid.rows * factor, overlay);
    context.imageSmoothingEnabled = !overlay.cells;
    context.clearRect(left, top, right - left, bottom - top);
    context.drawImage(this.#surface, left, top, right - left, bottom - top);
  }

  #fillSurface(values: Float32Array, width: number, height: number, overlay: Overlay): void {
    this.#surface.width = width;
    this.#surface.height = height;
    const context = this.#surface.getContext("2d", { willReadFrequently: true });
    if (!context) return;
    const pixels = context.createImageData(width, height);
    const table = pixelTable(overlay);
    colourise(values, overlay.end, table, new Uint32Array(pixels.data.buffer));
    context.putImageData(pixels, 0, 0);
  }

  #toCanvas([left, top, right, bottom]: Rect): Rect {
    const [x, y] = [
      this.#canvas.width / this.#image.width,
      this.#canvas.height / this.#image.height,
    ];
    return [left * x, top * y, right * x, bottom * y];
  }

  #listen(signal: AbortSignal): void {
    onResize(this.#stage, signal, () => this.#resize());
    const move = (event: PointerEvent) => {
      this.#pointer = { x: event.clientX, y: event.clientY };
      this.#readOut();
    };
    this.#stage.addEventListener("pointermove", move, { signal });
    this.#stage.addEventListener("pointerdown", move, { signal });
    const leave = () => {
      this.#pointer = null;
      this.#readOut();
    };
    this.#stage.addEventListener("pointerleave", leave, { signal });
  }

  #resize(): void {
    const { clientWidth, clientHeight } = this.#stage;
    if (clientWidth === 0) return;
    const ratio = Math.min(
      window.devicePixelRatio || 1,
      LARGEST_SIDE / Math.max(clientWidth, clientHeight),
    );
    for (const canvas of [this.#canvas, this.#hatch]) {
      canvas.width = Math.round(clientWidth * ratio);
      canvas.height = Math.round(clientHeight * ratio);
    }
    this.#drawHatch(ratio);
    this.draw(this.#overlay);
  }

  #drawHatch(ratio: number): void {
    const context = this.#hatch.getContext("2d");
    if (!context || !this.hasUnseen) return;
    const { width, height } = this.#hatch;
    context.beginPath();
    for (const rect of this.#unseen) {
      const [left, top, right, bottom] = this.#toCanvas(rect);
      context.rect(left, top, right - left, bottom - top);
    }
    context.clip();
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

  /** Outline and value of the cell under the pointer. */
  #readOut(): void {
    const point = this.#pointer;
    const shown = point !== null && this.#overlay !== null;
    this.#outline.hidden = !shown;
    this.#value.hidden = !shown;
    if (!point || !this.#overlay) return;
    const box = this.#stage.getBoundingClientRect();
    const x = ((point.x - box.left) / box.width) * this.#image.width;
    const y = ((point.y - box.top) / box.height) * this.#image.height;
    const cell = cellAt(this.#grids, x, y);
    this.#outline.hidden = cell === null;
    if (cell) this.#placeOutline(cell);
    this.#value.textContent = cell ? decimal(this.#overlay.map[cell.index]) : "not seen";
    this.#value.style.left = `${point.x - box.left}px`;
    this.#value.style.top = `${point.y - box.top}px`;
    this.#value.classList.toggle("tam-flip", point.x - box.left > box.width - 72);
  }

  #placeOutline({ rect: [left, top, right, bottom] }: Cell): void {
    const { width, height } = this.#image;
    this.#outline.style.left = `${(100 * left) / width}%`;
    this.#outline.style.top = `${(100 * top) / height}%`;
    this.#outline.style.width = `${(100 * (right - left)) / width}%`;
    this.#outline.style.height = `${(100 * (bottom - top)) / height}%`;
  }
}
