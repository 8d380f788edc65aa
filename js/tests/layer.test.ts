import { describe, expect, it } from "vitest";
import { place } from "../src/geometry";
import { cellAt, hasThumbnails, layerOf, peakOf, shownGrids, stitch, valuesOf } from "../src/layer";
import type { Grid, Rect } from "../src/wire";
import { fixture } from "./fixture";

const grid = (rows: number, cols: number, rect: Rect, image = 0, thumbnail = false): Grid => ({
  rows,
  cols,
  rect,
  image,
  time: null,
  frames: 1,
  thumbnail,
});

const size = { width: 400, height: 200 };
const left = grid(2, 2, [0, 0, 200, 200]);
const right = grid(2, 2, [200, 0, 400, 200]);
const small = grid(1, 2, [0, 0, 400, 200], 0, true);
const tiled = place([left, right, small]);

describe("tiles and a thumbnail", () => {
  it("are never in view together", () => {
    expect(hasThumbnails(tiled)).toBe(true);
    expect(shownGrids(tiled, false).map(({ offset }) => offset)).toEqual([0, 4]);
    expect(shownGrids(tiled, true).map(({ offset }) => offset)).toEqual([8]);
  });

  it("leave a picture alone that has only one of them", () => {
    const whole = place([grid(2, 2, [0, 0, 9, 9], 0), grid(1, 1, [0, 0, 9, 9], 1, true)]);
    expect(hasThumbnails(whole)).toBe(false);
    expect(shownGrids(whole, true)).toEqual(whole);
    expect(shownGrids(whole, false)).toEqual(whole);
  });

  it("have peaks of their own", () => {
    const map = Float32Array.of(0, 0.2, 0, 0, 0.4, 0, 0, 0, 0.9, 0);
    expect(peakOf(map, shownGrids(tiled, false))).toBeCloseTo(0.4);
    expect(peakOf(map, shownGrids(tiled, true))).toBeCloseTo(0.9);
    expect(valuesOf(map, shownGrids(tiled, true))).toEqual(Float32Array.of(0.9, 0));
  });
});

it("a contrast's peak may lie below 0", () => {
  const one = place([grid(1, 2, [0, 0, 2, 1])]);
  expect(peakOf(Float32Array.of(0.25, -0.5), one)).toBe(0.5);
});

describe("stitching", () => {
  it("joins tiles into one surface whose rows run across them", () => {
    const surface = stitch(place([left, right]));
    expect(surface).toMatchObject({ rows: 2, cols: 4, rect: [0, 0, 400, 200] });
    expect([...(surface?.cells ?? [])]).toEqual([0, 1, 4, 5, 2, 3, 6, 7]);
  });

  it("follows the rectangles, not the order of the grids", () => {
    const below = grid(1, 2, [0, 200, 200, 300]);
    expect([...(stitch(place([below, left]))?.cells ?? [])]).toEqual([2, 3, 4, 5, 0, 1]);
  });

  it("allows for rounded rectangles", () => {
    expect(stitch(place([grid(2, 2, [0, 0, 199, 200]), right]))).not.toBeNull();
  });

  it.each([
    ["overlap", grid(2, 2, [100, 0, 300, 200])],
    ["leave a gap", grid(2, 2, [300, 0, 500, 200])],
    ["lie far apart", grid(2, 2, [1e12, 0, 1e12 + 200, 200])],
    ["have other cells", grid(4, 4, [200, 0, 400, 200])],
    ["do not fill a rectangle", grid(2, 2, [200, 200, 400, 400])],
  ])("does not join grids that %s", (_, other) => {
    expect(stitch(place([left, other]))).toBeNull();
    const { surfaces } = layerOf(size, place([left, other]));
    expect(surfaces.map(({ cells }) => cells[0])).toEqual([0, 4]);
  });
});

interface Mosaic {
  readonly name: string;
  readonly grids: readonly { rows: number; cols: number; rect: Rect; thumbnail: boolean }[];
  /** Indices of the grids that are drawn, without and with the thumbnail. */
  readonly tiles: readonly number[];
  readonly thumbnail: readonly number[];
  readonly joined: { rows: number; cols: number; rect: Rect; cells: number[] } | null;
}

it.each(fixture<Mosaic[]>("mosaic"))("joins $name as Python does", (given) => {
  const { grids, joined, ...drawn } = given;
  const all = place(grids.map((one) => grid(one.rows, one.cols, one.rect, 0, one.thumbnail)));
  for (const thumbnail of [false, true])
    expect(shownGrids(all, thumbnail).map((one) => all.indexOf(one))).toEqual(
      thumbnail ? drawn.thumbnail : drawn.tiles,
    );
  const { surfaces } = layerOf(size, shownGrids(all, false));
  const whole = surfaces.length === 1 ? surfaces[0] : null;
  expect(whole && { ...whole, cells: [...whole.cells] }).toEqual(joined);
});

describe("cells", () => {
  it("are found through tiles and told with their own rectangle", () => {
    const { surfaces } = layerOf(size, place([left, right]));
    expect(cellAt(surfaces, 310, 60)).toEqual({ index: 5, rect: [300, 0, 400, 100] });
  });

  it("are those of the finest grid", () => {
    const fine = grid(4, 4, [200, 0, 400, 200]);
    const { surfaces } = layerOf(size, place([fine, grid(2, 4, [0, 0, 400, 200])]));
    expect(cellAt(surfaces, 210, 60)).toEqual({ index: 4, rect: [200, 50, 250, 100] });
    expect(cellAt(surfaces, 10, 60)?.index).toBe(16);
  });

  it("are none outside", () => {
    const { surfaces, unseen } = layerOf(size, place([grid(4, 4, [100, 0, 300, 200])]));
    expect(cellAt(surfaces, 50, 50)).toBeNull();
    expect(cellAt(surfaces, 300, 50)).toBeNull();
    expect(unseen).toEqual([
      [0, 0, 100, 200],
      [300, 0, 400, 200],
    ]);
  });
});
