import { describe, expect, it, vi } from "vitest";
import { choose, click, enter, press } from "../events";
import { at, panel, withAlternatives } from "./made";
import { open } from "./opened";

const one = { selected: [[0, at(" red")]] };

describe("a control", () => {
  it.each([
    ["method", "cam", "cam"],
    ["kernel_size", "5", 5],
    ["colormap", "jet", "jet"],
  ])("of %s sets the trait and redraws", async (name, value, expected) => {
    const view = await open([await panel()], { selected: [[0, at(" air")]], scale: "token" });
    const before = view.overlay();
    choose(view.setting<HTMLSelectElement>(name), value);
    expect(view.state[name]).toBe(expected);
    expect(view.overlay()).not.toBe(before);
  });

  it.each([
    ["eci", 0.2],
    ["opacity", 0.3],
    ["threshold", 0.6],
  ])("slides %s", async (name, value) => {
    const view = await open([await panel()], { selected: [[0, at(" air")]] });
    const before = view.overlay();
    enter(view.setting(name), value);
    expect(view.state[name]).toBe(value);
    expect(view.overlay()).not.toBe(before);
  });

  it("shows what Python sets", async () => {
    const view = await open([await panel()], one);
    for (const [name, value] of [
      ["method", "cam"],
      ["eci", 0.4],
      ["kernel_size", 3],
      ["threshold", 0.25],
    ] as const) {
      view.model.set(name, value);
      expect(view.setting(name).value).toBe(String(value));
    }
    view.model.set("colormap", "one of another version");
    expect(view.setting("colormap").value).toBe("one of another version");
  });

  it("that a method does not use is switched off", async () => {
    const view = await open([await panel()], one);
    const off = () => ["eci", "kernel_size"].map((name) => view.setting(name).disabled);
    expect(off()).toEqual([false, false]);
    view.model.set("method", "tam-no-eci");
    expect(off()).toEqual([true, false]);
    view.model.set("method", "cam");
    expect(off()).toEqual([true, true]);
  });
});

it("offers only windows that fit the smallest grid", async () => {
  const view = await open([await panel()]);
  const sizes = [...view.setting<HTMLSelectElement>("kernel_size").options];
  expect(sizes.map(({ value }) => value)).toEqual(["1", "3", "5", "7"]);
});

it("toggles true cells and whole words", async () => {
  const view = await open([await panel()], one);
  const smooth = view.overlay();
  click(view.button("cells"));
  expect(view.state.cells).toBe(true);
  expect(view.button("cells").getAttribute("aria-pressed")).toBe("true");
  expect(view.overlay()).not.toBe(smooth);
  click(view.button("words"));
  expect(view.state.granularity).toBe("word");
  click(view.button("words"));
  expect(view.state.granularity).toBe("token");
});

it("sets the threshold by Otsu's method, or leaves it where no map is in view", async () => {
  const view = await open([await panel()]);
  click(view.button("Otsu"));
  expect(view.state.threshold).toBeUndefined();
  click(view.token(at(" red")));
  click(view.button("Otsu"));
  const threshold = view.state.threshold as number;
  expect(threshold).toBeGreaterThan(0);
  expect(threshold).toBeLessThan(1);
  expect(view.setting("threshold").value).toBe(String(threshold));
});

it("sends a dragged value at once, and then only now and then", async () => {
  const view = await open([await panel()], one);
  const save = vi.spyOn(view.model, "save_changes");
  for (const value of [0.1, 0.2, 0.3, 0.4]) enter(view.setting("opacity"), value);
  expect(save).toHaveBeenCalledTimes(1);
  await expect.poll(() => save.mock.calls.length, { interval: 20 }).toBe(2);
  expect(view.state.opacity).toBe(0.4);
});

it("keeps the notebook's shortcuts away from its controls", async () => {
  const view = await open([await panel()]);
  const heard = vi.fn();
  document.addEventListener("keydown", heard);
  view.setting("opacity").focus();
  press("b");
  press("s", { ctrlKey: true });
  document.removeEventListener("keydown", heard);
  expect(heard).toHaveBeenCalledTimes(1);
  expect(view.setting("opacity").dataset.lmSuppressShortcuts).toBe("true");
});

describe("the legend", () => {
  const numbers = (view: Awaited<ReturnType<typeof open>>) =>
    view.all(".tam-number").map((number) => number.textContent);

  it("is idle until a map is in view", async () => {
    const view = await open([await panel()]);
    expect(view.find(".tam-legend").classList).toContain("tam-idle");
    click(view.token(at(" red")));
    expect(view.find(".tam-legend").classList).not.toContain("tam-idle");
  });

  it("ends at the map's own maximum, or at 1 for all", async () => {
    const view = await open([await panel()], { ...one, method: "tam-no-rgf" });
    expect(numbers(view)).toEqual(["1.00", "", "0"]);
    expect(view.text(".tam-legend")).toContain("own scale");
    expect(view.text(".tam-raw")).toMatch(/^raw max 3\.0$/);
    view.model.set("scale", "shared");
    expect(view.text(".tam-legend")).toContain("one scale for all");
  });

  it("names what the colours stand for, and the value 1", async () => {
    const view = await open([await panel()], one);
    const [{ text }] = [(await panel()).tokens[one.selected[0][1]]];
    expect(view.text(".tam-quantity")).toBe(`evidence for “${text.trim()}”`);
    expect(view.text(".tam-unit")).toMatch(/^1: .* in picture or text$/);
  });

  it("changes the scale at a click", async () => {
    const view = await open([await panel()], one);
    click(view.button("own scale"));
    expect(view.state.scale).toBe("shared");
    click(view.button("one scale for all"));
    expect(view.state.scale).toBe("token");
  });

  it("marks the threshold, with its value where there is room", async () => {
    const view = await open([await panel()], one);
    const mark = view.find(".tam-threshold");
    expect(mark.hidden).toBe(true);
    view.model.set("threshold", 0.5);
    expect([mark.hidden, mark.style.bottom]).toEqual([false, "50%"]);
    expect(mark.textContent).not.toBe("");
    view.model.set("threshold", 0.05);
    expect(mark.textContent).toBe("");
  });

  it("gives both raw maxima of a contrast", async () => {
    const view = await open([await withAlternatives(at(" air"))], {
      selected: [[0, at(" air")]],
      counterfactual: [0, at(" air"), 0],
      contrast: true,
    });
    expect(view.text(".tam-raw")).toMatch(/^raw max \d\.\d\s:\s\d\.\d$/);
  });
});
