import { expect, test } from "vitest";
import { NO_FILTERS } from "../../src/gallery/filters";
import { focusOf } from "../../src/gallery/focus";
import { BINS, bars, histogram } from "../../src/gallery/histogram";
import { ordered, type Sort } from "../../src/gallery/order";
import {
  decodeGallery,
  differenceOf,
  type GalleryData,
  scoreIndex,
  scoreOf,
} from "../../src/gallery/samples";
import { DATA, measured, wire } from "./made";

const ALL = DATA.samples.map((_, i) => i);
const idsOf = (found: readonly number[]) => found.map((i) => DATA.samples[i].id).join("");
const sorted = (sort: Sort, descending: boolean, found = ALL) =>
  idsOf(ordered(found, DATA, { sort, descending, score: 0 }));

test("data of another version are refused with what to do", () => {
  expect(() => decodeGallery({ ...wire([]), version: 1 })).toThrow(/version 1.*install the same/);
});

test("samples are read as they were sent", () => {
  expect(DATA.samples[1].runs[0]).toEqual({
    scores: [0.1, null],
    signatures: [0],
    nouns: [{ text: "dog", category: 1, iou: 0.1 }],
    worst: 0,
    missed: [0],
    error: null,
  });
  expect(DATA.samples[4].runs[0]?.error).toBe("the image cannot be read");
});

test("a value that is not there is null, not 0", () => {
  expect(scoreOf(DATA.samples[0], 1, 0)).toBe(0.9);
  expect(scoreOf(DATA.samples[3], 1, 0)).toBeNull();
  expect(scoreOf(DATA.samples[0], 0, 1)).toBeNull();
  expect(differenceOf(DATA.samples[0], 0)).toBeCloseTo(0.4);
  expect(differenceOf(DATA.samples[3], 0)).toBeNull();
  expect([scoreIndex(DATA, "recall"), scoreIndex(DATA, "unknown")]).toEqual([1, 0]);
});

test("the worst comes first, ties as in the data set, what has no value last", () => {
  expect(sorted("score", false)).toBe("bcdae");
  expect(sorted("score", true)).toBe("acdbe");
  expect(sorted("score", false, [4, 3, 0])).toBe("dae");
});

test("sorting by difference shows where the second run loses most", () => {
  expect(sorted("difference", false)).toBe("cbade");
  expect(sorted("difference", true)).toBe("abcde");
});

test("the data set's order can be turned", () => {
  expect([sorted("sample", false), sorted("sample", true)]).toEqual(["abcde", "edcba"]);
});

test("the worst word is in focus, or the one that is asked for", () => {
  const focus = (i: number, filters: object) =>
    focusOf(DATA.samples[i], DATA, { ...NO_FILTERS, ...filters });
  expect(focus(2, {})).toEqual([2, -1]);
  expect(focus(2, { word: " DOG" })).toEqual([1, -1]);
  expect(focus(2, { categories: ["hot dog"] })).toEqual([0, -1]);
  expect(focus(2, { word: "cat" })).toEqual([2, -1]);
  expect(focus(3, {})).toEqual([0, -1]);
});

test("the second run shows the first run's worst word, or one of its category", () => {
  const words = (...all: [string, number][]) => all.map(([text, c]) => [text, c, 0.5] as const);
  const pair = (a: [string, number][], b: [string, number][]) =>
    decodeGallery(
      wire([{ id: "x", runs: [measured(0.1, words(...a)), measured(0.2, words(...b))] }]),
    );
  const focus = (data: GalleryData) => focusOf(data.samples[0], data, NO_FILTERS);
  expect(
    focus(
      pair(
        [["Dog", 1]],
        [
          ["dog", 1],
          ["cat", 0],
        ],
      ),
    ),
  ).toEqual([0, 0]);
  expect(
    focus(
      pair(
        [["dogs", 1]],
        [
          ["cat", 0],
          ["dog", 1],
          ["tree", -1],
        ],
      ),
    ),
  ).toEqual([0, 1]);
  expect(
    focus(
      pair(
        [["sky", -1]],
        [
          ["sea", -1],
          ["tree", -1],
        ],
      ),
    ),
  ).toEqual([0, 1]);
});

test("a histogram holds every value once and no missing one", () => {
  const found = histogram([0, 0.01, 0.5, 1, null]);
  expect(found).toHaveLength(BINS);
  expect([found[0], found[BINS / 2], found[BINS - 1]]).toEqual([2, 1, 1]);
  expect(found.reduce((sum, count) => sum + count)).toBe(4);
  expect(bars(found, 2).match(/M/g)).toHaveLength(3);
});
