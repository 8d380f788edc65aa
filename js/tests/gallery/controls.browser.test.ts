import { describe, expect, it } from "vitest";
import { choose, click, drag, drawn, enter, press } from "../events";
import { SAMPLES } from "./made";
import { type OpenedGallery, open } from "./opened";

const single = SAMPLES.map(({ id, runs }) => ({ id, runs: runs.slice(0, 1) }));
const filters = (view: OpenedGallery) => view.kernel.state.filters as Record<string, unknown>;
const count = (view: OpenedGallery) => view.text(".tam-shown-count");

describe("the toolbar", () => {
  it("chooses score, order and direction", async () => {
    const view = await open(SAMPLES);
    choose(view.labelled<HTMLSelectElement>("Order of the samples"), "difference");
    await drawn();
    expect([view.kernel.state.sort, view.cards[0]]).toEqual(["difference", "c"]);
    click(view.button("lowest first"));
    await drawn();
    expect([view.kernel.state.descending, view.cards[0]]).toEqual([true, "a"]);
    choose(view.labelled<HTMLSelectElement>("Order of the samples"), "sample");
    await drawn();
    expect(view.cards).toEqual(["e", "d", "c", "b", "a"]);
    expect(view.button("last to first").hidden).toBe(false);
    choose(view.labelled<HTMLSelectElement>("Score of a sample"), "recall");
    await drawn();
    expect(view.kernel.state.score).toBe("recall");
    expect(view.card("a").querySelector(".tam-score")?.textContent).toBe("–");
  });

  it("offers no difference where there is one run", async () => {
    const view = await open(single);
    const orders = view.labelled<HTMLSelectElement>("Order of the samples").options;
    expect([...orders].map(({ value }) => value)).toEqual(["score", "sample"]);
  });

  it("finds a word, counts what is left, and shows all again", async () => {
    const view = await open(single);
    expect([count(view), view.button("clear").hidden]).toEqual(["5 shown", true]);
    enter(view.find<HTMLInputElement>(".tam-find"), "Dog");
    await drawn();
    expect([view.cards, count(view)]).toEqual([["b", "c"], "2 of 5 shown"]);
    click(view.button("clear"));
    await drawn();
    expect([view.cards.length, view.find<HTMLInputElement>(".tam-find").value]).toEqual([5, ""]);
  });

  it("says when nothing is like that", async () => {
    const view = await open(single);
    enter(view.find<HTMLInputElement>(".tam-find"), "zebra");
    await drawn();
    expect(view.cards).toEqual([]);
    expect(view.text(".tam-left > .tam-message")).toMatch(/^No sample/);
  });

  it("switches the maps over the pictures", async () => {
    const view = await open(single);
    click(view.button("maps"));
    expect(view.kernel.state.overlay).toBe(false);
    await drawn();
    expect(view.button("maps").getAttribute("aria-pressed")).toBe("false");
  });

  it("shows what Python refuses", async () => {
    const view = await open(single);
    view.kernel.answer({ kind: "refused", about: "filters", message: "no such signature" });
    expect(view.text(".tam-error")).toBe("no such signature");
    click(view.button("maps"));
    expect(view.all(".tam-error")).toEqual([]);
  });
});

describe("a menu", () => {
  const menu = (view: OpenedGallery, name: string) => view.find(`[data-menu="${name}"]`);
  const list = (view: OpenedGallery, name: string) =>
    menu(view, name).querySelector(".tam-list") as HTMLElement;
  const box = (view: OpenedGallery, name: string) =>
    view.find<HTMLInputElement>(`input[data-name="${name}"]`);

  it("lists names with the samples that each would show, and filters by those ticked", async () => {
    const view = await open(single);
    click(view.button("signatures"));
    const rows = [...list(view, "signatures").querySelectorAll("label")];
    expect(rows.map((row) => row.textContent)).toEqual([
      "text-driven2text outweighs the image",
      "object missed1not named",
    ]);
    expect(document.activeElement).toBe(box(view, "text-driven"));
    click(box(view, "object missed"));
    await drawn();
    expect(filters(view).signatures).toEqual(["object missed"]);
    expect(view.cards).toEqual(["d"]);
    const name = menu(view, "signatures").querySelector("button");
    expect(name?.textContent).toBe("object missed");
    expect(name?.getAttribute("aria-pressed")).toBe("true");
    click(box(view, "text-driven"));
    await drawn();
    expect(name?.textContent).toBe("signatures: 2");
  });

  it("states a signature of most samples, which is no filter", async () => {
    const most = single.map(({ id, runs: [run] }) => {
      const g = id === "a" ? [] : [0];
      return { id, runs: [run && { ...run, g }] };
    });
    const view = await open(most);
    expect(view.text(".tam-run")).toContain("text-driven in 75 % of cases");
    click(view.button("signatures"));
    expect(list(view, "signatures").querySelectorAll("input").length).toBe(0);
    expect(view.text(".tam-statement")).toBe(
      "text-driven in 75 % of casestext outweighs the image",
    );
    view.kernel.set("filters", {
      ...filters(view),
      ...{ signatures: ["text-driven"], categories: [], tags: [], word: "", ranges: [null] },
    });
    await drawn();
    click(view.button("text-driven"));
    click(view.button("text-driven"));
    expect(box(view, "text-driven").checked).toBe(true);
  });

  it("closes by Escape, by its button, and by a click beside it", async () => {
    const view = await open(single);
    const closed = () => list(view, "categories").hidden;
    click(view.button("categories"));
    expect([closed(), view.button("categories").getAttribute("aria-expanded")]).toEqual([
      false,
      "true",
    ]);
    press("Escape");
    expect([closed(), document.activeElement]).toEqual([true, view.button("categories")]);
    click(view.button("categories"));
    click(view.button("categories"));
    expect(closed()).toBe(true);
    click(view.button("categories"));
    click(view.find(".tam-grid"));
    expect(closed()).toBe(true);
    click(view.button("categories"));
    view.find(".tam-grid").focus();
    expect(closed()).toBe(true);
  });

  it("says when there is nothing to choose", async () => {
    const view = await open(single);
    click(view.button("tags"));
    expect(list(view, "tags").textContent).toBe("There are no tags here.");
  });

  it("opens to the side where there is room", async () => {
    const view = await open(single);
    menu(view, "tags").style.marginLeft = "2000px";
    click(view.button("tags"));
    expect(list(view, "tags").classList).toContain("tam-leftwards");
  });
});

