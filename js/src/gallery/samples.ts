/** What the gallery shows, as `tam_widgets/views/gallery/widget.py` sends it. */

export const VERSION = 1;

export interface Score {
  readonly name: string;
  readonly label: string;
}

export interface Signature {
  readonly name: string;
  readonly meaning: string;
}

export interface Summary {
  readonly f1_iou: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly obj_iou: number | null;
  readonly func_iou: number | null;
  readonly samples: number;
  readonly failed: number;
}

/** One model under one method. */
export interface Side {
  readonly title: string;
  readonly model: string;
  readonly method: string;
  /** What its report holds besides. */
  readonly models: readonly string[];
  readonly methods: readonly string[];
  readonly summary: Summary;
}

/** A noun of the answer; category −1 names none, and a noun without an object has no IoU. */
export interface Noun {
  readonly text: string;
  readonly category: number;
  readonly iou: number | null;
}

/** A sample as one side measured it. */
export interface Measured {
  /** A value a score, in the order of `Cases.scores`. */
  readonly scores: readonly (number | null)[];
  readonly signatures: readonly number[];
  /** In reading order. */
  readonly nouns: readonly Noun[];
  /** Index of the noun that fails most, or −1. */
  readonly worst: number;
  readonly missed: readonly number[];
  /** Why it could not be measured. */
  readonly error: string | null;
}

export interface Case {
  readonly id: string;
  /** One a side; null where a report has no such sample. */
  readonly sides: readonly (Measured | null)[];
}

export interface Cases {
  readonly dataset: string;
  readonly scores: readonly Score[];
  readonly signatures: readonly Signature[];
  readonly categories: readonly string[];
  readonly sides: readonly Side[];
  readonly cases: readonly Case[];
}

interface WireMeasured {
  readonly s: readonly (number | null)[];
  readonly g: readonly number[];
  readonly w: readonly (readonly [text: string, category: number, iou: number | null])[];
  readonly k: number;
  readonly m: readonly number[];
  readonly e?: string | null;
}

export interface WireCases extends Omit<Cases, "cases"> {
  readonly version: number;
  readonly cases: readonly {
    readonly id: string;
    readonly sides: readonly (WireMeasured | null)[];
  }[];
}

function measured(wire: WireMeasured | null): Measured | null {
  if (!wire) return null;
  return {
    scores: wire.s,
    signatures: wire.g,
    nouns: wire.w.map(([text, category, iou]) => ({ text, category, iou })),
    worst: wire.k,
    missed: wire.m,
    error: wire.e ?? null,
  };
}

/** Cases from the JSON that Python sends; throws where the version is another. */
export function readCases(text: unknown): Cases {
  return decodeCases(JSON.parse(String(text)) as WireCases);
}

/** Cases as the views read them; throws where the version is another. */
export function decodeCases(wire: WireCases): Cases {
  if (wire.version !== VERSION)
    throw new Error(
      `The data has version ${wire.version}, this view reads ${VERSION}: ` +
        "install the same version of tam_widgets for both, then reload the page.",
    );
  const cases = wire.cases.map(({ id, sides }) => ({ id, sides: sides.map(measured) }));
  return { ...wire, cases };
}

/** Index of a score by its name, the first one where there is no such score. */
export function scoreIndex({ scores }: Cases, name: string): number {
  return Math.max(
    0,
    scores.findIndex((score) => score.name === name),
  );
}

/** A score of a case on one side; null where it has none. */
export function scoreOf(one: Case, side: number, score: number): number | null {
  return one.sides[side]?.scores[score] ?? null;
}

/** How much more the second side scores than the first; null where one has no value. */
export function differenceOf(one: Case, score: number): number | null {
  const [first, second] = [scoreOf(one, 0, score), scoreOf(one, 1, score)];
  return first === null || second === null ? null : second - first;
}
