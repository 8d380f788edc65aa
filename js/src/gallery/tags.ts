/** Tags of several samples at once. */
import type { Notes } from "./filters";

/** Tags that all of these samples have, ordered as in the last one. */
export function commonTags(notes: Notes, ids: readonly string[]): string[] {
  const own = (id: string) => notes[id]?.tags ?? [];
  const last = ids.at(-1);
  if (last === undefined) return [];
  return own(last).filter((tag) => ids.every((id) => own(id).includes(tag)));
}

/** Every tag in use, in alphabetical order. */
export function knownTags(notes: Notes): string[] {
  return [...new Set(Object.values(notes).flatMap(({ tags }) => tags))].sort();
}

export interface Tagging {
  readonly ids: readonly string[];
  readonly tags: readonly string[];
}

/** Changes that put a tag on all of these samples or on none, grouped by resulting tags. */
export function tagging(
  notes: Notes,
  ids: readonly string[],
  tag: string,
  present: boolean,
): Tagging[] {
  const found = new Map<string, { ids: string[]; tags: string[] }>();
  for (const id of ids) {
    const before = notes[id]?.tags ?? [];
    if (before.includes(tag) === present) continue;
    const tags = present ? [...before, tag] : before.filter((other) => other !== tag);
    const group = found.get(JSON.stringify(tags));
    if (group) group.ids.push(id);
    else found.set(JSON.stringify(tags), { ids: [id], tags });
  }
  return [...found.values()];
}
