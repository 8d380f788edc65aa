/** What is known of how much of each word's probability the picture carries, and its words. */
import { shortProbability } from "../view/probability";

export const NAME = "reliance";

/** Of each token, null where it is not known, as `tam_widgets/views/questions/reliance.py` sends. */
export interface Reliance {
  /** Probability with the picture. */
  readonly full: readonly (number | null)[];
  /** Probability with a blank picture. */
  readonly blank: readonly (number | null)[];
  /** Share of the first that the picture carries, 0 to 1. */
  readonly share: readonly (number | null)[];
  /** Whether it was measured for its own sake, and not only by a check. */
  readonly measured: boolean;
}

/** With the picture and without: the probabilities of some tokens one after another, in words. */
export function inWords({ full, blank }: Reliance, tokens: readonly number[]): string {
  const product = (values: Reliance["full"]) =>
    tokens.reduce((all, token) => all * (values[token] ?? Number.NaN), 1);
  const both = [product(full), product(blank)];
  if (tokens.length === 0 || both.some(Number.isNaN)) return "";
  const [own, without] = both.map(shortProbability);
  return `with the picture ${own}, without it ${without}`;
}
