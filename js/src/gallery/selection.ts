/** Keys and clicks: which card they reach, and what is selected then. */
import type { Layout } from "./layout";

/** The card that a key reaches from another; null where the key moves nothing. */
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

/** All from one place to another, the latter last, which opens it. */
export function span(ids: readonly string[], from: number, to: number): string[] {
  const found = ids.slice(Math.min(from, to), Math.max(from, to) + 1);
  return from > to ? found.reverse() : found;
}

/** With one more sample, which is opened, or without it. */
export function toggled(selection: readonly string[], id: string): string[] {
  const others = selection.filter((other) => other !== id);
  return others.length < selection.length ? others : [...others, id];
}
