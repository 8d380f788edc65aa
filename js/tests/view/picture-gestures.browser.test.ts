import { expect, it, vi } from "vitest";
import { click, drag, hover, press, unhover } from "../events";
import { at, grid, HEIGHT, image, panel, WIDTH } from "./made";
import { type Opened, open } from "./opened";

const stage = (view: Opened) => view.find(".tam-stage");
const box = (view: Opened) => view.state.box as number[];
const ranked = (view: Opened) =>
  view
    .all(".tam-ranking button")
    .filter((chip) => !chip.hidden)
    .map((chip) => chip.firstElementChild?.textContent);

/** The cell in which a token is strongest, in shares of the picture. */
const spot = (token: number) => ({ x: ((token % 8) + 0.5) / 8, y: (((3 * token) % 6) + 0.5) / 6 });

it("draws a box in pixels of the image, in either direction", async () => {
  const view = await open([await panel()]);
  drag(stage(view), { x: 0.75, y: 0.5 }, { x: 0.25, y: 0.25 });
  const [own, picture, ...rect] = box(view);
  expect([own, picture]).toEqual([0, 0]);
  [0.25 * WIDTH, 0.25 * HEIGHT, 0.75 * WIDTH, 0.5 * HEIGHT].forEach((edge, i) => {
    expect(rect[i]).toBeCloseTo(edge, 0);
  });
  expect(parseFloat(view.find(".tam-box").style.left)).toBeCloseTo(25, 0);
});

it("ends at the picture's edge", async () => {
  const view = await open([await panel()]);
  drag(stage(view), { x: 0.5, y: 0.5 }, { x: 2, y: -1 });
  expect(box(view)[4]).toBe(WIDTH);
  expect(box(view)[3]).toBe(0);
});

it("takes a held finger for the start of a box, and a tap for a look at the value", async () => {
  const view = await open([await panel()], { selected: [[0, at(" air")]] });
  const { left, top } = stage(view).getBoundingClientRect();
  const finger = (type: string, x: number, y: number) => {
    const place = { clientX: left + x, clientY: top + y, pointerType: "touch", pointerId: 1 };
    const event = new PointerEvent(type, { bubbles: true, cancelable: true, ...place });
    stage(view).dispatchEvent(event);
  };
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  try {
    vi.spyOn(stage(view), "setPointerCapture").mockImplementation(() => {});
    finger("pointerdown", 20, 20);
    finger("pointerup", 20, 20);
    finger("pointerleave", 20, 20);
    vi.advanceTimersByTime(1000);
    expect(view.state.box).toBeUndefined();
    expect(view.find(".tam-value").hidden).toBe(false);
    finger("pointerdown", 20, 20);
    vi.advanceTimersByTime(1000);
    finger("pointermove", 60, 40);
    expect(box(view)).toHaveLength(6);
    finger("pointerup", 60, 40);
    finger("pointerdown", 90, 50);
    expect(box(view)).toEqual([]);
    finger("pointermove", 90, 90);
    vi.advanceTimersByTime(1000);
    expect(box(view)).toEqual([]);
  } finally {
    vi.useRealTimers();
  }
});

it("takes a click, a right button and a finger that moves for no box", async () => {
  const view = await open([await panel()]);
  drag(stage(view), { x: 0.5, y: 0.5 }, { x: 0.501, y: 0.5 });
  for (const more of [{ button: 2 }, { pointerType: "touch" }]) {
    const options = { bubbles: true, pointerId: 1, clientX: 40, clientY: 40, ...more };
    stage(view).dispatchEvent(new PointerEvent("pointerdown", options));
    stage(view).dispatchEvent(new PointerEvent("pointermove", { ...options, clientX: 90 }));
    stage(view).dispatchEvent(new PointerEvent("pointerup", options));
  }
  expect(box(view)).toBeUndefined();
});

