import { describe, expect, it } from "vitest";
import { COLORMAPS, colourise, coverage, type Paint, pixelTable } from "../src/colormaps";
import { otsu } from "../src/otsu";
import { enlarge } from "../src/resample";
import { evidenceShare } from "../src/view/details";
import { shortProbability } from "../src/view/probability";
import { brightness } from "../src/view/theme";
import { farthest, fixture } from "./fixture";

const paint = { colormap: "viridis", opacity: 1, threshold: 0, diverging: false };
const rgba = (pixel: number) => [...new Uint8Array(Uint32Array.of(pixel).buffer)];

describe("colours", () => {
  it("begin transparent and end opaque, perceptually uniform maps first", () => {
    expect(COLORMAPS).toEqual(["viridis", "inferno", "cividis", "jet"]);
    const table = pixelTable(paint);
    expect(rgba(table[0])).toEqual([68, 1, 84, 0]);
    expect(rgba(table[255])).toEqual([253, 231, 37, 255]);
    expect(coverage(0)).toBe(0);
    expect(rgba(table[128]).slice(0, 3)).toEqual([32, 145, 140]); // as in Python, between two kept
  });

  it("diverge from a transparent middle, orange above it and blue below", () => {
    const table = pixelTable({ ...paint, diverging: true });
    const [below, middle, above] = [table[1], table[128], table[255]].map(rgba);
    expect(middle[3]).toBe(0);
    expect(above).toEqual([217, 72, 15, 255]);
    expect(below).toEqual([11, 79, 158, 255]);
    const target = new Uint32Array(3);
    colourise([-0.5, 0, 0.5], 0.5, table, target, 128);
    expect([...target]).toEqual([table[1], table[128], table[255]]);
  });

  it("leave out what is under the threshold", () => {
    const table = pixelTable({ ...paint, threshold: 0.5 });
    expect(rgba(table[127])[3]).toBe(0);
    expect(rgba(table[128])[3]).toBeGreaterThan(200);
  });

  it("spread over the scale; a scale of 0 draws nothing", () => {
    const table = pixelTable(paint);
    const target = new Uint32Array(3);
    colourise([0, 0.2, 0.9], 0.4, table, target);
    expect([...target]).toEqual([table[0], table[128], table[255]]);
    colourise([0, 0, 0], 0, table, target);
    expect(target.every((pixel) => rgba(pixel)[3] === 0)).toBe(true);
  });
});

it.each(fixture<{ paint: Paint; pixels: string }[]>("colours"))(
  "$paint.colormap, diverging: $paint.diverging, has the colours of Python within a level",
  (given) => {
    const expected = [...Buffer.from(given.pixels, "base64")];
    const found = new Uint8Array(pixelTable(given.paint).buffer);
    expect(farthest(found, expected)).toBeLessThanOrEqual(1);
  },
);

describe("enlarging", () => {
  it("keeps a constant, the range, and where the peak lies", () => {
    expect(enlarge(new Float32Array(6).fill(0.25), 2, 3, 4)).toEqual(
      new Float32Array(96).fill(0.25),
    );
    const spike = new Float32Array(25);
    spike[7] = 1; // row 1, column 2
    const fine = enlarge(spike, 5, 5, 5);
    expect(fine.indexOf(Math.max(...fine))).toBe((1 * 5 + 2) * 25 + 2 * 5 + 2);
    expect(Math.min(...fine)).toBe(0);
    expect(Math.max(...fine)).toBe(1);
  });
});

describe("Otsu's threshold", () => {
  it("separates two groups, whatever the scale", () => {
    const map = [0.02, 0.03, 0.01, 0.02, 0.35, 0.4, 0.38];
    for (const end of [0.4, 1]) {
      const threshold = otsu(map, end) * end;
      expect(threshold).toBeGreaterThan(0.02);
      expect(threshold).toBeLessThanOrEqual(0.35);
    }
  });

  const maps = fixture<{ name: string; values: number[]; above: number[] }[]>("otsu");
  it.each(maps)("leaves what evaluations take for the foreground of $name", (given) => {
    const threshold = otsu(given.values, 1);
    const levels = given.values.map((value) => Math.trunc(Math.fround(255 * value)));
    const above = levels.map((level) => Number(level > 0 && level / 255 >= threshold));
    expect(above).toEqual(given.above);
  });

  it("is 0 for a constant", () => {
    expect(otsu(new Float32Array(9), 0)).toBe(0);
  });
});

describe("figures", () => {
  it("tell the image's share, unless there is no evidence at all", () => {
    const peaks = { residual: new Float32Array(), rawPeak: 9 };
    expect(evidenceShare({ ...peaks, imagePeak: 3, textPeak: 1 })).toBe(0.75);
    expect(evidenceShare({ ...peaks, imagePeak: 0, textPeak: 0 })).toBeNull();
  });

  it("shorten probabilities without calling the small ones 0", () => {
    expect([0.8234, 0.004, 1, 0.05].map(shortProbability)).toEqual([".82", "<.01", "1.0", ".05"]);
  });
});

describe("the theme", () => {
  it("is read off the colour of the text around", () => {
    expect(brightness("rgb(255, 255, 255)")).toBeCloseTo(1);
    expect(brightness("rgba(0, 0, 0, 0.87)")).toBeCloseTo(0);
    expect(brightness("color(srgb 0.9 0.9 0.9)")).toBeCloseTo(0.9);
    expect(brightness("")).toBeNull();
  });
});
