/** Which word's map is drawn over a sample's picture. */

import { asked, type Filters, says } from "./filters";
import type { GalleryData, Measurement, Noun, Sample } from "./samples";

/**
 * Index of the noun in focus in each run, −1 for none: the noun that is filtered for, with the
 * lowest IoU if there are several. Otherwise the first run's worst, and in the second run the same
 * word or one of its category, for comparison, or else that run's own worst.
 */
export function focusOf(one: Sample, data: GalleryData, filters: Filters): number[] {
  const word = asked(filters.word);
  const categories = new Set(filters.categories.map((name) => data.categories.indexOf(name)));
  const wanted = word !== "" || categories.size > 0;
  const first = one.runs[0];
  return one.runs.map((run, i) => {
    if (!run) return -1;
    const found = wanted ? matching(run, word, categories) : null;
    const twin = i > 0 && first ? twinOf(first.nouns[first.worst], run) : null;
    return found ?? twin ?? run.worst;
  });
}

/** The same word in another run, or one of its category. */
function twinOf(noun: Noun | undefined, { nouns }: Measurement): number | null {
  if (!noun) return null;
  const text = noun.text.toLowerCase();
  const same = nouns.findIndex((other) => other.text.toLowerCase() === text);
  if (same >= 0) return same;
  const akin = nouns.findIndex(({ category }) => category >= 0 && category === noun.category);
  return akin >= 0 ? akin : null;
}

function matching({ nouns }: Measurement, word: string, categories: Set<number>): number | null {
  const found = nouns
    .map((_, i) => i)
    .filter((i) => says(nouns[i], word))
    .filter((i) => categories.size === 0 || categories.has(nouns[i].category));
  found.sort((a, b) => (nouns[a].iou ?? 2) - (nouns[b].iou ?? 2));
  return found[0] ?? null;
}
