/** Which word of a case is drawn over its picture. */
import type { Case, Cases, Measured } from "./cases";
import { asked, type Filters, says } from "./filters";

/**
 * Index of the noun in focus on each side, −1 for none: the one that is filtered for, of several
 * the one with the lowest IoU; else the worst.
 */
export function focusOf(one: Case, cases: Cases, filters: Filters): number[] {
  const word = asked(filters.word);
  const categories = new Set(filters.categories.map((name) => cases.categories.indexOf(name)));
  const wanted = word !== "" || categories.size > 0;
  return one.sides.map((side) => {
    if (!side) return -1;
    return (wanted ? matching(side, word, categories) : null) ?? side.worst;
  });
}

function matching({ nouns }: Measured, word: string, categories: Set<number>): number | null {
  const found = nouns
    .map((_, i) => i)
    .filter((i) => says(nouns[i], word))
    .filter((i) => categories.size === 0 || categories.has(nouns[i].category));
  found.sort((a, b) => (nouns[a].iou ?? 2) - (nouns[b].iou ?? 2));
  return found[0] ?? null;
}
