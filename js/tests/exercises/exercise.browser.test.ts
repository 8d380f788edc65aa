import { describe, expect, it } from "vitest";
import { click, drag, drawn, press } from "../events";
import { at, grid, panel, WIDTH } from "../view/made";
import { openExercise } from "./opened";

const RED = [at(" red")];
const PLANE = [at(" air"), at("plane")];
const SEA = [at(" sea")];
const COLS = 8;

describe("drawing", () => {
  it("hides the map until it is revealed", async () => {
    const view = await openExercise(await panel(), { tokens: RED });
    const [empty] = view.maps();
    expect(view.text(".tam-asked")).toBe("Where in the picture will “red” light up?");
    expect(view.text(".tam-asked-for")).toBe("red");
    expect(view.find(".tam-legend").checkVisibility({ visibilityProperty: true })).toBe(false);
    click(view.button("reveal the map"));
    await drawn();
    expect(view.maps()[0]).not.toBe(empty);
    expect(view.state.answered).toBe(true);
    expect(view.text(".tam-legend")).toContain("evidence for “red”");
    expect(view.text(".tam-result")).toContain("You drew nothing");
    expect(document.activeElement).toBe(view.find(".tam-result"));
  });

  it("takes the cells that the mouse goes over, also between two moves", async () => {
    const view = await openExercise(await panel(), { tokens: RED });
    const middle = (cell: number, count: number) => (cell + 0.5) / count;
    const y = middle(2, 6);
    drag(view.find(".tam-stage"), { x: middle(1, COLS), y }, { x: middle(5, COLS), y });
    expect(view.state.drawn).toEqual([1, 2, 3, 4, 5].map((col) => 2 * COLS + col));
    expect(view.find(".tam-drawn-line").getAttribute("d")).not.toBe("");
  });

  it("shows which cells the brush would take, and the map’s value once that is in view", async () => {
    const view = await openExercise(await panel(), { tokens: RED });
    const shape = () => view.find(".tam-cursor-line").getAttribute("d");
    const stage = view.find(".tam-stage");
    const move = (x: number) => {
      const box = stage.getBoundingClientRect();
      const at = { clientX: box.left + x * box.width, clientY: box.top + 0.4 * box.height };
      stage.dispatchEvent(new PointerEvent("pointermove", { ...at, bubbles: true }));
    };
    move(0.4);
    const first = shape();
    expect(first).toMatch(/^M/);
    expect(view.find(".tam-cell").hidden).toBe(true);
    move(0.8);
    expect(shape()).not.toBe(first);
    expect(view.state.drawn).toBeUndefined();
    click(view.button("reveal the map"));
    await drawn();
    move(0.8);
    expect(shape()).toBe("");
    expect(view.find(".tam-cell").hidden).toBe(false);
  });

  it("outlines what the drawing is compared with, not before the answer", async () => {
    const view = await openExercise(await panel(), { tokens: RED }, { drawn: [1] });
    const bright = () => view.find(".tam-bright-line").getAttribute("d") ?? "";
    expect(bright()).toBe("");
    click(view.button("reveal the map"));
    await drawn();
    expect(bright()).toMatch(/^M/);
    expect(view.text(".tam-result")).toContain("cells with at least half of its maximum");
    click(view.button("start again"));
    await drawn();
    expect(bright()).toBe("");
  });

  it("erases, takes back and clears", async () => {
    const view = await openExercise(await panel(), { tokens: RED });
    const stage = view.find(".tam-stage");
    drag(stage, { x: 0.1, y: 0.4 }, { x: 0.9, y: 0.4 });
    const before = view.state.drawn as number[];
    click(view.button("erase"));
    drag(stage, { x: 0.1, y: 0.4 }, { x: 0.4, y: 0.4 });
    expect((view.state.drawn as number[]).length).toBeLessThan(before.length);
    click(view.button("undo"));
    expect(view.state.drawn).toEqual(before);
    click(view.button("clear"));
    expect(view.state.drawn).toEqual([]);
    click(view.button("undo"));
    expect(view.state.drawn).toEqual(before);
  });

  it("works by keyboard, says where it is, and keeps its keys from the notebook", async () => {
    const view = await openExercise(await panel(), { tokens: RED });
    let heard = 0;
    const listen = () => {
      heard += 1;
    };
    document.addEventListener("keydown", listen);
    view.find(".tam-stage").focus();
    press("ArrowRight");
    press(" ");
    press("ArrowUp");
    press(" ");
    press("ArrowUp");
    document.removeEventListener("keydown", listen);
    // the middle of 6 × 8 cells is cell 4 of row 3
    expect(view.state.drawn).toEqual([2 * COLS + 5, 3 * COLS + 5]);
    expect(view.text(".tam-note[role=status]")).toBe("Row 2, column 6: not drawn.");
    press("ArrowDown");
    press(" ");
    expect(view.state.drawn).toEqual([3 * COLS + 5]);
    expect(heard).toBe(0);
  });

  it("says how much of the map lies in the drawing", async () => {
    const drawing = [...Array(24).keys()];
    const view = await openExercise(await panel(), { tokens: RED }, { drawn: drawing });
    click(view.button("reveal the map"));
    await drawn();
    expect(view.text("[data-score=drawn]")).toBe("50.0 %");
    expect(view.text(".tam-result")).toMatch(
      /Your 24 cells are 50\.0 % of the picture and hold \d+\.\d %/,
    );
    drag(view.find(".tam-stage"), { x: 0.1, y: 0.9 }, { x: 0.9, y: 0.9 });
    expect(view.state.drawn).toEqual(drawing);
  });

  it("starts again", async () => {
    const view = await openExercise(
      await panel(),
      { tokens: RED },
      { drawn: [1, 2], answered: true },
    );
    click(view.button("start again"));
    await drawn();
    expect(view.state).toMatchObject({ drawn: [], answered: false });
    expect(view.button("reveal the map").checkVisibility()).toBe(true);
    expect(document.activeElement).toBe(view.find(".tam-stage"));
  });

  it("takes the cells of tiles, not of their thumbnail", async () => {
    const left = grid({ rect: [0, 0, WIDTH / 2, 60], cols: 4 });
    const right = grid({ rect: [WIDTH / 2, 0, WIDTH, 60], cols: 4 });
    const tiled = await panel({ grids: [left, right, grid({ thumbnail: true })] });
    const view = await openExercise(tiled, { tokens: RED });
    drag(view.find(".tam-stage"), { x: 0.01, y: 0.01 }, { x: 0.99, y: 0.01 });
    expect(view.state.drawn).toEqual([0, 1, 2, 3, 24, 25, 26, 27]);
  });
});

