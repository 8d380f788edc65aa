import { expect, it } from "vitest";
import type { Areas } from "../../src/questions/checked";
import { areasOf, verdict } from "../../src/questions/verdict";
import { checked, flip, unfinished } from "./made-checks";

const areas = (method: number, more: Partial<Areas> = {}) => {
  const one: Areas = { method, random: [0.64, 0.58, 0.7], ...more };
  return { areas: { deletion: one, insertion: one } };
};

const said = (more: object, side: "deletion" | "insertion" = "deletion") =>
  verdict(checked(more), side, "dog");

it("says when a map does better than random orders, on either side", () => {
  expect(said(areas(0.21))).toBe(
    "Removing what the map marks first lowers “dog” faster than random orders do: area .21 against .64 (.58–.70).",
  );
  expect(said(areas(0.9), "insertion")).toContain("brings “dog” back faster than random orders do");
});

it("does not claim more than was seen", () => {
  expect(said(areas(0.64))).toContain("no faster");
  expect(said(areas(0.8))).toContain("not shown to be true");
  expect(said(areas(0.6))).toContain("differ too much among themselves to be sure");
  expect(said(areas(0.5), "insertion")).toContain("not shown to be true");
  expect(said(areas(0.21, { centre: 0.2 }))).toContain("starting from the centre does so as well");
  expect(said(areas(0.21, { random: [0.6, null, null] }))).toContain("little to compare with");
  expect(said(areas(0.21, { random: [null, null, null] }))).toContain("nothing to compare");
});

it("tests nothing where the picture carries nothing", () => {
  expect(said({ full: 0.93, blank: 0.91 })).toBe(
    "The picture carries little of “dog” (.93 with it, .91 without): there is nothing to test.",
  );
  expect(said({ full: 0.4, blank: 0.6 })).toContain("does not make “dog” more probable");
});

it("says nothing before all is read", () => {
  expect(verdict(unfinished(), "deletion", "dog")).toBe("");
  expect(areasOf(unfinished(), "deletion")).toBe("");
});

it("says whether the answer changes", () => {
  expect(verdict(flip("A cat."), "deletion", "dog")).toBe(
    "Without the 12.5 % that the map of “dog” marks first, the model writes “A cat.” in place of “A red airplane.”. Of 6 random areas of the same size, 1 changes it.",
  );
  expect(verdict(flip("A red airplane."), "deletion", "dog")).toContain("still writes the same");
});

it("lists all areas, also those outside 0 to 1", () => {
  expect(areasOf(checked(areas(-0.1, { centre: 1.2, mask: 0.1 })), "deletion")).toBe(
    "Area under the curve: TAM −.10 · random orders .64 (.58–.70) · centre first 1.20 · true mask .10",
  );
});
