/** What a view shows of a method follows from what Python says of it. */
import { expect, it } from "vitest";
import type { Method } from "../../src/methods";
import { at, panel } from "./made";
import { METHODS, open } from "./opened";

const SIGNED: Method = {
  name: "mine",
  label: "my method",
  source: "a paper",
  options: [],
  signed: true,
  inBrowser: false,
  alternatives: false,
};

async function withMine(number = 1) {
  const first = await panel();
  const maps = { mine: first.activations.map((value, i) => (i % 2 ? value : -value) / 3) };
  const others = await Promise.all(Array.from({ length: number - 1 }, () => panel()));
  return open([{ ...first, maps }, ...others], {}, [], [...METHODS, SIGNED]);
}

it("stands in the menu, and has no controls but its own", async () => {
  const view = await withMine();
  const menu = view.setting<HTMLSelectElement>("method");
  expect([...menu.options].map(({ text }) => text)).toContain("my method");
  view.model.set("method", "mine");
  for (const name of ["eci", "kernel_size"]) {
    const control = view.setting(name).closest<HTMLElement>(".tam-control");
    expect(control?.hidden).toBe(true);
  }
  view.model.set("method", "cam");
  expect(view.setting<HTMLInputElement>("eci").disabled).toBe(true);
  expect(view.setting("eci").closest<HTMLElement>(".tam-control")?.hidden).toBe(false);
});

it("has a scale with two ends where its values have a sign", async () => {
  const view = await withMine();
  view.model.set("method", "mine");
  view.model.set("selected", [[0, at(" red")]]);
  const legend = view.find(".tam-legend");
  expect(legend.textContent).toContain("for");
  expect(legend.textContent).toContain("against");
  expect(legend.textContent).not.toContain("raw max");
  expect(view.find(".tam-share").hidden).toBe(true);
  view.model.set("method", "tam");
  expect(legend.textContent).not.toContain("against");
  expect(legend.textContent).toContain("raw max");
});

it("may be called like something that every object has", async () => {
  const first = await panel();
  const maps = { toString: first.activations.map((value) => value / 3) };
  const named: Method = { ...SIGNED, name: "toString", signed: false };
  const view = await open([{ ...first, maps }, await panel()], {}, [], [...METHODS, named]);
  view.model.set("method", "toString");
  const notes = view.all(".tam-details > .tam-note").map((note) => note.textContent);
  expect(notes).toEqual(["Move over a word.", "This explanation has no map of my method."]);
});

it("says so where it was not computed for a word", async () => {
  const first = await panel();
  const maps = { mine: first.activations.map((value) => value / 3) };
  const some = { ...first, maps, mapTokens: { mine: [at(" red")] } };
  const view = await open([some], {}, [], [...METHODS, SIGNED]);
  view.model.set("method", "mine");
  view.model.set("selected", [[0, at(" red")]]);
  expect(view.find(".tam-details").textContent).not.toContain("my method");
  view.model.set("selected", [[0, at(" air")]]);
  expect(view.find(".tam-details .tam-note").textContent).toBe(
    "my method was not computed for this word.",
  );
});

it("says so where a panel has no map of it", async () => {
  const view = await withMine(2);
  view.model.set("method", "mine");
  const notes = view.all(".tam-details > .tam-note").map((note) => note.textContent);
  expect(notes).toEqual(["Move over a word.", "This explanation has no map of my method."]);
});

it("is not computed where an explanation has maps alone", async () => {
  const first = await panel();
  const none = new Float32Array();
  const alone = {
    ...first,
    activations: none,
    relevance: none,
    maps: { mine: first.activations.map((value) => value / 3) },
  };
  const view = await open([first, alone], {}, [], [...METHODS, SIGNED]);
  const notes = () => view.all(".tam-details > .tam-note").map((note) => note.textContent);
  expect(notes()[1]).toBe("This explanation has no map of TAM.");
  view.model.set("methods", ["tam", "mine"]);
  view.model.set("selected", [[1, at(" red")]]);
  expect(notes()).not.toContain("This explanation has no map of TAM.");
  const [legend, own] = view.all(".tam-legend");
  expect(legend.textContent).toContain("raw max");
  expect(own.textContent).toContain("my method for");
  expect(own.textContent).not.toContain("raw max");
  expect(view.all(".tam-share")[1].hidden).toBe(true);
});

it("is not taken apart in the steps of another method", async () => {
  const view = await withMine();
  view.model.set("selected", [[0, at(" red")]]);
  const button = () => view.root.querySelector<HTMLElement>('[data-question="anatomy"]');
  await expect.poll(() => button()?.hidden).toBe(false);
  view.model.set("method", "mine");
  await expect.poll(() => button()?.hidden).toBe(true);
});
