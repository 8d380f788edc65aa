import { describe, expect, it } from "vitest";
import { alternativeMap, contrastMap, rawPeak } from "../src/alternatives";
import { type AttributionOptions, tokenActivationMap } from "../src/attribution";
import { farthest, fixture, panels } from "./fixture";

interface Case {
  readonly alternative: number;
  readonly options: AttributionOptions;
  readonly map: number[];
  readonly contrast: number[];
}

const record = panels()[2];
interface Maps {
  readonly options: AttributionOptions & { readonly leave_out?: "class" | "id" };
  readonly maps: number[][];
}

const { cases, maps } = fixture<{ cases: Case[]; maps: Maps[] }>("alternatives");

describe.each(maps)("a conversation with $options", ({ options, maps }) => {
  const { leave_out: leaveOut = "class" } = options;

  it.each([...maps.keys()])("has the map of token %i that Python computes", (token) => {
    const map = tokenActivationMap(record, token, { ...options, leaveOut });
    expect(farthest(map, maps[token])).toBeLessThan(1e-5);
  });
});

describe.each(cases)("alternative $alternative with $options", (given) => {
  it("has the map that Python computes", () => {
    const map = alternativeMap(record, given.alternative, given.options);
    expect(farthest(map, given.map)).toBeLessThan(1e-5);
  });

  it("has the contrast that Python computes", () => {
    const map = contrastMap(record, given.alternative, given.options);
    expect(farthest(map, given.contrast)).toBeLessThan(1e-5);
  });
});

it("has the largest raw activation of its pieces", () => {
  expect(rawPeak(record, 1)).toBe(Math.max(...record.alternativeActivations.subarray(10)));
});
