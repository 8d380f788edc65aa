import { expect, it } from "vitest";
import { branchesOf, type Step } from "../../../src/questions/what-if/branches";

const step = (parent: number | null): Step => ({
  parent,
  change: parent === null ? "" : "crop",
  label: "",
  text: "",
});

it("reads a chain as one line", () => {
  expect(branchesOf([step(null), step(0), step(1)])).toEqual([
    { depth: 0, from: null, steps: [0, 1, 2] },
  ]);
});

it("puts what leaves a line below it, and further in", () => {
  const steps = [step(null), step(0), step(1), step(0), step(3), step(1), step(3)];
  expect(branchesOf(steps)).toEqual([
    { depth: 0, from: null, steps: [0, 1, 2] },
    { depth: 1, from: 0, steps: [3, 4] },
    { depth: 2, from: 3, steps: [6] },
    { depth: 1, from: 1, steps: [5] },
  ]);
});

it("begins a line for every explanation of a comparison", () => {
  expect(branchesOf([step(null), step(null), step(1)]).map(({ steps }) => steps)).toEqual([
    [0],
    [1, 2],
  ]);
});
