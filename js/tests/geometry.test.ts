import { describe, expect, it } from "vitest";
import { place, strongestRegion, unseen } from "../src/geometry";
import type { Grid, Rect, StoredImage } from "../src/wire";

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

const picture = (width: number, height: number, video: number | null = null): StoredImage => ({
  mime: "image/png",
  width,
  height,
  video,
  time: video === null ? null : 2,
  data: new Uint8Array(),
});

describe("the strongest region", () => {
  const at = (index: number, grids: Grid[], images: StoredImage[]) => {
    const map = new Float32Array(grids.reduce((n, { rows, cols }) => n + rows * cols, 0));
    if (index >= 0) map[index] = 1;
    return strongestRegion(map, place(grids), images);
  };

  it("is said in words", () => {
    const nine = [grid(3, 3, [0, 0, 9, 9])];
    expect([0, 1, 4, 8].map((i) => at(i, nine, [picture(9, 9)]))).toEqual([
      "top left",
      "top",
      "centre",
      "bottom right",
    ]);
    expect(at(-1, nine, [picture(9, 9)])).toBe("no place in the picture");
  });

  it("is that of the picture, not of the tile or crop", () => {
    expect(at(2 * 4 + 4 * 4 + 15, tiles, [picture(400, 200)])).toBe("bottom right");
    expect(at(1, [crop], [picture(400, 200)])).toBe("top");
  });

  it("names the image where there are several, the time in a video", () => {
    const two = [grid(3, 3, [0, 0, 9, 9]), grid(3, 3, [0, 0, 9, 9], 1)];
    expect(at(17, two, [picture(9, 9), picture(9, 9)])).toBe("bottom right of image 2");
    expect(at(17, two, [picture(9, 9), picture(9, 9, 0)])).toBe("bottom right at 2.0 s of video 1");
  });
});