describe("which map has the inference", () => {
  const question = {
    kind: "eci",
    tokens: PLANE,
    strengths: [0, 1],
    solution: 1,
    context: { share: 0.62, word: "red" },
  } as const;

  it("shows both, and says why the answer is right", async () => {
    const view = await openExercise(await panel(), question);
    const [without, inferred] = view.maps();
    expect(without).not.toBe(inferred);
    expect(view.text(".tam-strongest")).toBe("");
    click(view.button("it is B"));
    await drawn();
    expect(view.state).toMatchObject({ choice: 1, answered: true });
    expect(view.text(".tam-result")).toBe(
      "Right: it is B. ECI takes 62 % of the activation of “airplane” away, summed over the picture’s cells: what earlier words explain, above all “red”. It is gone in B, and still there in A.",
    );
  });

  it("says no, and takes no second answer", async () => {
    const view = await openExercise(await panel(), question);
    view.button("it is A").focus();
    click(view.button("it is A"));
    click(view.button("it is B"));
    await drawn();
    expect(view.state.choice).toBe(0);
    expect(view.text(".tam-result")).toMatch(/^No: it is B\./);
    expect(document.activeElement?.textContent).toBe("it is A");
  });

  it("says that it can hardly be seen where there was little context", async () => {
    const little = { ...question, context: { share: 0.012, word: "red" } };
    const view = await openExercise(await panel(), little, { choice: 1, answered: true });
    expect(view.text(".tam-result")).toContain("only 1.2 % of the activation of “airplane” away");
  });
});

describe("whose map it is", () => {
  const question = { kind: "word", tokens: SEA, words: [RED, SEA, PLANE], solution: 1 } as const;

  it("does not tell before", async () => {
    const view = await openExercise(await panel(), question);
    expect(view.all(".tam-asked-for")).toEqual([]);
    expect(view.all(".tam-others figure")).toEqual([]);
    expect(view.find(".tam-legend").checkVisibility({ visibilityProperty: true })).toBe(false);
  });

  it("shows the maps of the other words afterwards", async () => {
    const view = await openExercise(await panel(), question);
    click(view.button("airplane"));
    await drawn();
    expect(view.text(".tam-result")).toBe(
      "No: it is the map of “sea”. That of “airplane” is below, with the others.",
    );
    expect(view.all(".tam-others figcaption").map((one) => one.textContent)).toEqual([
      "red",
      "airplane",
    ]);
    expect(new Set(view.maps()).size).toBe(3);
    expect(view.text(".tam-asked-for")).toBe("sea");
  });
});

it("says why it cannot be shown", async () => {
  const view = await openExercise(await panel(), { tokens: RED }, { _header: { version: 0 } });
  expect(view.text(".tam-error")).toContain(
    "The exercise could not be shown. The data has version 0",
  );
});

describe("accessibility", () => {
  const made = [
    ["draw", { tokens: RED }, { drawn: [1, 2, 3], answered: true }],
    [
      "eci",
      {
        kind: "eci",
        tokens: RED,
        strengths: [1, 0],
        solution: 0,
        context: { share: 0.4, word: "A" },
      },
      { choice: 1, answered: true },
    ],
    [
      "word",
      { kind: "word", tokens: RED, words: [RED, SEA], solution: 0 },
      { choice: 0, answered: true },
    ],
  ] as const;

  it.each(made)("has no faults before and after the answer: %s", async (_, question, answer) => {
    for (const width of [320, 1100]) {
      const before = await openExercise(await panel(), question, {}, width);
      expect(await before.faults()).toEqual([]);
      expect(before.root.scrollWidth).toBeLessThanOrEqual(width);
      const after = await openExercise(await panel(), question, answer, width);
      expect(await after.faults()).toEqual([]);
      expect(after.root.scrollWidth).toBeLessThanOrEqual(width);
    }
  });
});
