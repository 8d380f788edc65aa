/** Which samples are shown: all conditions must hold, and any name within one list. */
import { gallery_settings as settings } from "../../../tam_widgets/contract.json";
import { type GalleryData, type Noun, type Sample, scoreOf } from "./samples";

export type Range = readonly [low: number, high: number];

export interface Filters {
  readonly signatures: readonly string[];
  readonly categories: readonly string[];
  readonly tags: readonly string[];
  readonly word: string;
  /** Ranges of the score, one per run; null for all values. */
  readonly ranges: readonly (Range | null)[];
}

export const NO_FILTERS: Filters = settings.filters.default;

export interface Note {
  readonly tags: readonly string[];
  readonly note: string;
}

/** By sample id. */
export type Notes = Readonly<Record<string, Note>>;

/** What the filters are applied to. */
export interface FilterInput {
  readonly data: GalleryData;
  readonly notes: Notes;
  /** Index of the score that the ranges refer to. */
  readonly score: number;
}

/** A condition, named after its filter; two runs' ranges are two conditions. */
export type Condition = "signatures" | "categories" | "tags" | "word" | `range ${number}`;

type Test = (one: Sample) => boolean;

/** Whether a noun starts with a word, ignoring case. */
export function says({ text }: Noun, word: string): boolean {
  return text.toLowerCase().startsWith(word);
}

export const asked = (word: string) => word.trim().toLowerCase();

function indices(names: readonly string[], all: readonly string[]): Set<number> {
  return new Set(names.map((name) => all.indexOf(name)).filter((i) => i >= 0));
}

/** Categories that the answer names or misses. */
export function categoriesOf(one: Sample): number[] {
  const run = one.runs[0];
  if (!run) return [];
  const named = run.nouns.map(({ category }) => category).filter((i) => i >= 0);
  return [...new Set([...named, ...run.missed])];
}

function tests(filters: Filters, { data, notes, score }: FilterInput): Map<Condition, Test> {
  const found = new Map<Condition, Test>();
  const signatures = indices(
    filters.signatures,
    data.signatures.map(({ name }) => name),
  );
  const categories = indices(filters.categories, data.categories);
  const word = asked(filters.word);
  if (filters.signatures.length > 0)
    found.set("signatures", (one) => !!one.runs[0]?.signatures.some((i) => signatures.has(i)));
  if (filters.categories.length > 0)
    found.set("categories", (one) => categoriesOf(one).some((i) => categories.has(i)));
  if (filters.tags.length > 0)
    found.set("tags", ({ id }) => !!notes[id]?.tags.some((tag) => filters.tags.includes(tag)));
  if (word) found.set("word", (one) => !!one.runs[0]?.nouns.some((noun) => says(noun, word)));
  filters.ranges.forEach((range, run) => {
    if (range) found.set(`range ${run}`, (one) => within(scoreOf(one, run, score), range));
  });
  return found;
}

function within(value: number | null, [low, high]: Range): boolean {
  return value !== null && value >= low && value <= high;
}

/** Indices of the samples that pass, in data set order. */
export function passing(filters: Filters, input: FilterInput, except?: Condition): number[] {
  const conditions = [...tests(filters, input)]
    .filter(([condition]) => condition !== except)
    .map(([, test]) => test);
  const found: number[] = [];
  input.data.samples.forEach((one, i) => {
    if (conditions.every((test) => test(one))) found.push(i);
  });
  return found;
}

/** Number of samples that each name would show under all other conditions. */
export type Counts = ReadonlyMap<string, number>;

/** Names of one list with the number of samples each would show, most frequent first. */
export function counts(
  filters: Filters,
  input: FilterInput,
  list: "signatures" | "categories" | "tags",
): Counts {
  const { data, notes } = input;
  const namesOf = {
    signatures: (one: Sample) =>
      (one.runs[0]?.signatures ?? []).map((i) => data.signatures[i].name),
    categories: (one: Sample) => categoriesOf(one).map((i) => data.categories[i]),
    tags: ({ id }: Sample) => notes[id]?.tags ?? [],
  }[list];
  const found = new Map<string, number>();
  for (const i of passing(filters, input, list))
    for (const name of namesOf(data.samples[i])) found.set(name, (found.get(name) ?? 0) + 1);
  for (const name of filters[list]) if (!found.has(name)) found.set(name, 0);
  return new Map([...found].sort(([, a], [, b]) => b - a));
}

/** Whether any condition is set. */
export function isFiltered({ signatures, categories, tags, word, ranges }: Filters): boolean {
  const lists = [signatures, categories, tags];
  return lists.some((list) => list.length > 0) || asked(word) !== "" || ranges.some((r) => r);
}
