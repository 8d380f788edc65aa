/** How often each value of a score occurs. */

export const BINS = 40;

/** Number of values in each of `BINS` equal parts of 0 to 1. */
export function histogram(values: Iterable<number | null>): number[] {
  const found = new Array<number>(BINS).fill(0);
  for (const value of values)
    if (value !== null) found[Math.min(BINS - 1, Math.max(0, Math.floor(BINS * value)))]++;
  return found;
}

/** An SVG path of bars in a `BINS` × 1 box; square roots keep small counts visible. */
export function bars(found: readonly number[], most: number): string {
  return found
    .map((count, i) => {
      const height = count === 0 ? 0 : Math.max(0.06, Math.sqrt(count / most));
      return count === 0 ? "" : `M${i + 0.08} 1V${(1 - height).toFixed(3)}h.84V1z`;
    })
    .join("");
}
