import { describe, expect, it } from "vitest";
import { aggregate } from "../src/aggregate";
import { tokenActivationMaps } from "../src/attribution";
import { place } from "../src/geometry";
import { gridsOn, shownGrids } from "../src/layer";
import { Region } from "../src/region";
import type { Aggregate } from "../src/state/store";
import type { Grid, Rect } from "../src/wire";
import { farthest, fixture, panels } from "./fixture";

const grid = (rows: number, cols: number, rect: Rect, more: Partial<Grid> = {}): Grid => ({
  rows,
  cols,
  rect,
  image: 0,
  time: null,
  frames: 1,
  thumbnail: false,
  ...more,
});

const one = place([grid(2, 2, [0, 0, 20, 10])]);
const maps = (...rows: number[][]) => rows.map((row) => Float32Array.from(row));

describe("the share of a map inside a box", () => {
  const region = new Region(one);
  const shares = (values: number[], box: Rect) => [...region.shares(maps(values), box)];

  it("is all of it for the whole picture, nothing beside it", () => {
    expect(shares([1, 0.5, 0.25, 0.25], [0, 0, 20, 10])).toEqual([1]);
    expect(shares([1, 0, 0, 0], [10, 0, 20, 10])).toEqual([0]);
  });

  it("takes cells by the fraction that lies inside", () => {
    expect(shares([1, 0.5, 0.25, 0.25], [5, 0, 10, 5])[0]).toBeCloseTo(0.5 / 2);
    expect(shares([1, 0.5, 0.25, 0.25], [5, 2.5, 15, 7.5])[0]).toBeCloseTo(0.25);
  });

  it("is 0 for what is faint beside the panel's largest value, and for an empty map", () => {
    const found = region.shares(
      maps([1, 0, 0, 0], [0.04, 0, 0, 0], [0.06, 0, 0, 0], [0, 0, 0, 0]),
      [0, 0, 10, 5],
    );
    expect([...found]).toEqual([1, 0, 1, 0]);
  });

  it("is 0 for a map that is not computed yet", () => {
    const [known] = maps([1, 1, 0, 0]);
    expect([...region.shares([undefined, known], [0, 0, 10, 10])]).toEqual([0, 0.5]);
  });
});

describe("the grids that count", () => {
  it("are a picture's tiles without its thumbnail", () => {
    const tiles = place([
      grid(1, 1, [0, 0, 10, 10]),
      grid(1, 1, [10, 0, 20, 10]),
      grid(1, 1, [0, 0, 20, 10], { thumbnail: true }),
      grid(1, 1, [0, 0, 20, 10], { image: 1 }),
    ]);
    const region = new Region(gridsOn(shownGrids(tiles, false), 0));
    expect([...region.shares(maps([0.25, 0.75, 1, 1]), [0, 0, 10, 10])]).toEqual([0.25]);
  });

  it("are those that cover a frame", () => {
    const video = place([0, 2].map((image) => grid(1, 1, [0, 0, 1, 1], { image, frames: 2 })));
    expect([0, 1, 2, 3].map((frame) => gridsOn(video, frame)[0].offset)).toEqual([0, 0, 1, 1]);
  });
});

describe("the tokens that a cell lights", () => {
  it("are those whose map is strong there", () => {
    const region = new Region(one);
    const lit = region.litBy(
      [...maps([1, 0.4, 0, 0], [0.3, 0.6, 0, 0], [0.02, 0.01, 0, 0]), undefined],
      0,
    );
    expect(lit).toEqual([0, 1]);
  });
});

interface Computed {
  readonly shares: { panel: number; image: number; box: Rect; shares: number[] }[];
  readonly aggregates: { panel: number; tokens: number[]; how: Aggregate; map: number[] }[];
}

describe("what Python computes from the same record", () => {
  const { shares, aggregates } = fixture<Computed>("region");
  const records = panels();
  const cam = { eci: 0, rgf: false };

  it.each(shares)("are the shares in $box of image $image, panel $panel", (given) => {
    const record = records[given.panel];
    const region = new Region(gridsOn(shownGrids(place(record.grids), false), given.image));
    const found = region.shares(tokenActivationMaps(record, cam), given.box);
    expect(farthest(found, given.shares)).toBeLessThan(1e-5);
  });

  it.each(aggregates)("is the $how of the maps of $tokens", ({ panel, tokens, how, map }) => {
    const all = tokenActivationMaps(records[panel], cam);
    const joint = aggregate(
      tokens.map((token) => all[token]),
      how,
    );
    expect(farthest(joint, map)).toBeLessThan(1e-5);
  });
});
