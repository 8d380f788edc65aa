/** In which order cases are shown. */
import { type Cases, differenceOf, scoreOf } from "./samples";

export type Sort = "score" | "difference" | "sample";

export interface Order {
  readonly sort: Sort;
  readonly descending: boolean;
  /** Index of the score. */
  readonly score: number;
}

/** Case indices in order; ties keep the data set's order, cases without a value come last. */
export function ordered(found: readonly number[], cases: Cases, order: Order): number[] {
  const { sort, descending, score } = order;
  if (sort === "sample") return descending ? [...found].reverse() : [...found];
  const values = found.map((i) =>
    sort === "difference" ? differenceOf(cases.cases[i], score) : scoreOf(cases.cases[i], 0, score),
  );
  const known = found.map((_, at) => at).filter((at) => values[at] !== null);
  const sign = descending ? -1 : 1;
  known.sort((a, b) => sign * ((values[a] as number) - (values[b] as number)) || a - b);
  const unknown = found.filter((_, at) => values[at] === null);
  return [...known.map((at) => found[at]), ...unknown];
}
