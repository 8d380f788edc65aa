/** Shows a panel’s pictures as the model saw them at a step of a check. */
import { element } from "../dom";
import { place } from "../geometry";
import { gridsOn, shownGrids } from "../layer";
import { mediaOf } from "../media";
import type { Panel, Rect, StoredImage } from "../wire";
import { type Checked, removedAt, type Side } from "./checked";

type Photo = HTMLImageElement | HTMLCanvasElement;
type Context = CanvasRenderingContext2D;

/** Most pixels of a photo that are read for its mean colour. */
const MOST_PIXELS = 2_000_000;

/** Fills that are drawn as the check drew them; the others are only alike. */
export const EXACT = ["mean", "black"];

/** A unit that a check removes: its number, and where it is. */
type Unit = readonly [number: number, rect: Rect];

export class Greying {
  readonly #panel: Panel;
  readonly #stages: readonly HTMLElement[];
  readonly #canvases: HTMLCanvasElement[] = [];
  #checked: Checked | null = null;
  #removed = new Uint16Array();

  constructor(panel: Panel, view: HTMLElement, signal: AbortSignal) {
    this.#panel = panel;
    this.#stages = [...view.querySelectorAll<HTMLElement>(".tam-stage")];
    signal.addEventListener("abort", () => this.clear(), { once: true });
  }

  /** Whether what a check removes can be shown. */
  can({ steps, units, fill }: Checked): boolean {
    return steps !== "" && units !== "pixels" && (EXACT.includes(fill) || fill in ALIKE);
  }

  /** Shows the pictures at a step. */
  show(checked: Checked, side: Side, step: number): void {
    if (checked !== this.#checked) this.#removed = removedAt(checked);
    this.#checked = checked;
    const filled = (unit: number) => this.#removed[unit] <= step === (side === "deletion");
    const last = checked.shares.length - 1;
    const all = !checked.answers && step === (side === "deletion" ? last : 0);
    mediaOf(this.#panel.images).forEach(({ first }, i) => {
      const stage = this.#stages[i];
      const frame = Number(stage.closest<HTMLElement>(".tam-figure")?.dataset.frame ?? 0);
      const image = this.#panel.images[first + frame];
      const units = all ? [] : unitsOn(this.#panel, checked, first + frame);
      const whole: Rect = [0, 0, image.width, image.height];
      const rects = all ? [whole] : units.filter(([unit]) => filled(unit)).map(([, rect]) => rect);
      this.#fill(i, stage, image, rects, checked.fill);
    });
  }

  /** Shows the pictures under their maps again. */
  clear(): void {
    for (const canvas of this.#canvases.splice(0)) canvas?.remove();
    for (const stage of this.#stages) stage.classList.remove("tam-greyed");
  }

  #fill(
    i: number,
    stage: HTMLElement,
    { width, height }: StoredImage,
    rects: readonly Rect[],
    fill: string,
  ): void {
    const below = stage.querySelector<HTMLCanvasElement>(".tam-overlay");
    const photo = stage.querySelector<Photo>(".tam-photo");
    if (!below || !photo) return;
    this.#canvases[i] ??= element("canvas", { class: "tam-filled", aria: { hidden: "true" } });
    const canvas = this.#canvases[i];
    if (!canvas.isConnected) below.after(canvas);
    stage.classList.add("tam-greyed");
    [canvas.width, canvas.height] = [below.width, below.height];
    const context = canvas.getContext("2d") as Context;
    const [x, y] = [canvas.width / width, canvas.height / height];
    context.beginPath();
    for (const [left, top, right, bottom] of rects) {
      // whole pixels, so that there is no seam between neighbours
      const [x0, y0] = [Math.round(left * x), Math.round(top * y)];
      context.rect(x0, y0, Math.round(right * x) - x0, Math.round(bottom * y) - y0);
    }
    paint(context, photo, fill);
  }
}

/** The units of a check on an image, in pixels of the full-size image. */
function unitsOn(panel: Panel, { units, squares }: Checked, image: number): Unit[] {
  if (units === "cells") {
    const grids = shownGrids(gridsOn(place(panel.grids), image), false);
    return grids.flatMap(({ rows, cols, rect, offset }) => raster(rows, cols, rect, offset));
  }
  const { width, height } = panel.images[image];
  return raster(squares, squares, [0, 0, width, height], image * squares * squares);
}

function raster(rows: number, cols: number, rect: Rect, offset: number): Unit[] {
  const [left, top, right, bottom] = rect;
  const [x, y] = [(right - left) / cols, (bottom - top) / rows];
  return Array.from({ length: rows * cols }, (_, i): Unit => {
    const [row, col] = [Math.floor(i / cols), i % cols];
    const corner = [left + col * x, top + row * y, left + (col + 1) * x, top + (row + 1) * y];
    return [offset + i, corner as unknown as Rect];
  });
}

/** Fills the context’s path. */
function paint(context: Context, photo: Photo, fill: string): void {
  if (fill in ALIKE) {
    context.clip();
    ALIKE[fill](context, photo);
    return;
  }
  context.fillStyle = fill === "black" ? "#000" : meanOf(photo);
  context.fill();
}

const means = new WeakMap<Photo, string>();

/** The mean colour of a photo; a video’s changes. */
function meanOf(photo: Photo): string {
  const known = means.get(photo);
  if (known && photo instanceof HTMLImageElement) return known;
  const { data } = pixelsOf(photo, MOST_PIXELS);
  const sums = [0, 0, 0];
  for (let i = 0; i < data.length; i += 4)
    for (let channel = 0; channel < 3; channel++) sums[channel] += data[i + channel];
  const colour = `rgb(${sums.map((sum) => Math.round((4 * sum) / data.length)).join(" ")})`;
  means.set(photo, colour);
  return colour;
}

function pixelsOf(photo: Photo, most: number): ImageData {
  const [width, height] =
    photo instanceof HTMLImageElement
      ? [photo.naturalWidth, photo.naturalHeight]
      : [photo.width, photo.height];
  const scale = Math.min(1, Math.sqrt(most / (width * height || 1)));
  const size = [width, height].map((side) => Math.max(1, Math.round(side * scale)));
  const canvas = new OffscreenCanvas(size[0], size[1]);
  const context = canvas.getContext("2d", {
    willReadFrequently: true,
  }) as OffscreenCanvasRenderingContext2D;
  context.drawImage(photo, 0, 0, size[0], size[1]);
  return context.getImageData(0, 0, size[0], size[1]);
}

/** Fills that look like those of the check, but are not the same pixels. */
const ALIKE: Readonly<Record<string, (context: Context, photo: Photo) => void>> = {
  blur: (context, photo) => stretch(context, pixelsOf(photo, 9), true),
  noise: (context, photo) => stretch(context, shuffled(pixelsOf(photo, 4096)), false),
};

function stretch(context: Context, pixels: ImageData, smooth: boolean): void {
  const canvas = new OffscreenCanvas(pixels.width, pixels.height);
  canvas.getContext("2d")?.putImageData(pixels, 0, 0);
  context.imageSmoothingEnabled = smooth;
  context.drawImage(canvas, 0, 0, context.canvas.width, context.canvas.height);
}

/** The same pixels in an order that stays the same from step to step. */
function shuffled(pixels: ImageData): ImageData {
  const colours = new Uint32Array(pixels.data.buffer);
  let state = 1;
  for (let i = colours.length - 1; i > 0; i--) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const j = Math.floor((state / 2 ** 32) * (i + 1));
    [colours[i], colours[j]] = [colours[j], colours[i]];
  }
  return pixels;
}
