import { expect, test } from "vitest";
import { GAP, inWindow, layout, placeOf, reveal } from "../../src/gallery/layout";
import { reached, span, toggled } from "../../src/gallery/selection";
import { LruCache } from "../../src/lru-cache";

const SIZE = { least: 180, pictures: 1, words: 40 };
const ALL = layout(1000, 5000, SIZE);
const STEP = ALL.height + GAP;

test("cards fill the room and none is narrower than it may be", () => {
  expect(ALL.columns).toBe(5);
  expect(ALL.columns * (ALL.width + GAP) - GAP).toBeLessThanOrEqual(1000);
  expect(ALL.width).toBeGreaterThanOrEqual(SIZE.least);
  expect(layout(100, 3, SIZE)).toMatchObject({ columns: 1, width: 100, rows: 3 });
  expect(layout(0, 3, SIZE).columns).toBe(1);
  expect(layout(1000, 0, SIZE).total).toBe(0);
});

test.each([0, 1, 137, 4000.5, 100_000, 1e9])(
  "every card in a window at %f is among those placed",
  (top) => {
    const [first, stop] = inWindow(ALL, top, 600, 0);
    for (let i = 0; i < ALL.count; i++) {
      const [, y] = placeOf(ALL, i);
      if (y + ALL.height > top && y < top + 600) expect(i >= first && i < stop).toBe(true);
    }
    expect(stop - first).toBeLessThanOrEqual(ALL.columns * (Math.ceil(600 / STEP) + 1));
  },
);

test("cards of a row lie side by side without overlap", () => {
  expect(placeOf(ALL, 0)).toEqual([0, 0]);
  expect(placeOf(ALL, 1)[0]).toBe(ALL.width + GAP);
  expect(placeOf(ALL, 5)).toEqual([0, STEP]);
});

test("scrolling shows a card whole, and moves no more than that", () => {
  expect(reveal(ALL, 0, 50, 600)).toBe(0);
  expect(reveal(ALL, 5, 0, 600)).toBe(0);
  expect(reveal(ALL, 50, 0, 600)).toBe(10 * STEP + ALL.height - 600);
  expect(reveal(ALL, 50, 0, 10)).toBe(10 * STEP);
});

test.each([
  ["ArrowRight", 3, 4],
  ["ArrowLeft", 0, 0],
  ["ArrowDown", 3, 8],
  ["ArrowUp", 3, 3],
  ["ArrowUp", 8, 3],
  ["ArrowDown", 4998, 4999],
  ["Home", 77, 0],
  ["End", 0, 4999],
  ["PageDown", 0, 15],
  ["PageUp", 17, 2],
  ["b", 3, null],
])("%s from card %i reaches %s", (key, from, to) => {
  expect(reached(key, from, ALL, 600)).toBe(to);
});

test("no key reaches a card where there is none", () => {
  expect(reached("End", 0, layout(1000, 0, SIZE), 600)).toBeNull();
});

test("a span ends with the sample that is opened", () => {
  const ids = ["a", "b", "c", "d"];
  expect(span(ids, 1, 3)).toEqual(["b", "c", "d"]);
  expect(span(ids, 3, 1)).toEqual(["d", "c", "b"]);
  expect(toggled(["a", "b"], "a")).toEqual(["b"]);
  expect(toggled(["a", "b"], "c")).toEqual(["a", "b", "c"]);
});

test("what was used least lately is let go, and all when cleared", () => {
  const recent = new LruCache<number>(2);
  recent.set("a", 1);
  recent.set("b", 2);
  recent.get("a");
  recent.set("c", 3);
  expect([recent.get("a"), recent.get("b"), recent.get("c")]).toEqual([1, undefined, 3]);
  recent.set("a", 4);
  expect([recent.get("a"), recent.get("c")]).toEqual([4, 3]);
  recent.clear();
  expect(recent.get("a")).toBeUndefined();
});
