/** The frames of a video: how strong a map is in each, and how long each stays in view. */
import type { PlacedGrid } from "./geometry";
import { peakOf } from "./layer";

/** A map's largest value in each of `count` frames from `first` on; 0 where no grid lies. */
export function strengths(
  map: Float32Array,
  grids: readonly PlacedGrid[],
  first: number,
  count: number,
): Float32Array {
  const values = new Float32Array(count);
  for (const grid of grids) {
    const peak = peakOf(map, [grid]);
    const end = Math.min(count, grid.image + grid.frames - first);
    for (let i = Math.max(0, grid.image - first); i < end; i++)
      values[i] = Math.max(values[i], peak);
  }
  return values;
}

/** The first of the strongest frames, or null where all are 0. */
export function peakFrame(values: Float32Array): number | null {
  const peak = values.reduce((best, value, i) => (value > values[best] ? i : best), 0);
  return values[peak] > 0 ? peak : null;
}

/** An SVG path of strengths as steps, one unit per frame, from 1 (none) up to 0 (`end`). */
export function steps(values: Float32Array, end: number): string {
  const height = (value: number) => Math.max(0, 1 - value / (end || 1)).toFixed(3);
  return `M0 1${[...values].map((value, i) => `V${height(value)}H${i + 1}`).join("")}V1Z`;
}

/** How long a frame may stay in view, in milliseconds: 10 to 2 frames per second. */
const [SHORTEST, LONGEST, USUAL] = [100, 500, 250];

/** Milliseconds that a frame stays in view, from its time and the next frame's in seconds. */
export function stay(time: number | null, next: number | null): number {
  if (time === null || next === null) return USUAL;
  return Math.min(LONGEST, Math.max(SHORTEST, 1000 * (next - time)));
}

/** Largest side of a decoded frame in pixels, and most pixels of all frames of a video. */
const [LARGEST_SIDE, ALL_PIXELS] = [1024, 64e6];

/** Factor by which a frame is scaled when decoded, so that all frames fit in memory. */
export function decodedScale(width: number, height: number, count: number): number {
  const all = Math.sqrt(ALL_PIXELS / (count * width * height));
  return Math.min(1, LARGEST_SIDE / Math.max(width, height), all);
}
