/** What is drawn over one picture: its tiles, joined into one surface, or its thumbnail. */
import { raster_tolerance as TOLERANCE } from "../../tam_widgets/contract.json";
import { type PlacedGrid, unseen } from "./geometry";
import type { Rect } from "./wire";

/** Rows and columns of cells over a rectangle of the image; tiles share one surface. */
export interface Surface {
  readonly rows: number;
  readonly cols: number;
  readonly rect: Rect;
  /** Index into a token's map of every cell, row by row. */
  readonly cells: Int32Array;
}

/** Everything that is drawn over one picture at a time. */
export interface Layer {
  readonly surfaces: readonly Surface[];
  /** What no grid of the layer covers. */
  readonly unseen: readonly Rect[];
}

/** Images that have both tiles and a thumbnail. */
function withBoth(grids: readonly PlacedGrid[]): Set<number> {
  const images = (thumbnail: boolean) =>
    grids.filter((grid) => grid.thumbnail === thumbnail).map(({ image }) => image);
  const tiled = new Set(images(false));
  return new Set(images(true).filter((image) => tiled.has(image)));
}

/** Whether some image can be shown as its tiles or as its thumbnail. */
export function hasThumbnails(grids: readonly PlacedGrid[]): boolean {
  return withBoth(grids).size > 0;
}

/** The visible grids: an image with both tiles and a thumbnail shows only one of the two. */
export function shownGrids(grids: readonly PlacedGrid[], thumbnail: boolean): PlacedGrid[] {
  const both = withBoth(grids);
  return grids.filter((grid) => grid.thumbnail === thumbnail || !both.has(grid.image));
}

/** The grids that lie on one picture or frame. */
export function gridsOn(grids: readonly PlacedGrid[], image: number): PlacedGrid[] {
  return grids.filter((grid) => grid.image <= image && image < grid.image + grid.frames);
}

/** The layer of a width × height picture that grids lie on. */
export function layerOf(
  { width, height }: { readonly width: number; readonly height: number },
  grids: readonly PlacedGrid[],
): Layer {
  const joined = grids.length > 1 ? stitch(grids) : null;
  return {
    surfaces: joined ? [joined] : coarseFirst(grids.map(alone)),
    unseen: unseen(width, height, grids),
  };
}

function alone({ rows, cols, rect, offset }: PlacedGrid): Surface {
  return {
    rows,
    cols,
    rect,
    cells: Int32Array.from({ length: rows * cols }, (_, i) => offset + i),
  };
}

function area({ rows, cols, rect: [left, top, right, bottom] }: Surface): number {
  return ((right - left) * (bottom - top)) / rows / cols;
}

/** Sorts surfaces by cell size, largest first, so that finer ones are drawn on top. */
function coarseFirst(surfaces: Surface[]): Surface[] {
  return surfaces.sort((a, b) => area(b) - area(a));
}

/** Joins tiles into one surface; null if they do not fill a rectangle on a common raster. */
export function stitch(tiles: readonly PlacedGrid[]): Surface | null {
  const rect = bounds(tiles);
  const { rect: first, rows: height, cols: width } = tiles[0];
  const [x, y] = [(first[2] - first[0]) / width, (first[3] - first[1]) / height];
  const cols = Math.round((rect[2] - rect[0]) / x);
  const rows = Math.round((rect[3] - rect[1]) / y);
  const count = tiles.reduce((sum, tile) => sum + tile.rows * tile.cols, 0);
  if (rows * cols !== count) return null;
  const cells = new Int32Array(rows * cols).fill(-1);
  for (const tile of tiles) {
    const [left, top] = [(tile.rect[0] - rect[0]) / x, (tile.rect[1] - rect[1]) / y];
    const [right, bottom] = [(tile.rect[2] - rect[0]) / x, (tile.rect[3] - rect[1]) / y];
    const [col, row] = [Math.round(left), Math.round(top)];
    const misses = [left - col, top - row, right - col - tile.cols, bottom - row - tile.rows];
    if (misses.some((miss) => Math.abs(miss) > TOLERANCE)) return null;
    for (let i = 0; i < tile.rows * tile.cols; i++)
      cells[(row + Math.floor(i / tile.cols)) * cols + col + (i % tile.cols)] = tile.offset + i;
  }
  return !cells.includes(-1) ? { rows, cols, rect, cells } : null;
}

function bounds(grids: readonly PlacedGrid[]): Rect {
  const edge = (i: number, most: (...values: number[]) => number) =>
    most(...grids.map(({ rect }) => rect[i]));
  return [edge(0, Math.min), edge(1, Math.min), edge(2, Math.max), edge(3, Math.max)];
}

export interface Cell {
  /** Index into the token's map. */
  readonly index: number;
  readonly rect: Rect;
}

/** The cell at a point of the image, on the finest surface; null where the model saw nothing. */
export function cellAt(surfaces: readonly Surface[], x: number, y: number): Cell | null {
  const surface = surfaces.findLast(
    ({ rect }) => rect[0] <= x && x < rect[2] && rect[1] <= y && y < rect[3],
  );
  if (!surface) return null;
  const [left, top, right, bottom] = surface.rect;
  const [width, height] = [(right - left) / surface.cols, (bottom - top) / surface.rows];
  const [col, row] = [Math.floor((x - left) / width), Math.floor((y - top) / height)];
  return {
    index: surface.cells[row * surface.cols + col],
    rect: [
      left + col * width,
      top + row * height,
      left + (col + 1) * width,
      top + (row + 1) * height,
    ],
  };
}

/** The largest absolute value of a map within some grids. */
export function peakOf(map: Float32Array, grids: readonly PlacedGrid[]): number {
  let largest = 0;
  for (const { offset, rows, cols } of grids)
    for (let i = offset; i < offset + rows * cols; i++)
      largest = Math.max(largest, Math.abs(map[i]));
  return largest;
}

/** A map's values within some grids. */
export function valuesOf(map: Float32Array, grids: readonly PlacedGrid[]): Float32Array {
  const parts = grids.map(({ offset, rows, cols }) => map.subarray(offset, offset + rows * cols));
  return Float32Array.from(parts.flatMap((part) => [...part]));
}
