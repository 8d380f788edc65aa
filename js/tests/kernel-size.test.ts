/** Windows of the rank Gaussian filter on all kinds of grids, as in Python. */
import { describe, expect, it } from "vitest";
import { type Border, checkKernel, largestKernel, rankGaussianFilter } from "../src/rank-gaussian";
import { farthest, fixture } from "./fixture";

interface Computed {
  readonly grids: readonly { rows: number; cols: number; allowed: number[] }[];
  readonly filtered: readonly {
    rows: number;
    cols: number;
    size: number;
    border: Border;
    values: number[];
    filtered: number[];
  }[];
}

const { grids, filtered } = fixture<Computed>("kernel_size");
const SIZES = Array.from({ length: 25 }, (_, i) => i - 1);

function allows(size: number, rows: number, cols: number): boolean {
  try {
    checkKernel(size, rows, cols);
    return true;
  } catch {
    return false;
  }
}

describe.each(grids)("a grid of $rows × $cols", ({ rows, cols, allowed }) => {
  it("allows the windows that Python allows", () => {
    expect(SIZES.filter((size) => allows(size, rows, cols))).toEqual(allowed);
    expect(largestKernel(rows, cols)).toBe(allowed.at(-1));
  });
});

it.each(filtered)("filters $rows × $cols by $size, $border, as Python does", (given) => {
  const { rows, cols, size, border, values } = given;
  const found = rankGaussianFilter(values, rows, cols, size, { border });
  expect(farthest(found, given.filtered)).toBeLessThan(1e-6);
});
