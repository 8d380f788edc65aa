/** From pixels to words: how much of each token's map lies in a box on the picture. */
import { faint as FAINT } from "../../tam_widgets/contract.json";
import type { PlacedGrid } from "./geometry";
import type { Rect } from "./wire";

/** A token counts as lit by a cell from this share of its own largest value on. */
const LIT = 0.5;

/** Maps of a panel's tokens; undefined where not yet computed. */
export type TokenMaps = readonly (Float32Array | undefined)[];

/** Sum and peak of a map within the picture. */
interface Totals {
  readonly sum: number;
  readonly peak: number;
}

/** How much of each of `count` equal cells from `start` to `end` lies between `low` and `high`. */
function overlap(start: number, end: number, count: number, low: number, high: number): number[] {
  const size = (end - start) / count;
  return Array.from({ length: count }, (_, i) => {
    const left = start + i * size;
    return Math.max(0, Math.min(high, left + size) - Math.max(low, left)) / size;
  });
}

export class Region {
  readonly #grids: readonly PlacedGrid[];
  readonly #totals = new WeakMap<Float32Array, Totals>();

  /** @param grids the visible ones of a picture or frame */
  constructor(grids: readonly PlacedGrid[]) {
    this.#grids = grids;
  }

  /** Share of every token's map inside a box in pixels of the full-size image, 0 to 1. */
  shares(maps: TokenMaps, [left, top, right, bottom]: Rect): Float64Array {
    const cells: number[] = [];
    const weights: number[] = [];
    for (const { rows, cols, rect, offset } of this.#grids) {
      const across = overlap(rect[0], rect[2], cols, left, right);
      overlap(rect[1], rect[3], rows, top, bottom).forEach((down, row) => {
        for (let col = 0; down > 0 && col < cols; col++)
          if (across[col] > 0) {
            cells.push(offset + row * cols + col);
            weights.push(down * across[col]);
          }
      });
    }
    const faint = this.#faint(maps);
    return Float64Array.from(maps, (map) => this.#share(map, faint, cells, weights));
  }

  /** Tokens whose map is strong in a cell, given by its index in the maps. */
  litBy(maps: TokenMaps, cell: number): number[] {
    const faint = this.#faint(maps);
    return maps.flatMap((map, token) => {
      const most = map ? this.#totalsOf(map).peak : 0;
      return map && most > 0 && most >= faint && map[cell] >= LIT * most ? [token] : [];
    });
  }

  #share(map: Float32Array | undefined, faint: number, cells: number[], weights: number[]): number {
    if (!map) return 0;
    const totals = this.#totalsOf(map);
    if (totals.peak < faint || totals.sum === 0) return 0;
    let inside = 0;
    for (let i = 0; i < cells.length; i++) inside += weights[i] * Math.max(0, map[cells[i]]);
    return inside / totals.sum;
  }

  #faint(maps: TokenMaps): number {
    let largest = 0;
    for (const map of maps) if (map) largest = Math.max(largest, this.#totalsOf(map).peak);
    return FAINT * largest;
  }

  #totalsOf(map: Float32Array): Totals {
    const known = this.#totals.get(map);
    if (known) return known;
    let [sum, most] = [0, 0];
    for (const { offset, rows, cols } of this.#grids)
      for (let v = offset; v < offset + rows * cols; v++) {
        sum += Math.max(0, map[v]);
        if (map[v] > most) most = map[v];
      }
    const made = { sum, peak: most };
    this.#totals.set(map, made);
    return made;
  }
}
