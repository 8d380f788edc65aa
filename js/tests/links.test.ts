import { describe, expect, it } from "vitest";
import { Links, type Pair } from "../src/links";
import { shownIn } from "../src/state/shown";

// "dog" stands twice in panel 0 (the second time in two pieces), once in panel 1, not in panel 2.
const links = new Links([
  [
    [0, [3]],
    [0, [7, 8]],
    [1, [5]],
  ],
  [
    [0, [4]],
    [2, [1]],
    [2, [6]],
  ],
]);

describe("twins", () => {
  it.each<[Pair, number, number | null]>([
    [[0, 3], 1, 5],
    [[0, 7], 1, 5],
    [[0, 8], 1, 5],
    [[1, 5], 0, 3],
    [[0, 3], 2, null],
    [[0, 4], 2, 1],
    [[2, 6], 0, 4],
    [[0, 9], 1, null],
  ])("of %j in panel %d is %j", (pair, panel, twin) => {
    expect(links.twin(pair, panel)).toBe(twin);
  });
});

describe("what a panel shows", () => {
  const shown = (panel: number, preview: Pair | null, selected: Pair[]) =>
    shownIn(panel, preview, selected, links);

  it("is nothing where nothing is pointed at or locked", () => {
    expect(shown(0, null, [])).toEqual({ tokens: [], missing: false });
  });

  it("is the token pointed at, and its twin elsewhere, over what is locked", () => {
    expect(shown(0, [0, 3], [[0, 9]])).toEqual({ tokens: [3], missing: false });
    expect(shown(1, [0, 3], [[1, 2]])).toEqual({ tokens: [5], missing: false });
  });

  it("is the panel's own lock where the token pointed at has no twin", () => {
    expect(shown(1, [0, 9], [[1, 2]])).toEqual({ tokens: [2], missing: false });
  });

  it("says that a word is missing", () => {
    expect(shown(2, [0, 3], [])).toEqual({ tokens: [], missing: true });
    expect(shown(2, null, [[0, 3]])).toEqual({ tokens: [], missing: true });
  });

  it("follows another panel's lock, and joins several of its own", () => {
    expect(shown(1, null, [[0, 3]]).tokens).toEqual([5]);
    expect(
      shown(0, null, [
        [0, 3],
        [1, 2],
        [0, 4],
      ]).tokens,
    ).toEqual([3, 4]);
  });
});
