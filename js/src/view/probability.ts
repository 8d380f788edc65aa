/** A probability as it is read in a row of them: .82, and <.01 for what is next to nothing. */
export function shortProbability(value: number): string {
  if (value < 0.005) return "<.01";
  return value >= 0.995 ? "1.0" : value.toFixed(2).slice(1);
}