it("ranks the words by what lies in the box", async () => {
  const view = await open([await panel()], { method: "tam-no-rgf" });
  const { x, y } = spot(at(" air"));
  drag(stage(view), { x: x - 0.13, y: y - 0.13 }, { x: x + 0.13, y: y + 0.13 });
  await expect
    .poll(() => view.text(".tam-ranking .tam-note"), { interval: 5 })
    .toBe("Bars under the words show how much of their map lies in the box.");
  expect(ranked(view)[0]).toBe("air");
  expect(ranked(view)).not.toContain("</s>");
  expect(view.find(".tam-strip").dataset.shading).toBe("inside");
  const chip = view.find(".tam-ranking button");
  hover(chip);
  expect(view.shown()).toEqual([at(" air")]);
  unhover(chip);
  expect(view.shown()).toEqual([]);
  click(chip);
  expect(view.locked()).toEqual([at(" air")]);
});

it("says when no word rests on a box, and hides the ranking without one", async () => {
  const wide = grid({ rect: [0, 0, WIDTH / 2, HEIGHT] });
  const view = await open([await panel({ grids: [wide] })]);
  expect(view.find(".tam-ranking").hidden).toBe(true);
  drag(stage(view), { x: 0.7, y: 0.2 }, { x: 0.9, y: 0.9 });
  await expect
    .poll(() => view.text(".tam-ranking .tam-note"), { interval: 5 })
    .toBe("No word's map lies in the box.");
  stage(view).focus();
  press("Escape");
  expect(box(view)).toEqual([]);
  expect([view.find(".tam-ranking").hidden, view.find(".tam-box").hidden]).toEqual([true, true]);
});

it("is drawn by keys, cell by cell", async () => {
  const view = await open([await panel()]);
  stage(view).focus();
  expect(press("ArrowRight")).toBe(false);
  expect(box(view)).toEqual([0, 0, 40, 30, 50, 40]);
  press("ArrowLeft");
  expect(box(view)).toEqual([0, 0, 30, 30, 40, 40]);
  press("ArrowDown", { shiftKey: true });
  press("ArrowRight", { shiftKey: true });
  expect(box(view)).toEqual([0, 0, 30, 30, 50, 50]);
  press("ArrowUp");
  expect(box(view)).toEqual([0, 0, 40, 30, 50, 40]);
  expect(press("b")).toBe(true);
});

it("reads out the cell under the pointer, and marks the words that it lights", async () => {
  const view = await open([await panel()], { selected: [[0, at(" red")]], method: "tam-no-rgf" });
  await expect
    .poll(
      () => {
        hover(stage(view), { x: 0.01, y: 0.01 });
        hover(stage(view), spot(at(" red")));
        return view.lit();
      },
      { interval: 20 },
    )
    .toContain(at(" red"));
  expect(view.text(".tam-value")).toBe("1.00");
  expect(parseFloat(view.find(".tam-cell").style.width)).toBeCloseTo(100 / 8);
  unhover(stage(view));
  expect(view.lit()).toEqual([]);
  expect(view.find(".tam-value").hidden).toBe(true);
});

it("says where the model saw nothing", async () => {
  const half = grid({ rect: [0, 0, WIDTH / 2, HEIGHT] });
  const view = await open([await panel({ grids: [half] })], { selected: [[0, 3]] });
  expect(view.text(".tam-title")).toContain("not seen by the model");
  hover(stage(view), { x: 0.9, y: 0.5 });
  expect(view.text(".tam-value")).toBe("not seen");
  expect(view.find(".tam-value").classList).toContain("tam-flip");
  expect(view.find(".tam-cell").hidden).toBe(true);
});

it("belongs to the picture that it is drawn on", async () => {
  const grids = [grid(), grid({ image: 1 })];
  const view = await open([await panel({ grids, images: [await image(), await image()] })]);
  const [first, second] = view.all(".tam-stage");
  drag(second, { x: 0.2, y: 0.2 }, { x: 0.6, y: 0.6 });
  expect(box(view).slice(0, 2)).toEqual([0, 1]);
  const hidden = [first, second].map((one) => one.querySelector<HTMLElement>(".tam-box")?.hidden);
  expect(hidden).toEqual([true, false]);
});
