import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import type { RenderProps } from "../../src/render";
import { click, drawn, enter, press } from "../events";
import { SAMPLES } from "./made";
import { type OpenedGallery, open } from "./opened";

const single = SAMPLES.map(({ id, runs }) => ({ id, runs: runs.slice(0, 1) }));

const panel = (view: OpenedGallery) => view.find(".tam-sample");

/** What the explorer's code would do: it says which words are locked. */
const CODE = "export default { render: (props) => globalThis.explorer(props) };";

const shown: RenderProps[] = [];

beforeEach(() => {
  shown.length = 0;
  Object.assign(globalThis, {
    explorer: (props: RenderProps) => {
      shown.push(props);
      props.el.textContent = `explorer of ${JSON.stringify(props.model.get("selected"))}`;
      return () => {};
    },
  });
});

function answer(id: string, more: object = {}) {
  return {
    kind: "sample",
    id,
    header: { panels: [{ title: id, model: "m" }] },
    selected: [[0, 4]],
    settings: { method: "tam", colormap: "viridis" },
    missing: null,
    caveat: null,
    ...more,
  };
}

async function opened(id = "b", traits = {}): Promise<OpenedGallery> {
  const view = await open(single, traits);
  click(view.card(id));
  await drawn();
  view.kernel.answer({ kind: "explorer", code: CODE });
  return view;
}

async function explained(view: OpenedGallery, id = "b", more: object = {}): Promise<void> {
  view.kernel.answer(answer(id, more));
  await expect.poll(() => panel(view).dataset.sample, { interval: 5 }).toBe(id);
}

describe("the open sample", () => {
  it("has a head at once, and the explorer when it comes", async () => {
    const view = await opened();
    expect(panel(view).hidden).toBe(false);
    expect(panel(view).getAttribute("aria-busy")).toBe("true");
    expect(view.text(".tam-sample-name")).toBe("b");
    expect(view.text(".tam-place")).toBe("1 of 5");
    expect(view.text(".tam-facts")).toBe(
      "F1-IoU 0.10IoU: dog 0.10missed: catsignatures: text-driven",
    );
    await explained(view);
    expect(panel(view).textContent).toContain("explorer of [[0,4]]");
    expect(panel(view).hasAttribute("aria-busy")).toBe(false);
    expect(view.kernel.requests("explorer").length).toBe(1);
  });

  it("is stepped through and closed", async () => {
    const view = await opened();
    expect(view.button("‹").disabled).toBe(true);
    click(view.button("›"));
    expect(view.selection).toEqual(["c"]);
    await drawn();
    click(view.button("‹"));
    expect(view.selection).toEqual(["b"]);
    click(view.button("×"));
    expect(view.selection).toEqual([]);
    await drawn();
    expect(panel(view).hidden).toBe(true);
    expect(document.activeElement).toBe(view.find(".tam-grid"));
  });

  it("is asked for by a view that comes later", async () => {
    const view = await open(single, { selection: ["c"] });
    expect(view.kernel.requests("open").length).toBe(1);
    expect(view.text(".tam-sample-name")).toBe("c");
  });

  it("says when it is filtered out", async () => {
    const view = await opened();
    enter(view.find<HTMLInputElement>(".tam-find"), "cat");
    await drawn();
    expect(view.text(".tam-place")).toBe("filtered out");
    expect([view.button("‹").disabled, view.button("›").disabled]).toEqual([true, true]);
  });

  it("keeps what a person set in the explorer for the next sample", async () => {
    const view = await opened();
    await explained(view);
    shown[0].model.set("colormap", "jet");
    shown[0].model.set("selected", []);
    click(view.button("›"));
    await drawn();
    await explained(view, "c");
    expect(shown[1].model.get("colormap")).toBe("jet");
    expect(shown[1].model.get("method")).toBe("tam");
    expect(shown[1].model.get("selected")).toEqual([[0, 4]]);
  });

  it("takes no explanation for another sample, and none twice", async () => {
    const view = await opened();
    view.kernel.answer(answer("a"));
    await explained(view);
    view.kernel.answer(answer("b"));
    await drawn();
    expect(shown.length).toBe(1);
  });

  it("says what the explorer cannot show, and when it fails", async () => {
    const view = await opened();
    await explained(view, "b", { caveat: "B: no explanation was kept." });
    expect(panel(view).textContent).toContain("B: no explanation was kept.");
    Object.assign(globalThis, {
      explorer: () => {
        throw new Error("broken");
      },
    });
    click(view.button("›"));
    await drawn();
    await explained(view, "c");
    expect(panel(view).textContent).toContain("The explorer could not be shown. Error: broken");
  });

  it("shows picture, map and answer where no explanation was kept", async () => {
    const view = await opened();
    const side = { answer: "A dog.", picture: -1, map: -1, rect: [0, 0, 1, 1], size: null };
    view.kernel.answer({ kind: "pictures", samples: [{ id: "b", runs: [side] }] });
    await explained(view, "b", { header: null, missing: "No explanation was kept." });
    expect(panel(view).textContent).toContain("No explanation was kept.");
    expect(view.text(".tam-fallback figcaption")).toBe("A dog.");
    expect(view.text(".tam-fallback .tam-noun")).toBe("dog");
  });

  it("says after a while that nothing came", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    onTestFinished(() => {
      vi.useRealTimers();
    });
    const view = await opened();
    vi.advanceTimersByTime(8000);
    expect(panel(view).textContent).toContain("The explanation has not arrived");
  });
});

