/** A short part of an answer, around the noun in focus. */
import type { Noun } from "./samples";

/** What stands before the noun, the noun itself, and what follows. */
export type Excerpt = readonly [before: string, noun: string, after: string];

const LETTER = /[\p{L}\p{N}]/u;

/** Share of the text that may stand before a noun that is not near the beginning. */
const BEFORE = 1 / 3;

/** Index of a whole word from some index on, or −1. */
function indexOfWord(text: string, word: string, from: number): number {
  for (let at = text.indexOf(word, from); at >= 0; at = text.indexOf(word, at + 1)) {
    const inside = LETTER.test(text[at - 1] ?? "") || LETTER.test(text[at + word.length] ?? "");
    if (!inside) return at;
  }
  return -1;
}

/** Where a noun begins, of those that the answer has in this order; −1 if it is not found. */
function startOf(answer: string, nouns: readonly Noun[], focus: number): number {
  let [at, from] = [-1, 0];
  for (const { text } of nouns.slice(0, focus + 1)) {
    at = text ? indexOfWord(answer, text, from) : -1;
    if (at >= 0) from = at + text.length;
  }
  return at;
}

/**
 * @param focus index of the noun, or −1
 * @param most letters that there is room for
 */
export function excerpt(
  answer: string,
  nouns: readonly Noun[],
  focus: number,
  most: number,
): Excerpt {
  const start = startOf(answer, nouns, focus);
  const end = start < 0 ? 0 : start + nouns[focus].text.length;
  const first = end <= most ? 0 : wordAfter(answer, start - Math.floor(BEFORE * most), start);
  const last = first + Math.max(most, end - first);
  const part = (from: number, to: number) => answer.slice(from, to).replace(/\s+/g, " ");
  const before = (first > 0 ? "…" : "") + part(first, Math.max(start, first));
  const after = part(Math.max(end, first), last) + (last < answer.length ? "…" : "");
  return [before, part(Math.max(start, 0), end), after];
}

/** Where the next word begins; at most `limit`. */
function wordAfter(text: string, from: number, limit: number): number {
  const space = text.slice(Math.max(0, from), limit).search(/\s/);
  return space < 0 ? Math.min(limit, Math.max(0, from)) : Math.max(0, from) + space + 1;
}
