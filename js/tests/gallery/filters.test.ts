import { expect, test } from "vitest";
import {
  counts,
  type Filters,
  isFiltered,
  NO_FILTERS,
  type Notes,
  passing,
} from "../../src/gallery/filters";
import { commonTags, knownTags, tagging } from "../../src/gallery/tags";
import { DATA } from "./made";

const NOTES: Notes = {
  a: { tags: ["look"], note: "" },
  b: { tags: ["label wrong", "look"], note: "the mask is off" },
};
const INPUT = { data: DATA, notes: NOTES, score: 0 };
const filters = (some: Partial<Filters>) => ({ ...NO_FILTERS, ...some });
const shown = (some: Partial<Filters>) =>
  passing(filters(some), INPUT)
    .map((i) => DATA.samples[i].id)
    .join("");

test.each([
  [{}, "abcde"],
  [{ signatures: ["text-driven"] }, "bd"],
  [{ signatures: ["text-driven", "object missed"] }, "bd"],
  [{ signatures: ["object missed"] }, "d"],
  [{ categories: ["cat"] }, "ab"],
  [{ categories: ["hot dog", "dog"] }, "bc"],
  [{ tags: ["label wrong"] }, "b"],
  [{ tags: ["look"] }, "ab"],
  [{ word: "cat" }, "a"],
  [{ word: " DOG " }, "bc"],
  [{ word: "hot" }, "c"],
  [{ word: "og" }, ""],
  [{ ranges: [[0.3, 0.5] as const] }, "acd"],
  [{ ranges: [null, [0.5, 1] as const] }, "ae"],
  [{ ranges: [[0, 1] as const, [0, 1] as const] }, "abc"],
  [{ signatures: ["text-driven"], word: "dog" }, "b"],
  [{ signatures: ["unheard of"] }, ""],
])("%j leaves %s", (some, expected) => {
  expect(shown(some)).toBe(expected);
});

test("a list's counts say what each name would show beside the other conditions", () => {
  const found = counts(
    filters({ signatures: ["object missed"], word: "dog" }),
    INPUT,
    "signatures",
  );
  expect([...found]).toEqual([
    ["text-driven", 1],
    ["object missed", 0],
  ]);
  expect([...counts(NO_FILTERS, INPUT, "categories")]).toEqual([
    ["cat", 2],
    ["dog", 2],
    ["hot dog", 1],
  ]);
  expect(counts(NO_FILTERS, INPUT, "tags").get("look")).toBe(2);
});

test("an unset filter is none", () => {
  expect(isFiltered(filters({ word: "  ", ranges: [null, null] }))).toBe(false);
  expect(isFiltered(filters({ ranges: [null, [0, 0.2]] }))).toBe(true);
});

test("a tag is put on samples with tags of their own, one message for those that end alike", () => {
  expect(tagging(NOTES, ["a", "b", "c", "d"], "seen", true)).toEqual([
    { ids: ["a"], tags: ["look", "seen"] },
    { ids: ["b"], tags: ["label wrong", "look", "seen"] },
    { ids: ["c", "d"], tags: ["seen"] },
  ]);
  expect(tagging(NOTES, ["a", "b", "c"], "look", false)).toEqual([
    { ids: ["a"], tags: [] },
    { ids: ["b"], tags: ["label wrong"] },
  ]);
  expect(tagging(NOTES, ["a"], "look", true)).toEqual([]);
});

test("tags of several samples are those that all have", () => {
  expect(commonTags(NOTES, ["a", "b"])).toEqual(["look"]);
  expect(commonTags(NOTES, ["b"])).toEqual(["label wrong", "look"]);
  expect(commonTags(NOTES, ["a", "c"])).toEqual([]);
  expect(knownTags(NOTES)).toEqual(["label wrong", "look"]);
});
