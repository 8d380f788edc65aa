import { describe, expect, it } from "vitest";
import { place } from "../src/geometry";
import { gridsOn, shownGrids } from "../src/layer";
import { agreementOf, wordPairs } from "../src/tools/agreement";
import { commonRaster, type Raster, Sampler, seenByBoth } from "../src/tools/common-raster";
import type { Grid } from "../src/wire";
import { farthest, fixture } from "./fixture";

interface Case {
  readonly name: string;
  readonly grids: readonly [Grid[], Grid[]];
  readonly maps: readonly [number[], number[]];
  readonly raster: Raster | null;
  readonly values: readonly [number[], number[]];
  readonly both: readonly number[];
  readonly correlation: number;
  readonly overlap: number;
}

const cases = fixture<Case[]>("agreement");
const drawn = (grids: Grid[]) => gridsOn(shownGrids(place(grids), false), 0);

describe("what Python computes from the same maps", () => {
  it.each(cases)("is found for $name", (known) => {
    const [first, second] = known.grids.map(drawn);
    const raster = commonRaster(first, second);
    expect(raster).toEqual(known.raster);
    if (!raster) return;
    const samplers = [new Sampler(first, raster), new Sampler(second, raster)] as const;
    const [a, b] = samplers.map((one, i) => one.values(Float32Array.from(known.maps[i])));
    expect(farthest(a, known.values[0])).toBeLessThan(1e-6);
    expect(farthest(b, known.values[1])).toBeLessThan(1e-6);
    const both = seenByBoth(...samplers);
    expect(both.map(Number)).toEqual(known.both);
    const found = agreementOf(
      a.filter((_, i) => both[i]),
      b.filter((_, i) => both[i]),
    );
    expect(found.correlation).toBeCloseTo(known.correlation, 6);
    expect(found.overlap).toBeCloseTo(known.overlap, 6);
  });
});

describe("agreement", () => {
  const values = (...numbers: number[]) => Float64Array.from(numbers);

  it("is full for equal maps, whatever their strength", () => {
    const found = agreementOf(values(0.1, 0.5, 0.9), values(0.02, 0.1, 0.18));
    expect(found.correlation).toBeCloseTo(1, 12);
    expect(found.overlap).toBe(1);
  });

  it("is none for maps of different places", () => {
    const found = agreementOf(values(0, 0, 1, 0), values(1, 0, 0, 0));
    expect(found.correlation).toBeLessThan(0);
    expect(found.overlap).toBe(0);
  });

  it("is not a number for flat or empty maps", () => {
    expect(agreementOf(values(0.1, 0.1), values(0, 1)).correlation).toBeNaN();
    expect(agreementOf(values(0, 0), values(0, 1)).overlap).toBeNaN();
  });
});

it("pairs the occurrences of a word in order", () => {
  const links = [
    [
      [0, [7]],
      [0, [9]],
      [1, [2, 3]],
    ],
    [
      [0, [4]],
      [1, [8]],
      [2, [1]],
    ],
    [
      [0, [5]],
      [2, [6]],
    ],
  ] as const;
  expect(wordPairs(links, 0, 1)).toEqual([
    [[4], [8]],
    [[7], [2, 3]],
  ]);
  expect(wordPairs(links, 2, 0)).toEqual([
    [[1], [4]],
    [[6], [5]],
  ]);
});
