import { describe, expect, it } from "vitest";
import { click, drag, hover, unhover } from "../events";
import { at, grid, image, PROMPT, panel, withAlternatives } from "./made";
import { type Opened, open } from "./opened";

/** Links of the words of two panels that say the same. */
const LINKS = [[at(" red")], [at(" air"), at("plane")], [at(" sea")]].map((tokens) =>
  [0, 1].map((i) => [i, tokens] as const),
);

/** The same spots on a coarser grid, a third as strong. */
async function coarse() {
  const grids = [grid({ rows: 3, cols: 4 })];
  const made = await panel({ title: "model-b", grids });
  return { ...made, activations: made.activations.map((value) => value / 3) };
}

const values = (view: Opened) =>
  view.all(".tam-value").map((value) => (value.hidden ? null : value.textContent));

describe("pointing at a picture", () => {
  it("shows the value and the cell at the same place of every panel", async () => {
    const view = await open([await panel(), await coarse()], { selected: [[0, 3]] }, LINKS);
    hover(view.all(".tam-stage")[0], { x: 0.3, y: 0.7 });
    const [own, other] = values(view);
    expect(own).toMatch(/^\d\.\d\d$/);
    expect(other).toMatch(/^\d\.\d\d$/);
    expect(other).not.toBe(own);
    const widths = view.all(".tam-cell").map((cell) => parseFloat(cell.style.width));
    expect(widths).toEqual([100 / 8, 100 / 4]);
    const lefts = view.all(".tam-value").map((value) => parseFloat(value.style.left));
    expect(lefts[1]).toBeCloseTo(30, 0);
    expect(lefts[0]).toBe(lefts[1]);
    unhover(view.all(".tam-stage")[0]);
    expect(values(view)).toEqual([null, null]);
  });

  it("marks the words of every panel that are strong there", async () => {
    const view = await open([await panel(), await panel()], {}, LINKS);
    const there = { x: (at(" red") + 0.5) / 8, y: 0.6 };
    await expect
      .poll(
        () => {
          hover(view.all(".tam-stage")[1], { x: 0.01, y: 0.99 });
          hover(view.all(".tam-stage")[1], there);
          return [view.lit(0), view.lit(1)];
        },
        { interval: 20 },
      )
      .toEqual([[at(" red")], [at(" red")]]);
  });

  it("stays on its picture where the other panel has another one", async () => {
    const other = await panel({ images: [await image({ data: new Uint8Array([1]) })] });
    const view = await open([await panel(), other], { selected: [[0, 3]] }, LINKS);
    hover(view.all(".tam-stage")[0], { x: 0.3, y: 0.7 });
    expect(values(view)[1]).toBeNull();
    drag(view.all(".tam-stage")[0], { x: 0.2, y: 0.2 }, { x: 0.6, y: 0.6 });
    expect(view.all(".tam-box").map((box) => box.hidden)).toEqual([false, true]);
    expect(view.all(".tam-ranking").map((ranking) => ranking.hidden)).toEqual([false, true]);
  });

  it("finds the picture among several", async () => {
    const [first, second] = [await image(), await image({ data: new Uint8Array([1]) })];
    const grids = [grid(), grid({ image: 1 })];
    const both = await panel({ images: [second, first], grids });
    const view = await open(
      [await panel({ images: [first] }), both],
      { selected: [[0, 3]] },
      LINKS,
    );
    hover(view.all(".tam-stage")[0], { x: 0.3, y: 0.7 });
    expect(values(view).map((value) => value !== null)).toEqual([true, false, true]);
  });
});

describe("a box", () => {
  it("lies on the same picture of every panel, and keeps the panel it was drawn in", async () => {
    const view = await open([await panel(), await coarse()]);
    drag(view.all(".tam-stage")[1], { x: 0.25, y: 0.25 }, { x: 0.75, y: 0.5 });
    expect((view.state.box as number[]).slice(0, 2)).toEqual([1, 0]);
    const [own, other] = view.all(".tam-box");
    expect([own.hidden, other.hidden]).toEqual([false, false]);
    expect(own.style.cssText).toBe(other.style.cssText);
    const shading = view.all(".tam-strip").map((strip) => strip.dataset.shading);
    expect(shading).toEqual(["inside", "inside"]);
    expect(view.all(".tam-ranking").map((ranking) => ranking.hidden)).toEqual([false, false]);
  });
});

