/** Otsu's threshold (1979): the value that best separates two groups of values. */

/**
 * @param values 0 to `end`
 * @returns share of the scale, 0 to 1, above which the foreground lies; 0 for a constant map
 */
export function otsu(values: ArrayLike<number>, end: number): number {
  const histogram = new Float64Array(256);
  for (let i = 0; i < values.length; i++)
    histogram[Math.min(255, Math.max(0, Math.trunc((255 * values[i]) / (end || 1))))] += 1;
  const sum = histogram.reduce((total, count, level) => total + count * level, 0);
  let [below, belowSum, best, threshold] = [0, 0, 0, -1];
  for (let level = 0; level < 255; level++) {
    below += histogram[level];
    belowSum += level * histogram[level];
    const above = values.length - below;
    if (below === 0 || above === 0) continue;
    const separation = below * above * (belowSum / below - (sum - belowSum) / above) ** 2;
    if (separation > best) [best, threshold] = [separation, level];
  }
  return (threshold + 1) / 255;
}
