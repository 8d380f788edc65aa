import { describe, expect, it } from "vitest";
import { Links, type Pair } from "../src/links";
import { shownIn } from "../src/state/shown";
import type { Occurrence, Token } from "../src/wire";
import { spanText, Words } from "../src/words";
import { fixture } from "./fixture";

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
  const words = [
    new Words([[3], [4], [7, 8]], 10),
    new Words([[2], [5]], 6),
    new Words([[1], [6]], 7),
  ];
  const shown = (
    panel: number,
    preview: Pair | null,
    selected: Pair[],
    granularity: "token" | "word" = "token",
  ) => {
    const { tokens, missing } = shownIn(
      panel,
      { preview, selected, granularity },
      { links, words, atRest: [[], [], []] },
    );
    return { tokens, missing };
  };

  it("is what the record says while nothing is pointed at or locked", () => {
    const choice = { preview: null, selected: [], granularity: "token" } as const;
    expect(shownIn(1, choice, { links, words, atRest: [[3], [5], []] }).tokens).toEqual([5]);
  });

  it("is nothing where the record has nothing for it", () => {
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

  it("is the whole word where words are the unit, and its whole twin", () => {
    expect(shown(0, [0, 8], [], "word").tokens).toEqual([7, 8]);
    expect(shown(1, [0, 8], [], "word").tokens).toEqual([5]);
    expect(shown(0, [1, 5], [], "word").tokens).toEqual([3]);
  });

  it("is all twins of a span's words, each whole", () => {
    const span: Pair[] = [3, 4, 5, 6, 7].map((token) => [0, token] as const);
    expect(shown(1, null, span).tokens).toEqual([5]);
    expect(shown(2, null, span).tokens).toEqual([1]);
    expect(
      shown(0, null, [
        [1, 5],
        [1, 2],
      ]).tokens,
    ).toEqual([3]);
    expect(
      shown(2, null, [
        [1, 2],
        [1, 3],
      ]),
    ).toEqual({ tokens: [], missing: true });
  });
});

interface Computed {
  readonly panels: readonly { tokens: number; words: number[][] }[];
  readonly links: readonly (readonly Occurrence[])[];
  readonly shown: readonly {
    selected: Pair[];
    granularity: "token" | "word";
    tokens: number[][];
  }[];
}

it("panels show the twins that Python finds", () => {
  const { panels, links: groups, shown } = fixture<Computed>("twins");
  const words = panels.map((panel) => new Words(panel.words, panel.tokens));
  const text = { links: new Links(groups), words, atRest: panels.map(() => []) };
  const found = shown.map(({ selected, granularity }) => ({
    selected,
    granularity,
    tokens: panels.map(
      (_, panel) => shownIn(panel, { preview: null, selected, granularity }, text).tokens,
    ),
  }));
  expect(found).toEqual(shown);
});

describe("words", () => {
  const words = new Words([[0], [1, 2], [4], [4], [5, 6]], 8);

  it("hold all their pieces; what is in none stands alone", () => {
    expect([0, 2, 3, 4, 6].map((token) => words.of(token))).toEqual([
      [0],
      [1, 2],
      [3],
      [4],
      [5, 6],
    ]);
  });

  it("are stepped over from start to start, to the ends", () => {
    expect([0, 1, 2, 4, 5].map((token) => words.next(token, 1))).toEqual([1, 4, 4, 5, 7]);
    expect([6, 5, 2, 1, 0].map((token) => words.next(token, -1))).toEqual([5, 4, 1, 0, 0]);
  });

  it("are joined as written, with an ellipsis over a gap", () => {
    const tokens = [" a", " dog", "ling", "\n", " runs"].map((text) => ({ text }) as Token);
    expect(spanText(tokens, [1, 2])).toBe("dogling");
    expect(spanText(tokens, [2, 0, 4, 3])).toBe("a … ling runs");
    const prompt = { text: "Why?", kind: "prompt" } as Token;
    expect(spanText([prompt, { ...prompt, text: "So", kind: "answer" }], [0, 1])).toBe("Why? … So");
  });
});
