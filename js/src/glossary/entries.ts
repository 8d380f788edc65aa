/** The terms of the field, as `tam_widgets/glossary.json` explains them. */
import groups from "../../../tam_widgets/glossary.json";

export interface Entry {
  readonly name: string;
  readonly term: string;
  /** Other forms of the term. */
  readonly also: readonly string[];
  readonly text: string;
  /** Names of related entries. */
  readonly see: readonly string[];
}

export interface Group {
  readonly title: string;
  readonly entries: readonly Entry[];
}

export const GROUPS: readonly Group[] = groups;

export const ENTRIES: readonly Entry[] = GROUPS.flatMap(({ entries }) => entries);

const byName = new Map(ENTRIES.map((entry) => [entry.name, entry]));

export function entryNamed(name: string): Entry {
  const found = byName.get(name);
  if (!found) throw new RangeError(`${name}: there is no such entry`);
  return found;
}

/** Other forms of a term to be shown: no plurals. */
export function otherForms({ term, also }: Entry): string {
  return also.filter((form) => ![term, ...also].some((one) => form === `${one}s`)).join(", ");
}

const key = (form: string) => form.toLowerCase();

const byForm = new Map(
  ENTRIES.flatMap((entry) =>
    [entry.term, ...entry.also].map((form) => [key(form), entry] as const),
  ),
);

/** Longer forms first, so that “attention rollout” is not taken for “attention”. */
const FORMS = new RegExp(
  `(?<![\\p{L}\\p{N}-])(?:${[...byForm.keys()]
    .sort((a, b) => b.length - a.length)
    .map((form) => form.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
    .join("|")})(?![\\p{L}\\p{N}-])`,
  "giu",
);

/** A piece of a text, and the entry of the term that it is. */
export interface Piece {
  readonly text: string;
  readonly entry: Entry | null;
}

/** Parts a text at the first mention of each term. */
export function parted(text: string): Piece[] {
  const known = new Set<Entry>();
  const pieces: Piece[] = [];
  let end = 0;
  for (const { 0: form, index } of text.matchAll(FORMS)) {
    const entry = byForm.get(key(form));
    if (!entry || known.has(entry)) continue;
    known.add(entry);
    pieces.push({ text: text.slice(end, index), entry: null }, { text: form, entry });
    end = index + form.length;
  }
  pieces.push({ text: text.slice(end), entry: null });
  return pieces.filter((piece) => piece.text !== "");
}
