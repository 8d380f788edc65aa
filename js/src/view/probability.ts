/** A probability in short form: .82, or <.01 if it is tiny. */
export function shortProbability(value: number): string {
  if (value < 0.005) return "<.01";
  return value >= 0.995 ? "1.0" : value.toFixed(2).slice(1);
}
