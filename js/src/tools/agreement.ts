/**
 * How far two maps of one word agree; `tam_widgets/explanation/agreement.py` is the Python
 * counterpart.
 */
import { agreement } from "../../../tam_widgets/contract.json";
import type { Decoded } from "../wire";

export interface Agreement {
  /** Pearson's, −1 to 1; NaN if a map has only one value. */
  readonly correlation: number;
  /**
   * Intersection over union of the areas with at least half of each map's largest value, 0 to 1;
   * NaN if a map has no value above 0.
   */
  readonly overlap: number;
}

type Values = Float64Array;

/** @param second values on the same cells as the first */
export function agreementOf(first: Values, second: Values): Agreement {
  return { correlation: correlation(first, second), overlap: overlap(first, second) };
}

const largest = (values: Values) => values.reduce((most, value) => Math.max(most, value), 0);

function deviations(values: Values): Values {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.map((value) => value - mean);
}

function correlation(first: Values, second: Values): number {
  const flat = (values: Values) => values.every((value) => value === values[0]);
  const [a, b] = [deviations(first), deviations(second)];
  const product = (x: Values, y: Values) => x.reduce((sum, value, i) => sum + value * y[i], 0);
  const size = Math.sqrt(product(a, a) * product(b, b));
  if (flat(first) || flat(second) || size === 0) return Number.NaN;
  return Math.min(1, Math.max(-1, product(a, b) / size));
}

function overlap(first: Values, second: Values): number {
  const from = [first, second].map((values) => agreement.area_from * largest(values));
  if (from.some((least) => least <= 0)) return Number.NaN;
  let [both, either] = [0, 0];
  for (let i = 0; i < first.length; i++) {
    const [a, b] = [first[i] >= from[0], second[i] >= from[1]];
    if (a && b) both++;
    if (a || b) either++;
  }
  return both / either;
}

/** Tokens of a word in two panels. */
export type Twins = readonly [first: readonly number[], second: readonly number[]];

/** Words that two panels share: the first occurrence with the first, the second with the second. */
export function wordPairs(links: Decoded["links"], first: number, second: number): Twins[] {
  const pairs = links.flatMap((group) => {
    const [own, other] = [first, second].map((panel) =>
      group.filter(([at]) => at === panel).map(([, tokens]) => tokens),
    );
    return own.slice(0, other.length).map((tokens, i): Twins => [tokens, other[i]]);
  });
  return pairs.sort(([a], [b]) => a[0] - b[0]);
}
