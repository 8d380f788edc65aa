/** What the gallery shows, as `tam_widgets/views/gallery/listing.py` lists it. */
import { gallery_version as VERSION } from "../../../tam_widgets/contract.json";

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
export interface Run {
  readonly title: string;
  readonly model: string;
  readonly method: string;
  /** All models and methods of its report. */
  readonly models: readonly string[];
  readonly methods: readonly string[];
  readonly summary: Summary;
  /** Shares of all samples that show each signature, if only some are listed. */
  readonly shares?: Readonly<Record<string, number>>;
}

/** A noun of the answer: category −1 for none, and no IoU without an object. */
export interface Noun {
  readonly text: string;
  readonly category: number;
  readonly iou: number | null;
}

/** A sample as measured by one run. */
export interface Measurement {
  /** One value per score, in the order of `GalleryData.scores`. */
  readonly scores: readonly (number | null)[];
  readonly signatures: readonly number[];
  /** In reading order. */
  readonly nouns: readonly Noun[];
  /** Index of the worst noun, or −1. */
  readonly worst: number;
  readonly missed: readonly number[];
  /** Why it could not be measured. */
  readonly error: string | null;
}

export interface Sample {
  readonly id: string;
  /** One per run; null if its report has no such sample. */
  readonly runs: readonly (Measurement | null)[];
}

export interface GalleryData {
  readonly dataset: string;
  readonly scores: readonly Score[];
  readonly signatures: readonly Signature[];
  readonly categories: readonly string[];
  readonly runs: readonly Run[];
  readonly samples: readonly Sample[];
}

interface WireMeasurement {
  readonly s: readonly (number | null)[];
  readonly g: readonly number[];
  readonly w: readonly (readonly [text: string, category: number, iou: number | null])[];
  readonly k: number;
  readonly m: readonly number[];
  readonly e?: string | null;
}

export interface WireGallery extends Omit<GalleryData, "samples"> {
  readonly version: number;
  readonly samples: readonly {
    readonly id: string;
    readonly runs: readonly (WireMeasurement | null)[];
  }[];
}

function measured(wire: WireMeasurement | null): Measurement | null {
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

/** Parses the JSON that Python sends; throws if the version differs. */
export function readGallery(text: unknown): GalleryData {
  return decodeGallery(JSON.parse(String(text)) as WireGallery);
}

/** Decodes a listing; throws if the version differs. */
export function decodeGallery(wire: WireGallery): GalleryData {
  if (wire.version !== VERSION)
    throw new Error(
      `The data has version ${wire.version}, this view reads ${VERSION}: ` +
        "install the same version of tam_widgets for both, then reload the page.",
    );
  const samples = wire.samples.map(({ id, runs }) => ({ id, runs: runs.map(measured) }));
  return { ...wire, samples };
}

/** Index of a score by name; 0 if there is no such score. */
export function scoreIndex({ scores }: GalleryData, name: string): number {
  return Math.max(
    0,
    scores.findIndex((score) => score.name === name),
  );
}

/** A score of a sample in one run, or null. */
export function scoreOf(one: Sample, run: number, score: number): number | null {
  return one.runs[run]?.scores[score] ?? null;
}

/** The second run's score minus the first's; null if either has none. */
export function differenceOf(one: Sample, score: number): number | null {
  const [first, second] = [scoreOf(one, 0, score), scoreOf(one, 1, score)];
  return first === null || second === null ? null : second - first;
}
