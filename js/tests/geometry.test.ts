import { describe, expect, it } from "vitest";
import { cellAt, coarseFirst, place, strongestRegion, unseen } from "../src/geometry";
import type { Grid, Rect } from "../src/wire";

const grid = (rows: number, cols: number, rect: Rect, image = 0): Grid => ({
  rows,
  cols,
  rect,
  image,
  time: null,
  frames: 1,
  thumbnail: false,
});

const crop = grid(4, 4, [100, 0, 300, 200]);
const tiles = [
  grid(2, 4, [0, 0, 400, 200]),
  grid(4, 4, [0, 0, 200, 200]),
  grid(4, 4, [200, 0, 400, 200]),
];

describe("what the model did not see", () => {
  it("is the margins of a centre crop", () => {
    expect(unseen(400, 200, [crop])).toEqual([
      [0, 0, 100, 200],
      [300, 0, 400, 200],
    ]);
  });

  it("is nothing under tiles and thumbnail, nor for a rounding sliver", () => {
    expect(unseen(400, 200, tiles)).toEqual([]);
    expect(unseen(400, 200, [grid(2, 2, [0.4, 0, 399.6, 200])])).toEqual([]);
  });

  it("is the whole image without a grid", () => {
    expect(unseen(40, 20, [])).toEqual([[0, 0, 40, 20]]);
  });
});

describe("cells", () => {
  it("are counted through all grids, the finest first", () => {
    expect(cellAt(place(tiles), 210, 60)).toEqual({ index: 8 + 16 + 4, rect: [200, 50, 250, 100] });
    expect(coarseFirst(place(tiles))[0].offset).toBe(0);
  });

  it("are none outside", () => {
    expect(cellAt(place([crop]), 50, 50)).toBeNull();
    expect(cellAt(place([crop]), 300, 50)).toBeNull();
  });
});

describe("the strongest region", () => {
  const at = (index: number, grids: Grid[]) => {
    const map = new Float32Array(grids.reduce((n, { rows, cols }) => n + rows * cols, 0));
    if (index >= 0) map[index] = 1;
    return strongestRegion(map, place(grids));
  };

  it("is said in words", () => {
    const nine = [grid(3, 3, [0, 0, 9, 9])];
    expect([0, 1, 4, 8].map((i) => at(i, nine))).toEqual([
      "top left",
      "top",
      "centre",
      "bottom right",
    ]);
    expect(at(-1, nine)).toBe("no region");
  });

  it("names the image where there are several", () => {
    expect(at(17, [grid(3, 3, [0, 0, 9, 9]), grid(3, 3, [0, 0, 9, 9], 1)])).toBe(
      "bottom right of image 2",
    );
  });
});
