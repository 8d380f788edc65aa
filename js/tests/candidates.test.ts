import { describe, expect, it } from "vitest";
import { Links } from "../src/links";
import { alternativeIn } from "../src/state/shown";
import type { Counterfactual } from "../src/state/store";
import { choicesOf } from "../src/view/candidates";
import type { Alternative, Panel, Token } from "../src/wire";

const candidate = (id: number, text: string) => ({ id, text, probability: 0.5 });
const token = (id: number, ...candidates: Token["candidates"]): Token => ({
  id,
  text: " dog",
  kind: "answer",
  span: [0, 4],
  special: false,
  probability: 0.5,
  candidates,
});

const alternatives: Alternative[] = [
  { token: 4, text: " cat", ids: [7], probability: 0.2 },
  { token: 5, text: " cat", ids: [7], probability: 0.1 },
  { token: 5, text: " hot dog", ids: [8, 9], probability: null },
];

describe("the words for a token's place", () => {
  const dog = token(6, candidate(6, " dog"), candidate(7, " cat"), candidate(3, " cow"));

  it("are the candidates, each with the map that it has, then what was asked for", () => {
    const found = choicesOf(5, dog, alternatives).map(({ text, number, pieces, own }) => [
      text,
      number,
      pieces,
      own,
    ]);
    expect(found).toEqual([
      [" dog", -1, 1, true],
      [" cat", 1, 1, false],
      [" cow", null, 1, false],
      [" hot dog", 2, 2, false],
    ]);
  });

  it("begin with the token where the model would not have written it", () => {
    const given = token(99, candidate(6, " dog"));
    expect(choicesOf(5, given, []).map(({ text, own }) => [text, own])).toEqual([
      [" dog", true],
      [" dog", false],
    ]);
    expect(choicesOf(0, { ...given, probability: null }, [])).toHaveLength(1);
  });

  it("lead nowhere where no other word has a map", () => {
    expect(choicesOf(6, dog, alternatives).map(({ number }) => number)).toEqual([null, null, null]);
  });
});

describe("what stands in a token's place", () => {
  const shown = { tokens: [5], missing: false, locked: true };
  const other = (token: number, text: string) => ({ token, text, ids: [1], probability: null });
  const panels = [
    { alternatives: [other(5, " Ship"), other(4, " car"), other(5, " boat")] },
    { alternatives: [other(5, " boat"), other(7, " boat"), other(7, "ship ")] },
  ] as unknown as readonly Panel[];
  const links = new Links([
    [
      [0, [5]],
      [1, [7]],
    ],
  ]);
  const found = (
    panel: number,
    what: Parameters<typeof alternativeIn>[1],
    candidate: Counterfactual | null,
    chosen: Counterfactual | readonly [],
  ) => alternativeIn(panel, what, candidate, chosen, { links, panels });

  it("is the alternative chosen for the locked token, and only that", () => {
    expect(found(0, shown, null, [0, 5, 2])).toBe(2);
    expect(found(1, shown, null, [0, 5, 2])).toBeNull();
    expect(found(0, { ...shown, tokens: [4] }, null, [0, 5, 2])).toBeNull();
    expect(found(0, { ...shown, tokens: [5, 6] }, null, [0, 5, 2])).toBeNull();
    expect(found(0, { ...shown, locked: false }, null, [0, 5, 2])).toBeNull();
    expect(found(0, shown, null, [])).toBeNull();
  });

  it("is the one pointed at first of all, or the token itself", () => {
    expect(found(0, { ...shown, locked: false }, [0, 5, 0], [])).toBe(0);
    expect(found(0, shown, [0, 5, 0], [0, 5, 2])).toBe(0);
    expect(found(0, shown, [0, 5, -1], [0, 5, 2])).toBeNull();
  });

  it("is the same word in the linked token's place, or −1 if there is none", () => {
    const twin = { ...shown, tokens: [7] };
    expect(found(1, twin, null, [0, 5, 2])).toBe(1);
    expect(found(1, twin, null, [0, 5, 0])).toBe(2);
    expect(found(0, shown, null, [1, 7, 1])).toBe(2);
    expect(found(1, { ...twin, locked: false }, [0, 5, 2], [])).toBe(1);
    expect(found(1, { ...twin, locked: false }, null, [0, 5, 2])).toBeNull();
    expect(found(1, { ...twin, tokens: [7, 8] }, null, [0, 5, 2])).toBe(-1);
    const fewer = [panels[0], { alternatives: [other(7, " car")] }] as unknown as typeof panels;
    expect(alternativeIn(1, twin, null, [0, 5, 2], { links, panels: fewer })).toBe(-1);
  });
});