describe("another word", () => {
  const PLACE = at(" air");
  const chips = (view: Opened, index: number) => [
    ...view.panel(index).querySelectorAll<HTMLElement>(".tam-choice .tam-candidates > *"),
  ];
  const note = (view: Opened, index: number) =>
    view.panel(index).querySelector(".tam-details > .tam-note")?.textContent;
  const pressed = (view: Opened) =>
    view
      .all("button")
      .filter((button) => button.textContent === "contrast")
      .map((button) => button.getAttribute("aria-pressed"));

  it("is shown in the linked token's place too", async () => {
    const panels = [await withAlternatives(PLACE), await withAlternatives(PLACE)];
    const view = await open(panels, { selected: [[0, PLACE]] }, LINKS);
    const before = view.overlay(1);
    hover(chips(view, 0)[1]);
    expect(note(view, 1)).toBe("The map of “ship” in the place of “air”.");
    expect(view.overlay(1)).not.toBe(before);
    unhover(chips(view, 0)[1]);
    expect(view.overlay(1)).toBe(before);
    click(chips(view, 0)[1]);
    expect(chips(view, 1)[1].getAttribute("aria-pressed")).toBe("true");
    click(chips(view, 1)[2]);
    expect(view.state.counterfactual).toEqual([1, PLACE, 1]);
    expect(note(view, 0)).toBe("The map of “hot air” in the place of “air”.");
  });

  it("is said to be missing where the linked token has no such word", async () => {
    const panels = [await withAlternatives(PLACE), await panel()];
    const view = await open(panels, { selected: [[0, PLACE]], contrast: true }, LINKS);
    const own = view.overlay(1);
    click(chips(view, 0)[1]);
    expect(note(view, 1)).toBe("There is no map of that other word here.");
    expect(view.overlay(1)).toBe(own);
    expect(pressed(view)).toEqual(["true", "false"]);
  });

  it("is contrasted in each panel where it is in view", async () => {
    const panels = [await withAlternatives(PLACE), await withAlternatives(PLACE)];
    const view = await open(panels, { selected: [[0, PLACE]] }, LINKS);
    const button = view.button("contrast");
    click(button);
    expect([pressed(view), view.state.contrast]).toEqual([["true", "true"], true]);
    click(button);
    expect(pressed(view)).toEqual(["false", "false"]);
  });

  it("is chosen by a contrast that was left on elsewhere", async () => {
    const view = await open([await withAlternatives(PLACE), await panel()], { contrast: true });
    click(view.token(PLACE));
    expect(pressed(view)[0]).toBe("false");
    click(view.button("contrast"));
    expect(pressed(view)[0]).toBe("true");
    expect(view.state.counterfactual).toEqual([0, PLACE, 0]);
  });
});

describe("words that only one answer has", () => {
  const alone = (view: Opened, index: number) =>
    [...view.panel(index).querySelectorAll<HTMLElement>(".tam-token.tam-alone")].map((token) =>
      Number(token.dataset.i),
    );
  const key = (view: Opened, index: number) =>
    view.panel(index).querySelector("u.tam-alone")?.parentElement?.textContent;

  it("are underlined, and the mark has a key", async () => {
    const view = await open([await panel(), await panel()], {}, LINKS);
    expect(alone(view, 0)).toEqual([at(" A"), at(" over")]);
    expect(key(view, 0)).toBe("word not in the other answer");
    view.token(at(" over")).focus();
    expect(view.token(at(" over")).getAttribute("aria-label")).toContain("not in the other answer");
    expect(getComputedStyle(view.find(".tam-alone .tam-token-text")).textDecorationStyle).toBe(
      "dashed",
    );
  });

  it("are those that none of three answers has", async () => {
    const view = await open([await panel(), await panel(), await panel()], {}, LINKS);
    expect(alone(view, 0)).toEqual([at(" A"), at(" over")]);
    expect(key(view, 2)).toBe("word in no other answer");
    expect(alone(view, 2)).toContain(at(" red"));
  });

  it("are not looked for in a single panel, or in prompts", async () => {
    const view = await open([await panel()]);
    expect([alone(view, 0), key(view, 0)]).toEqual([[], undefined]);
    const both = await open([await panel(), await panel()], {}, LINKS);
    expect(alone(both, 0).every((token) => token >= PROMPT.length)).toBe(true);
  });
});
