/** Positions of grids on an image: what no grid covers, and where a map is strongest. */
import { whichImage } from "./media";
import type { Grid, Rect, StoredImage } from "./wire";

/** A grid with the offset of its first value in a map. */
export interface PlacedGrid extends Grid {
  readonly offset: number;
}

/** Grids with their offsets, in the order of the map. */
export function place(grids: readonly Grid[]): PlacedGrid[] {
  let offset = 0;
  return grids.map((grid) => {
    const placed = { ...grid, offset };
    offset += grid.rows * grid.cols;
    return placed;
  });
}

function edges(size: number, values: readonly number[]): number[] {
  const inside = values.map((value) => Math.min(size, Math.max(0, value)));
  return [...new Set([0, ...inside, size])].sort((a, b) => a - b);
}

/** Rectangles of an image that no grid covers; slivers thinner than a pixel are ignored. */
export function unseen(width: number, height: number, grids: readonly Grid[]): Rect[] {
  const xs = edges(
    width,
    grids.flatMap(({ rect }) => [rect[0], rect[2]]),
  );
  const ys = edges(
    height,
    grids.flatMap(({ rect }) => [rect[1], rect[3]]),
  );
  const covered = (x: number, y: number) =>
    grids.some(({ rect }) => rect[0] <= x && x <= rect[2] && rect[1] <= y && y <= rect[3]);
  const found: Rect[] = [];
  for (let j = 0; j + 1 < ys.length; j++)
    for (let i = 0; i + 1 < xs.length; i++) {
      const rect: Rect = [xs[i], ys[j], xs[i + 1], ys[j + 1]];
      const wide = rect[2] - rect[0] >= 1 && rect[3] - rect[1] >= 1;
      if (wide && !covered((rect[0] + rect[2]) / 2, (rect[1] + rect[3]) / 2)) found.push(rect);
    }
  return found;
}

/**
 * Describes where a map is strongest on the visible grids: "top left", "centre" and so on, with the
 * image or the time in a video.
 */
export function strongestRegion(
  map: Float32Array,
  grids: readonly PlacedGrid[],
  images: readonly StoredImage[],
): string {
  const best = strongest(map, grids);
  if (!best) return "no place in the picture";
  const { grid, index } = best;
  const { width, height } = images[grid.image];
  const [left, top, right, bottom] = grid.rect;
  const x = left + ((right - left) * ((index % grid.cols) + 0.5)) / grid.cols;
  const y = top + ((bottom - top) * (Math.floor(index / grid.cols) + 0.5)) / grid.rows;
  const third = (share: number) => Math.min(2, Math.max(0, Math.floor(3 * share)));
  const vertical = ["top", "", "bottom"][third(y / height)];
  const horizontal = ["left", "", "right"][third(x / width)];
  const where = [vertical, horizontal].filter(Boolean).join(" ") || "centre";
  return where + whichImage(images, grid.image);
}

/** The cell with the largest positive value: its grid, and its index in that grid. */
function strongest(
  map: Float32Array,
  grids: readonly PlacedGrid[],
): { readonly grid: PlacedGrid; readonly index: number } | null {
  let [best, value]: [{ grid: PlacedGrid; index: number } | null, number] = [null, 0];
  for (const grid of grids)
    for (let index = 0; index < grid.rows * grid.cols; index++)
      if (map[grid.offset + index] > value)
        [best, value] = [{ grid, index }, map[grid.offset + index]];
  return best;
}