describe("notes", () => {
  const text = (view: OpenedGallery) => view.labelled<HTMLTextAreaElement>("Note");
  const sent = (view: OpenedGallery) => view.kernel.requests("note");
  const state = (view: OpenedGallery) => view.text(".tam-note-state");

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("are sent when nothing was typed for a moment, and said to be kept when they are", async () => {
    const view = await opened();
    enter(text(view), "the t");
    enter(text(view), "the tail");
    expect(sent(view)).toEqual([]);
    vi.advanceTimersByTime(500);
    expect(sent(view)).toEqual([{ kind: "note", ids: ["b"], note: "the tail" }]);
    view.kernel.set("notes", { b: { tags: [], note: "the tail" } });
    await drawn();
    expect(state(view)).toBe("saved");
  });

  it("go out before another sample is opened, each with its own", async () => {
    const view = await opened("b", { notes: { c: { tags: [], note: "old" } } });
    enter(text(view), "half");
    click(view.button("›"));
    await drawn();
    expect(sent(view)).toEqual([{ kind: "note", ids: ["b"], note: "half" }]);
    expect(text(view).value).toBe("old");
  });

  it("stay in the field when they cannot be kept", async () => {
    const view = await opened();
    view.kernel.gone = true;
    enter(text(view), "typed");
    text(view).dispatchEvent(new Event("blur"));
    expect(state(view)).toBe("not saved");
    expect(view.find(".tam-note-state").title).toBe("The kernel is gone: run the cell again.");
    expect(text(view).value).toBe("typed");
  });

  it("give tags to all selected samples, and take them away", async () => {
    const view = await opened("b", { notes: { c: { tags: ["old"], note: "" } } });
    click(view.card("c"), { ctrlKey: true });
    await drawn();
    expect(state(view)).toBe("tags for 2 samples");
    const field = view.labelled("New tag");
    field.value = " odd ";
    field.focus();
    press("Enter");
    expect(sent(view)).toEqual([
      { kind: "note", ids: ["b"], tags: ["odd"] },
      { kind: "note", ids: ["c"], tags: ["old", "odd"] },
    ]);
    const notes = { b: { tags: ["odd"], note: "" }, c: { tags: ["old", "odd"], note: "" } };
    view.kernel.set("notes", notes);
    await drawn();
    click(view.button("odd"));
    expect(sent(view).slice(2)).toEqual([
      { kind: "note", ids: ["b"], tags: [] },
      { kind: "note", ids: ["c"], tags: ["old"] },
    ]);
    expect([...view.find("datalist").children].map((one) => one.textContent)).toEqual([
      "odd",
      "old",
    ]);
  });
});