describe("the histogram", () => {
  const plot = (view: OpenedGallery, i = 0) => view.all(".tam-plot")[i];
  const ranges = (view: OpenedGallery) => filters(view)?.ranges as number[][];

  it("filters by the range that is drawn on it, and shows all after a click", async () => {
    const view = await open(single);
    drag(plot(view), { x: 0.2 }, { x: 0.4 });
    const [[low, high]] = ranges(view);
    expect(low).toBeCloseTo(0.2, 1);
    expect(high).toBeCloseTo(0.4, 1);
    await drawn();
    expect(view.cards).toEqual(["c", "d"]);
    expect(view.text(".tam-range")).toBe("0.20–0.40");
    drag(plot(view), { x: 0.7 }, { x: 0.7 });
    expect(ranges(view)).toEqual([null]);
  });

  it.each([
    ["upper", 0.4, 0.6, [0.2, 0.6]],
    ["lower", 0.2, 0.1, [0.1, 0.4]],
  ])("takes hold of the %s end where that is near", async (_, from, to, expected) => {
    const view = await open(single, {
      filters: { signatures: [], categories: [], tags: [], word: "", ranges: [[0.2, 0.4]] },
    });
    drag(plot(view), { x: from }, { x: to });
    const [[low, high]] = ranges(view);
    expect(low).toBeCloseTo(expected[0], 1);
    expect(high).toBeCloseTo(expected[1], 1);
  });

  it("is set by keys on either end, and freed by Escape", async () => {
    const view = await open(single);
    enter(view.labelled("Score, lowest"), 0.2);
    await drawn();
    enter(view.labelled("Score, highest"), 0.35);
    expect(ranges(view)).toEqual([[0.2, 0.35]]);
    await drawn();
    view.labelled("Score, highest").focus();
    press("Escape");
    expect(ranges(view)).toEqual([null]);
  });

  it("has an axis that says what is counted, and how many the tallest bar stands for", async () => {
    const view = await open(single);
    const ends = [...view.find(".tam-axis").children].map(({ textContent }) => textContent);
    expect(ends).toEqual(["0", "F1-IoU of 4 samples", "1"]);
    expect(view.text(".tam-most")).toBe("2");
    choose(view.labelled<HTMLSelectElement>("Score of a sample"), "recall");
    await drawn();
    expect(view.text(".tam-axis-name")).toBe("recall of 0 samples");
  });

  it("has one for each run", async () => {
    const view = await open(SAMPLES);
    expect(view.all(".tam-plot").length).toBe(2);
    drag(plot(view, 1), { x: 0 }, { x: 0.3 });
    const [first, [low, high]] = ranges(view);
    expect([first, low]).toEqual([null, 0]);
    expect(high).toBeCloseTo(0.3, 1);
    await drawn();
    expect(view.cards).toEqual(["b", "c"]);
  });
});

describe("a run", () => {
  it("is named with its figures", async () => {
    const view = await open(single);
    expect(view.text(".tam-summary")).toBe("F1-IoU 0.40 (0.30–0.50)");
    expect(view.all(".tam-run select")).toEqual([]);
  });

  it("can be another model or method of the report", async () => {
    const view = await open(single, { runs: [["m", "tam"]] }, { models: ["m", "n"] });
    choose(view.labelled<HTMLSelectElement>("Model"), "n");
    expect(view.kernel.state.runs).toEqual([["n", "tam"]]);
  });

  it("brings other values, when Python has them", async () => {
    const view = await open(single);
    const data = JSON.parse(view.kernel.state._listing as string);
    data.samples = data.samples.slice(0, 2);
    view.kernel.set("_listing", JSON.stringify(data));
    await drawn();
    expect(view.cards).toEqual(["b", "a"]);
  });
});

it("says why data of another version cannot be shown", async () => {
  const view = await open(single, { _listing: '{"version": 0}' });
  expect(view.root.dataset.ready).toBe("error");
  expect(view.root.textContent).toMatch(/^The gallery could not be shown\. The data has version 0/);
});
