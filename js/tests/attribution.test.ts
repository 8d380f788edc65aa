import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import {
  type AttributionRecord,
  evidence,
  tokenActivationMap,
  tokenActivationMaps,
} from "../src/attribution";
import { rankGaussianFilter } from "../src/rank-gaussian";
import { goldenCase } from "./golden";
import { readNpz } from "./npz";

const GOLDEN = fileURLToPath(new URL("../../tests/golden", import.meta.url));
const files = readdirSync(GOLDEN).filter((name) => /^(image|images|video)_.*\.npz$/.test(name));

/** As shown: truncated to 8 bits, the product taken in float32. */
const shown = (maps: Float32Array[]) =>
  Uint8Array.from(maps.flatMap((map) => Array.from(map, (v) => Math.trunc(Math.fround(255 * v)))));

const differing = (a: Uint8Array, b: Uint8Array) =>
  a.reduce((n, v, i) => n + Number(v !== b[i]), 0);

describe.each(files)("golden case %s", (name) => {
  const golden = goldenCase(`${GOLDEN}/${name}`);

  it("has the published raw activations", () => {
    const { activations } = golden.record;
    expect(activations.length).toBe(golden.rawActivations.length);
    const worst = activations.reduce(
      (most, value, i) => Math.max(most, Math.abs(value - golden.rawActivations[i])),
      0,
    );
    expect(worst).toBeLessThan(1e-4);
  });

  it("gives the expected maps on every cell", () => {
    const maps = shown(tokenActivationMaps(golden.record, { leaveOut: "id", border: "reflect" }));
    expect(maps.length).toBe(golden.expected.length);
    expect(differing(maps, golden.expected)).toBe(0);
  });

  it("gives the published maps on every cell in reference mode", () => {
    const maps = shown(tokenActivationMaps(golden.record, { compat: "reference" }));
    expect(differing(maps, golden.reference)).toBe(0);
  });
});

describe("rank Gaussian filter", () => {
  const file = readNpz(`${GOLDEN}/filter.npz`);
  const cases = Object.keys(file).filter((name) => name.startsWith("in_"));

  it.each(cases)("gives the published result for %s, and the input where that is NaN", (name) => {
    const { data, shape } = file[name];
    const expected = file[name.replace("in_", "out_")].data;
    const out = rankGaussianFilter(data, shape[0], shape[1], Number(name.split("_")[1]), {
      border: "reflect",
      target: new Float64Array(data.length),
    });
    out.forEach((value, i) => {
      expect(value).toBeCloseTo(Number.isNaN(expected[i]) ? data[i] : expected[i], 12);
    });
  });

  it("leaves a constant map as it is", () => {
    expect(rankGaussianFilter(new Float32Array(25).fill(0.3), 5, 5, 3)).toEqual(
      new Float32Array(25).fill(0.3),
    );
  });
});

function made(activations: number[][], relevance: number[][], ids: number[]): AttributionRecord {
  return {
    tokens: ids.map((id, i) => ({ id, kind: i === 0 ? "prompt" : "answer" })),
    grids: [{ rows: 3, cols: activations[0].length / 3 }],
    activations: Float32Array.from(activations.flat()),
    relevance: Float32Array.from(relevance.flat()),
  };
}

describe("estimated causal inference", () => {
  const pattern = [0.1, 0.7, 0.3, 0.9, 0.2, 0.4, 0.6, 0.8, 0.5];
  const twice = pattern.map((v) => 2.3 * v);

  it("maps a token that its context explains fully to 0, not to rounding noise", () => {
    const record = made(
      [pattern, twice],
      [
        [0, 0],
        [1, 0],
      ],
      [1, 2],
    );
    expect(tokenActivationMap(record, 1)).toEqual(new Float32Array(9));
  });

  it("leaves repeats of a word out of its interference", () => {
    const record = made(
      [pattern, twice],
      [
        [0, 0],
        [1, 0],
      ],
      [2, 2],
    );
    expect(evidence(record, 1).residual).toEqual(Float32Array.from(twice));
  });

  it("takes away less at a lower strength, nothing at 0", () => {
    const record = made(
      [pattern, [...pattern].reverse()],
      [
        [0, 0],
        [1, 0],
      ],
      [1, 2],
    );
    const peaks = [0, 0.5, 1].map((eci) => evidence(record, 1, { eci }).imagePeak);
    expect(peaks[0]).toBeCloseTo(0.9);
    expect(peaks[0]).toBeGreaterThan(peaks[1]);
    expect(peaks[1]).toBeGreaterThan(peaks[2]);
  });

  it("maps constants to 0, never NaN", () => {
    const record = made(
      [Array(9).fill(2), Array(9).fill(0)],
      [
        [2, 0],
        [0, 0],
      ],
      [1, 2],
    );
    for (const map of tokenActivationMaps(record)) expect(map).toEqual(new Float32Array(9));
  });

  it("keeps what lies beside an interference next to nothing", () => {
    const record = made(
      [
        [0, 1e-38, 1e-38],
        [9e29, 9e29, 9e29],
      ],
      [
        [0, 0],
        [1, 0],
      ],
      [1, 2],
    );
    expect(evidence(record, 1).residual[0]).toBe(Math.fround(9e29));
  });

  it.each([2, 0, 5, 2.5])("refuses a kernel of %d on a 3 × 3 grid", (kernelSize) => {
    const record = made(
      [pattern, twice],
      [
        [0, 0],
        [1, 0],
      ],
      [1, 2],
    );
    expect(() => tokenActivationMap(record, 1, { kernelSize })).toThrow(/kernel size/);
  });

  it("refuses a token out of range, and reference mode without its rows", () => {
    const record = made(
      [pattern, twice],
      [
        [0, 0],
        [1, 0],
      ],
      [1, 2],
    );
    expect(() => tokenActivationMap(record, 2)).toThrow(/expected 0 to 1/);
    expect(() => tokenActivationMap(record, 1, { compat: "reference" })).toThrow(/reference rows/);
  });
});
