/** Draws a map over a picture, and a hatch where the model saw nothing. */
import { colourise, type Paint, pixelTable } from "../colormaps";
import { element } from "../dom";
import type { Layer, Surface } from "../layer";
import { enlarge } from "../resample";
import type { Rect } from "../wire";

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

type Context = CanvasRenderingContext2D;

/** Largest factor by which a cell is smoothly enlarged before the surface is stretched. */
const FINEST = 4;

/** Holds one surface while it is drawn. */
const scratch = element("canvas");

/** A rectangle of an image in pixels of the canvas that the image fills. */
function within({ canvas }: Context, { width, height }: Size, rect: Rect): Rect {
  const [x, y] = [canvas.width / width, canvas.height / height];
  const [left, top, right, bottom] = rect;
  return [left * x, top * y, right * x, bottom * y];
}

/**
 * Draws the map on a canvas that the image fills.
 * @param size of the image, in whose pixels the layer is given
 */
export function paintMap(context: Context, size: Size, layer: Layer, overlay: Overlay): void {
  if (overlay.end > 0)
    for (const surface of layer.surfaces) paintSurface(context, size, surface, overlay);
}

function paintSurface(context: Context, size: Size, surface: Surface, overlay: Overlay): void {
  // whole pixels, so that there is no seam between neighbours
  const [left, top, right, bottom] = within(context, size, surface.rect).map(Math.round);
  const { rows, cols } = surface;
  const cell = Math.max((right - left) / cols, (bottom - top) / rows);
  const factor = overlay.cells ? 1 : Math.min(FINEST, Math.max(1, Math.ceil(cell / 2)));
  const map = new Float32Array(rows * cols);
  for (let i = 0; i < map.length; i++) map[i] = overlay.map[surface.cells[i]];
  const values = factor > 1 ? enlarge(map, rows, cols, factor) : map;
  fill(values, cols * factor, rows * factor, overlay);
  context.imageSmoothingEnabled = !overlay.cells;
  context.clearRect(left, top, right - left, bottom - top);
  context.drawImage(scratch, left, top, right - left, bottom - top);
}

function fill(values: Float32Array, width: number, height: number, overlay: Overlay): void {
  if (scratch.width !== width) scratch.width = width;
  if (scratch.height !== height) scratch.height = height;
  const context = scratch.getContext("2d", { willReadFrequently: true });
  if (!context) return;
  const pixels = context.createImageData(width, height);
  const table = pixelTable(overlay);
  const target = new Uint32Array(pixels.data.buffer);
  colourise(values, overlay.end, table, target, overlay.diverging ? 128 : 0);
  context.putImageData(pixels, 0, 0);
}

/** @param ratio pixels of the canvas in a pixel of the screen */
export function paintHatch(
  context: Context,
  size: Size,
  unseen: readonly Rect[],
  ratio: number,
): void {
  if (unseen.length === 0) return;
  context.save();
  context.beginPath();
  for (const one of unseen) {
    const [left, top, right, bottom] = within(context, size, one);
    context.rect(left, top, right - left, bottom - top);
  }
  context.clip();
  stripe(context, ratio);
  context.restore();
}

function stripe(context: Context, ratio: number): void {
  const { width, height } = context.canvas;
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
