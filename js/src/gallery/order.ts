/** The order in which samples are shown. */
import { differenceOf, type GalleryData, scoreOf } from "./samples";

export type Sort = "score" | "difference" | "sample";

export interface Order {
  readonly sort: Sort;
  readonly descending: boolean;
  /** Index of the score. */
  readonly score: number;
}

/** Sample indices in order; ties keep data set order, samples without a value come last. */
export function ordered(found: readonly number[], data: GalleryData, order: Order): number[] {
  const { sort, descending, score } = order;
  if (sort === "sample") return descending ? [...found].reverse() : [...found];
  const values = found.map((i) =>
    sort === "difference"
      ? differenceOf(data.samples[i], score)
      : scoreOf(data.samples[i], 0, score),
  );
  const known = found.map((_, at) => at).filter((at) => values[at] !== null);
  const sign = descending ? -1 : 1;
  known.sort((a, b) => sign * ((values[a] as number) - (values[b] as number)) || a - b);
  const unknown = found.filter((_, at) => values[at] === null);
  return [...known.map((at) => found[at]), ...unknown];
}
