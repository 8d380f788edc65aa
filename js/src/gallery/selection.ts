/** Keys and clicks: which card they reach, and what they select. */
import type { Layout } from "./layout";

/** The card that a key moves to; null if the key does not move. */
export function reached(key: string, from: number, all: Layout, room: number): number | null {
  const last = all.count - 1;
  const page = all.columns * Math.max(1, Math.floor(room / (all.height + 1)));
  const to = {
    ArrowLeft: from - 1,
    ArrowRight: from + 1,
    ArrowUp: from - all.columns,
    ArrowDown: from + all.columns,
    PageUp: from - page,
    PageDown: from + page,
    Home: 0,
    End: last,
  }[key];
  if (to === undefined || last < 0) return null;
  if (key === "ArrowUp" && to < 0) return from;
  return Math.min(last, Math.max(0, to));
}

/** All ids between two positions; the second comes last, which opens it. */
export function span(ids: readonly string[], from: number, to: number): string[] {
  const found = ids.slice(Math.min(from, to), Math.max(from, to) + 1);
  return from > to ? found.reverse() : found;
}

/** The selection with a sample added at the end, which opens it, or removed. */
export function toggled(selection: readonly string[], id: string): string[] {
  const others = selection.filter((other) => other !== id);
  return others.length < selection.length ? others : [...others, id];
}
