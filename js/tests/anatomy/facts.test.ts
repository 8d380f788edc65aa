import { describe, expect, it } from "vitest";
import { Facts } from "../../src/anatomy/facts";
import { short } from "../../src/anatomy/numbers";
import { tokenActivationMap } from "../../src/attribution";
import { rankGaussianMean, windowAt } from "../../src/rank-gaussian";
import { farthest, panels } from "../fixture";

const [panel] = panels();
const answer = panel.tokens.flatMap(({ kind }, i) => (kind === "answer" ? [i] : []));

describe("the steps of a token", () => {
  it("end at its map", () => {
    for (const token of answer) {
      const { map } = new Facts(panel, token);
      expect(farthest(map, [...tokenActivationMap(panel, token)])).toBeLessThan(1e-7);
    }
  });

  it("weigh earlier tokens so that all weights make 1, and repeats none", () => {
    for (const token of answer) {
      const facts = new Facts(panel, token);
      const total = facts.weights.reduce((sum, weight) => sum + weight, 0);
      expect(total === 0 || Math.abs(total - 1) < 1e-5).toBe(true);
      for (const [k, weight] of facts.weights.entries())
        if (facts.isLeftOut(k)) expect(weight).toBe(0);
    }
  });

  it("read a window as the filter does", () => {
    const facts = new Facts(panel, answer[1]);
    for (let cell = 0; cell < facts.visual; cell++) {
      const places = windowAt(cell, facts.gridOf(cell), 3);
      const values = Float64Array.from(places, (place) => facts.normalised[place]).sort();
      expect(Math.abs(rankGaussianMean(values) - facts.map[cell])).toBeLessThan(1e-6);
    }
  });

  it("know where a cell is", () => {
    const facts = new Facts(panel, answer[0]);
    const { cols, rect } = facts.grids[0];
    expect(facts.placeOf(cols + 1)).toEqual([1, 1]);
    expect(facts.rectOf(0).slice(0, 2)).toEqual(rect.slice(0, 2));
  });
});

describe("a number's text", () => {
  it.each([
    [0, "0"],
    [12, "12"],
    [12.3456, "12.3"],
    [-0.12345, "−0.123"],
    [0.00123456, "0.00123"],
    [0.00012345, "1.2·10⁻⁴"],
    [11535.2, "11535"],
    [999.6, "1000"],
  ])("of %d is %s", (value, text) => {
    expect(short(value)).toBe(text);
  });
});
