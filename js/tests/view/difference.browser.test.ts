import { describe, expect, it } from "vitest";
import { choose, click, hover, unhover } from "../events";
import { at, grid, HEIGHT, image, panel, WIDTH, withAlternatives } from "./made";
import { type Opened, open } from "./opened";

const WORDS = [[at(" red")], [at(" air"), at("plane")], [at(" sea")]];
const links = (panels: number) =>
  WORDS.map((tokens) => Array.from({ length: panels }, (_, i) => [i, tokens] as const));

/** Opens the difference; its code comes on demand. */
async function opened(...given: Parameters<typeof open>): Promise<Opened> {
  const view = await open(...given);
  click(view.button("difference"));
  await expect.poll(() => view.all(".tam-difference").length, { interval: 5 }).toBe(1);
  await expect.poll(() => view.text(".tam-words .tam-note"), { interval: 5 }).not.toContain("…");
  return view;
}

const shown = (view: Opened) => view.find(".tam-figures > p").textContent;
const settled = (view: Opened, text: string | RegExp) =>
  expect.poll(() => shown(view), { interval: 5 }).toMatch(text);
const rows = (view: Opened) =>
  view
    .all(".tam-agreement tbody tr")
    .map((row) => [...row.children].map((cell) => cell.textContent));

async function coarse() {
  return panel({ title: "model-b", grids: [grid({ rows: 3, cols: 4 })] });
}

/** A panel whose maps are those of the next words. */
async function shifted() {
  const made = await panel({ title: "model-b" });
  const visual = made.activations.length / made.tokens.length;
  const activations = made.activations.slice();
  activations.copyWithin(0, visual);
  return { ...made, activations };
}

describe("the difference of two panels", () => {
  it("is offered only where there are two", async () => {
    const display = async (count: number) => {
      const view = await open(await Promise.all(Array.from({ length: count }, () => panel())));
      return getComputedStyle(view.button("difference")).display;
    };
    expect(await display(1)).toBe("none");
    expect(await display(2)).not.toBe("none");
  });

  it("says what it shows, in picture coordinates, and whose colour is which", async () => {
    const view = await opened([await panel(), await coarse()], { selected: [[0, 3]] }, links(2));
    expect(shown(view)).toBe(
      "“red”: difference in picture coordinates, 6\u00a0×\u00a08 and 3\u00a0×\u00a04 resampled to " +
        "6\u00a0×\u00a08.",
    );
    expect(view.text(".tam-sides")).toBe("orange: more in model-ablue: more in model-b");
    expect(view.text(".tam-difference .tam-quantity")).toContain("“red”");
    const ends = view.all(".tam-difference .tam-number").map((number) => number.textContent?.[0]);
    expect(ends).toEqual(["+", "0", "−"]);
  });

  it("follows the word that is pointed at, and the settings", async () => {
    const view = await opened([await panel(), await shifted()], { selected: [[0, 3]] }, links(2));
    const overlay = () => view.overlay(0);
    const before = overlay();
    hover(view.token(at(" sea")));
    await settled(view, "“sea”");
    const other = overlay();
    expect(other).not.toBe(before);
    view.model.set("method", "tam-no-rgf");
    await expect.poll(overlay, { interval: 5 }).not.toBe(other);
    unhover(view.find(".tam-panel .tam-strip"));
    await settled(view, "“red”");
  });

  it("is nothing between a panel and itself", async () => {
    const view = await opened([await panel(), await panel()], { selected: [[0, 3]] }, links(2));
    const canvas = view.find<HTMLCanvasElement>(".tam-difference canvas.tam-overlay");
    const { data } = (canvas.getContext("2d") as CanvasRenderingContext2D).getImageData(
      0,
      0,
      canvas.width,
      canvas.height,
    );
    expect(data.some((value) => value > 0)).toBe(false);
    expect(view.text(".tam-numbers-of-word")).toBe("“red”: correlation 1.00, overlap 1.00");
    expect(view.text(".tam-sides")).toContain("model-a (panel 2)");
  });

  it("shows the values of all at the place that is pointed at in any", async () => {
    const view = await opened([await panel(), await shifted()], { selected: [[0, 3]] }, links(2));
    const values = () =>
      view.all(".tam-value").map((value) => (value.hidden ? "" : Number(value.textContent)));
    const stages = view.all(".tam-stage");
    expect(stages).toHaveLength(3);
    for (const stage of stages) {
      hover(stage, { x: 0.45, y: 0.6 });
      expect(values().every((value) => value !== "")).toBe(true);
      unhover(stage);
      expect(values()).toEqual(["", "", ""]);
    }
  });

  it("is shown on what both models saw", async () => {
    const left = await panel({ grids: [grid({ rect: [0, 0, 50, HEIGHT] })] });
    const right = await panel({ title: "b", grids: [grid({ rect: [30, 0, WIDTH, HEIGHT] })] });
    const view = await opened([left, right], { selected: [[0, 3]] }, links(2));
    expect(view.text(".tam-sides")).toContain("not seen by both");
    hover(view.find(".tam-difference .tam-stage"), { x: 0.1, y: 0.5 });
    expect(view.text(".tam-difference .tam-value")).toBe("not seen");
    hover(view.find(".tam-difference .tam-stage"), { x: 0.5, y: 0.5 });
    expect(view.text(".tam-difference .tam-value")).toMatch(/\d/);
  });
});

