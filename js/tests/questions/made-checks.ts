/** Checks as Python writes them, of pictures of 6 × 8 cells in four steps. */
import type { Checked } from "../../src/questions/checked";

const CELLS = 48;

/** Cells in the order of their numbers, an eighth at the first step. */
const STEPS = Uint16Array.from({ length: CELLS }, (_, cell) => 1 + Math.floor((4 * cell) / CELLS));

export const base64 = (steps: Uint16Array) =>
  btoa(String.fromCharCode(...new Uint8Array(steps.buffer)));

const both = <T>(deletion: T, insertion: T) => ({ deletion, insertion });

const band = (...mean: number[]) => ({
  mean,
  low: mean.map((value) => Math.max(0, value - 0.1)),
  high: mean.map((value) => Math.min(1, value + 0.1)),
});

/** A map that is true, unless something else is said. */
export function checked(more: Partial<Checked> = {}): Checked {
  return {
    tokens: [3],
    label: "TAM",
    method: "tam",
    protocol: "cells",
    fill: "black",
    units: "cells",
    squares: 0,
    relative: false,
    full: 0.9,
    blank: 0.05,
    shares: [0, 0.25, 0.5, 0.75, 1],
    curves: {
      method: both([0.9, 0.2, 0.1, 0.1, 0.05], [0.05, 0.8, 0.9, 0.9, 0.9]),
      centre: both([0.9, 0.7, 0.5, 0.2, 0.05], [0.05, 0.4, 0.6, 0.8, 0.9]),
    },
    random: { count: 3, ...both(band(0.9, 0.8, 0.7, 0.5, 0.05), band(0.05, 0.5, 0.7, 0.8, 0.9)) },
    areas: both(
      { method: 0.21, centre: 0.45, random: [0.64, 0.58, 0.7] },
      { method: 0.8, centre: 0.6, random: [0.6, 0.5, 0.7] },
    ),
    steps: base64(STEPS),
    ...more,
  };
}

/** All points of a check, before it is done. */
export function unfinished(): Checked {
  const { areas: _, ...whole } = checked();
  return whole;
}

/** The first points of a check: its ends, and one step between them. */
export function beginning(): Checked {
  const whole = unfinished();
  const some = (line: readonly (number | null)[]) => line.map((p, i) => (i % 2 ? null : p));
  const method = whole.curves.method as NonNullable<Checked["curves"]["method"]>;
  return {
    ...whole,
    curves: { method: both(some(method.deletion), some(method.insertion)) },
    random: { count: 3, ...both(onlyEnds(0.9, 0.05), onlyEnds(0.05, 0.9)) },
  };
}

/** What is known after the first two pictures: the ends of the curves. */
export function ends(): Checked {
  const [there, back] = [onlyEnds(0.9, 0.05), onlyEnds(0.05, 0.9)];
  const method = both(there.mean, back.mean);
  return { ...unfinished(), curves: { method }, random: { count: 3, ...both(there, back) } };
}

/** Of the random orders only the ends are known. */
function onlyEnds(first: number, last: number) {
  const line = [first, null, null, null, last];
  return { mean: line, low: line, high: line };
}

/** The answer that the model writes without a map’s area. */
export const flip = (removed: string): Checked => {
  const answers = { whole: "A red airplane.", removed, others: [1, 6] as const };
  return { ...unfinished(), protocol: "flip", shares: [0, 0.125, 1], curves: {}, answers };
};
