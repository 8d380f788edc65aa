import { describe, expect, it } from "vitest";
import { cellsOf, outlineOf, underBrush } from "../../src/exercises/cells";
import { brightCells, type DrawingScore, scoreOf } from "../../src/exercises/score";
import { drawingInWords } from "../../src/exercises/sentences";
import { fixture } from "../fixture";

interface Case {
  readonly map: number[];
  readonly cells: number[];
  readonly drawn: number[];
  readonly score: DrawingScore;
}

const LAYER = {
  surfaces: [
    {
      rows: 3,
      cols: 4,
      rect: [0, 0, 40, 30] as const,
      cells: Int32Array.from({ length: 12 }, (_, i) => i),
    },
  ],
  unseen: [],
};

describe("score", () => {
  it.each(fixture<Case[]>("drawing_score"))("is the one computed by hand, %#", (one) => {
    const found = scoreOf(Float32Array.from(one.map), one.cells, one.drawn);
    expect(found.weight).toBeCloseTo(one.score.weight, 6);
    expect(found.drawn).toBeCloseTo(one.score.drawn, 6);
    expect(found.overlap).toBeCloseTo(one.score.overlap, 6);
  });

  it("is said in words", () => {
    const said = drawingInWords({ weight: 0.6, drawn: 0.125, overlap: 0.5 }, 6, 1);
    expect(said).toBe(
      "Your 6 cells are 12.5 % of the picture and hold 60.0 % of the map’s weight: 4.8 times what 6 cells taken at random hold on average.",
    );
    const one = drawingInWords({ weight: 0.6, drawn: 0.125, overlap: 0.5 }, 1, 2);
    expect(one).toMatch(
      /^Your one cell is 12\.5 % of the pictures and holds 60\.0 % of the map’s weight: 4\.8 times what a cell taken/,
    );
  });

  it.each([
    [0.7204, 35 / 256, 35],
    [0.0004, 1 / 4096, 1],
    [0.1549, 0.01049, 3],
  ])("says a ratio that fits the numbers beside it: %f in %f", (weight, drawn, cells) => {
    const said = drawingInWords({ weight, drawn, overlap: 0 }, cells, 1);
    const [area, held, times] = [...said.matchAll(/[\d.]+(?= %| times)/g)].map(Number);
    expect(area).toBeGreaterThan(0);
    expect(Math.abs(held / area - times)).toBeLessThanOrEqual(times < 10 ? 0.05 : 0.5);
  });

  it("counts nothing drawn as no weight", () => {
    const said = drawingInWords({ weight: 0, drawn: 0.5, overlap: 0 }, 6, 1);
    expect(said).toContain("hold 0.0 % of the map’s weight: 0.0 times");
  });

  it("knows the bright area, which is what the overlap is with", () => {
    const map = Float32Array.from([0.2, 0.8, 0.4, 0.39, 1]);
    expect([...brightCells(map, [0, 1, 2, 3])]).toEqual([1, 2]);
  });
});

describe("cells", () => {
  const cells = cellsOf(LAYER);

  it("have their places in the picture", () => {
    expect(cells[6]).toEqual({ index: 6, rect: [20, 10, 30, 20], row: 1, col: 2, surface: 0 });
  });

  it("lie under a brush if their centre does", () => {
    expect(underBrush(cells, cells[5], 18, 19, 1)).toEqual([5]);
    expect(underBrush(cells, cells[5], 15, 15, 2).sort((a, b) => a - b)).toEqual([1, 4, 5, 6, 9]);
  });

  it("have an outline only where a drawn one ends", () => {
    const two = outlineOf(cells, new Set([5, 6]));
    expect(two.split("M").length - 1).toBe(6);
    expect(two).not.toContain("M20 10V20");
  });
});
