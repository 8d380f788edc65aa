/**
 * Maps of different grids over one picture, resampled to a common raster to be compared.
 * `tam_widgets/explanation/common_raster.py` is the Python counterpart.
 */
import { agreement } from "../../../tam_widgets/contract.json";
import type { PlacedGrid } from "../geometry";
import type { Grid, Rect } from "../wire";

export interface Raster {
  readonly rows: number;
  readonly cols: number;
  /** What it covers, in pixels of the picture. */
  readonly rect: Rect;
}

const ROUNDING = 1e-9;

function bounds(grids: readonly Grid[]): Rect {
  const edge = (i: number, most: (...values: number[]) => number) =>
    most(...grids.map(({ rect }) => rect[i]));
  return [edge(0, Math.min), edge(1, Math.min), edge(2, Math.max), edge(3, Math.max)];
}

const whole = (cells: number) => Math.max(1, Math.floor(cells + 0.5));

/**
 * The finer raster of two sets of grids over one picture, within the bounds of both: its cells are
 * as wide as the narrowest and as high as the lowest, to a whole number. Null without an overlap.
 */
export function commonRaster(first: readonly Grid[], second: readonly Grid[]): Raster | null {
  if (first.length === 0 || second.length === 0) return null;
  const [a, b] = [bounds(first), bounds(second)];
  const [left, top] = [Math.max(a[0], b[0]), Math.max(a[1], b[1])];
  const [right, bottom] = [Math.min(a[2], b[2]), Math.min(a[3], b[3])];
  if (left >= right || top >= bottom) return null;
  const every = [...first, ...second];
  const width = Math.min(...every.map(({ rect, cols }) => (rect[2] - rect[0]) / cols));
  const height = Math.min(...every.map(({ rect, rows }) => (rect[3] - rect[1]) / rows));
  return {
    rows: whole((bottom - top) / height),
    cols: whole((right - left) / width),
    rect: [left, top, right, bottom],
  };
}

/** A cell of a grid, with the share of a raster's cell that lies in it. */
type Part = readonly [cell: number, share: number];

/** For each of `count` equal parts of a line the cells, of another line, that it lies in. */
function parts(
  [start, end]: readonly [number, number],
  count: number,
  [from, to]: readonly [number, number],
  cells: number,
): Part[][] {
  const [size, step] = [(end - start) / count, (to - from) / cells];
  return Array.from({ length: count }, (_, i) => {
    const [low, high] = [start + i * size, start + (i + 1) * size];
    const first = Math.max(0, Math.floor((low - from) / step) - 1);
    const found: Part[] = [];
    for (let cell = first; cell < cells && from + cell * step < high; cell++) {
      const share =
        (Math.min(high, from + (cell + 1) * step) - Math.max(low, from + cell * step)) / size;
      if (share > ROUNDING) found.push([cell, share]);
    }
    return found;
  });
}

/** Reads maps of one panel on a raster. */
export class Sampler {
  /** Share of each cell that the model saw, 0 to 1. */
  readonly seen: Float64Array;
  /** Of each cell, the indices into a map and their weights, which sum to 1. */
  readonly #cells: readonly (readonly Part[])[];

  /** @param grids those of one picture that are drawn */
  constructor(grids: readonly PlacedGrid[], { rows, cols, rect }: Raster) {
    const cells: Part[][] = Array.from({ length: rows * cols }, () => []);
    for (const grid of grids) {
      const [left, top, right, bottom] = grid.rect;
      const across = parts([rect[0], rect[2]], cols, [left, right], grid.cols);
      const down = parts([rect[1], rect[3]], rows, [top, bottom], grid.rows);
      cells.forEach((cell, i) => {
        for (const [row, high] of down[Math.floor(i / cols)])
          for (const [col, wide] of across[i % cols])
            cell.push([grid.offset + row * grid.cols + col, high * wide]);
      });
    }
    const total = cells.map((cell) => cell.reduce((sum, [, share]) => sum + share, 0));
    this.seen = Float64Array.from(total, (sum) => Math.min(1, sum));
    this.#cells = cells.map((cell, i) => cell.map(([v, share]) => [v, share / total[i]]));
  }

  /** The mean of a map over what the model saw of each cell, 0 where it saw nothing. */
  values(map: ArrayLike<number>): Float64Array {
    return Float64Array.from(this.#cells, (cell) => {
      let sum = 0;
      for (const [v, share] of cell) sum += share * map[v];
      return sum;
    });
  }
}

/** Cells of which either model saw at least half. */
export function seenByBoth(first: Sampler, second: Sampler): boolean[] {
  return Array.from(
    first.seen,
    (seen, i) => Math.min(seen, second.seen[i]) >= agreement.seen_from - ROUNDING,
  );
}