describe("what cannot be compared", () => {
  const hidden = (view: Opened) => view.find(".tam-differences").hidden;

  it("is different pictures", async () => {
    const other = await panel({ images: [await image({ data: new Uint8Array([1]) })] });
    const view = await opened([await panel(), other], { selected: [[0, 3]] }, links(2));
    expect(shown(view)).toContain("different pictures");
    expect(hidden(view)).toBe(true);
  });

  it("is two parts of a picture", async () => {
    const half = (left: number) => grid({ rect: [left, 0, left + 40, HEIGHT] });
    const panels = [await panel({ grids: [half(0)] }), await panel({ grids: [half(40)] })];
    const view = await opened(panels, { selected: [[0, 3]] }, links(2));
    expect(shown(view)).toBe("The two models saw no common part of this picture.");
    expect(rows(view)).toEqual([]);
  });

  it("is a word that one answer lacks", async () => {
    const view = await opened([await panel(), await coarse()], { selected: [[0, 3]] }, links(2));
    hover(view.token(at(" over")));
    await settled(view, "“over” has no counterpart in the answer of model-b.");
    expect(hidden(view)).toBe(true);
  });

  it("is a method that one panel lacks", async () => {
    const mine = { name: "mine", label: "mine", source: "", options: [], signed: false };
    const method = { ...mine, inBrowser: false, alternatives: false };
    const made = await panel();
    const maps = { mine: made.activations.map((value) => value / 3) };
    const settings = { selected: [[0, 3]], method: "mine" };
    const panels = [{ ...made, maps }, await coarse()];
    const view = await opened(panels, settings, links(2), [method]);
    expect(shown(view)).toBe("model-b: This explanation has no map of mine.");
  });

  it("is another word that one panel has no map of", async () => {
    const place = at(" air");
    const panels = [await withAlternatives(place), await coarse()];
    const settings = { selected: [[0, place]], counterfactual: [0, place, 0] };
    const view = await opened(panels, settings, links(2));
    expect(shown(view)).toBe("model-b: There is no map of that other word here.");
  });
});

describe("the table of words", () => {
  it("begins with the least agreement, and locks a word", async () => {
    const view = await opened([await panel(), await shifted()], {}, links(2));
    expect(
      rows(view)
        .map(([word]) => word)
        .sort(),
    ).toEqual(["airplane", "red", "sea"]);
    const correlations = rows(view).map(([, value]) => Number(value?.replace("−", "-")));
    expect(correlations).toEqual([...correlations].sort((a, b) => a - b));
    const word = view
      .all(".tam-agreement button")
      .find(({ textContent }) => textContent === "airplane");
    hover(word as HTMLElement);
    expect(view.shown(1)).toEqual([at(" air")]);
    click(word as HTMLElement);
    expect(view.state.selected).toEqual([
      [0, at(" air")],
      [0, at("plane")],
    ]);
    await expect.poll(() => word?.getAttribute("aria-pressed"), { interval: 5 }).toBe("true");
    expect(view.shown(1)).toEqual([at(" air"), at("plane")]);
  });

  it("leaves out words that name nothing", async () => {
    const more = [...links(2), [0, 1].map((i) => [i, [at(" over")]] as const)];
    const view = await opened([await panel(), await shifted()], {}, more);
    expect(rows(view).map(([word]) => word)).not.toContain("over");
    expect(view.text(".tam-words .tam-note")).toContain("function words (1)");
  });

  it("follows the settings of the maps", async () => {
    const view = await opened([await panel(), await shifted()], {}, links(2));
    const before = JSON.stringify(rows(view));
    view.model.set("kernel_size", 1);
    await expect.poll(() => JSON.stringify(rows(view)), { interval: 5 }).not.toBe(before);
  });
});

it("lets a person choose two of three panels", async () => {
  const panels = [await panel(), await coarse(), { ...(await shifted()), title: "model-c" }];
  const view = await opened(panels, { selected: [[0, 3]] }, links(3));
  const select = view.find<HTMLSelectElement>(".tam-difference select");
  const offered = [...select.options].map(({ text }) => text);
  expect(offered).toEqual(["model-a − model-b", "model-a − model-c", "model-b − model-c"]);
  choose(select, "1");
  await settled(view, "both are 6\u00a0×\u00a08");
  expect(view.text(".tam-sides")).toContain("model-c");
});

it("shows the frame in view of a video", async () => {
  const frames = await Promise.all(
    [1, 2, 3].map((time) => image({ video: 0, time, data: new Uint8Array([time]) })),
  );
  const grids = (count: number) =>
    Array.from({ length: count }, (_, i) => grid({ image: i, time: [i, i + 1] }));
  const panels = [
    await panel({ images: frames, grids: grids(3) }),
    await panel({ title: "b", images: frames.slice(0, 2), grids: grids(2) }),
  ];
  const view = await opened(panels, { selected: [[0, 3]] }, links(2));
  expect(shown(view)).toContain("both are 6\u00a0×\u00a08");
  view.model.set("frame", 2);
  await settled(view, "not in the other panel");
});
