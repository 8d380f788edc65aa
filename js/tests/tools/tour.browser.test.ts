import { describe, expect, it, onTestFinished, vi } from "vitest";
import type { Panel } from "../../src/wire";
import { choose, click, drag, drawn, hover, press } from "../events";
import { withKernel } from "../questions/kernel";
import { at, panel } from "../view/made";
import type { Opened } from "../view/opened";
import { faults, openAtRest, openTool } from "./opened";

const KEY = "tam-widgets-tour";

const text = (view: Opened) => view.text(".tam-drawer [role=status]");
const step = (view: Opened) => view.text(".tam-drawer .tam-note");

async function toured(settings: Record<string, unknown> = {}): Promise<Opened> {
  const view = await openAtRest([await panel()], settings);
  await tour(view);
  return view;
}

/** Takes the tour in a view, as a person does who knows where it is. */
async function tour(view: Opened): Promise<void> {
  click(view.find('[data-tool="help"]'));
  await expect.poll(() => view.all(".tam-drawer").length, { interval: 5 }).toBe(1);
  click(view.button("Take the tour"));
  await drawn();
}

/** A panel whose answer is made of these tokens. */
async function saying(texts: readonly string[]): Promise<Panel> {
  const { tokens } = await panel();
  const said = texts.map((text, i) => ({ ...tokens[at(" A")], text, id: 50 + i }));
  const words = said.flatMap(({ text }, i) => (text.startsWith(" ") ? [i] : []));
  return panel({
    tokens: said,
    relevance: new Float32Array(said.length ** 2),
    words: words.map((from, n) => said.map((_, i) => i).slice(from, words[n + 1] ?? said.length)),
    turns: [["assistant", 0, said.length]],
  });
}

/** From here on to the end of a test, nobody has seen a view before. */
function forget(): void {
  localStorage.removeItem(KEY);
  onTestFinished(() => localStorage.setItem(KEY, "1"));
}

/** A view as it is for somebody who is new here. */
async function newcomer(): Promise<Opened> {
  forget();
  const view = await openAtRest([await panel()]);
  await expect.poll(() => view.all(".tam-invitation").length, { interval: 5 }).toBe(1);
  return view;
}

describe("the tour", () => {
  it("waits for what it asks for, and says what happened", async () => {
    const view = await toured();
    expect(step(view)).toBe("1 of 5");
    expect(text(view)).toContain("Move over a word");
    hover(view.token(at(" sea")));
    expect(text(view)).toBe("The picture shows where the model found evidence for “sea”.");
    click(view.button("Next"));
    expect(step(view)).toBe("2 of 5");
    expect(text(view)).toContain("“sea” reaches 0.");
    click(view.button("Next"));
    click(view.token(at(" sea")));
    expect(text(view)).toContain("“sea” comes back");
    click(view.button("Next"));
    drag(view.find(".tam-stage"), { x: 0.1, y: 0.1 }, { x: 0.5, y: 0.5 });
    expect(text(view)).toContain("most in the box");
    click(view.button("Next"));
    choose(view.setting<HTMLSelectElement>("method"), "cam");
    expect(text(view)).toContain("This is plain CAM");
    click(view.button("Finish"));
    expect(view.all(".tam-drawer, .tam-target")).toEqual([]);
  });

  it("takes the method of one panel for a change, and gives panels their own again", async () => {
    const one = await panel();
    const methods = ["tam", "cam"];
    const view = await openTool("help", [one, one], { methods });
    click(view.button("Take the tour"));
    await drawn();
    for (let i = 0; i < 4; i++) click(view.button("Next"));
    expect(text(view)).toContain("Now doubt it");
    click(view.button("Show me"));
    expect(view.state.methods).toEqual([]);
    expect(text(view)).toContain("This is plain CAM");
    click(view.button("Finish"));
    expect(view.state.methods).toEqual(methods);
  });

  it("does each step for a person, and puts the view back", async () => {
    const view = await toured({ eci: 0.5 });
    for (const state of [null, null, "selected", "box", "method"] as const) {
      const show = view.all(".tam-drawer button").find((one) => one.textContent === "Show me");
      expect(view.all(".tam-target")).toHaveLength(1);
      if (show && !show.hidden) click(show);
      if (state) expect(view.state[state]).not.toEqual([]);
      click(view.all(".tam-primary")[0]);
    }
    expect(view.state).toMatchObject({ selected: [], box: [], method: "tam", eci: 0.5 });
  });

  it("checks another word in the place of a function word", async () => {
    const view = await toured({ _questions: [["check"]] });
    hover(view.token(at(" over")));
    for (let i = 0; i < 5; i++) click(view.button("Next"));
    await expect.poll(() => view.all(".tam-questions").length, { interval: 5 }).toBe(1);
    click(view.button("Show me"));
    expect(view.locked()).toEqual([at(" sea")]);
  });

  it("passes over function words, and over pieces of words that look like one", async () => {
    const tokens = [" A", " the", "ater", " with", " the"];
    const view = await openTool("help", [await saying(tokens)]);
    click(view.button("Take the tour"));
    await drawn();
    click(view.button("Show me"));
    expect(view.shown()).toEqual([2]);
  });

  it("checks the map that was first shown, and not that of the step before", async () => {
    const view = await toured({ _questions: [["check"]], eci: 0.5 });
    await expect.poll(() => view.all(".tam-questions").length, { interval: 5 }).toBe(1);
    for (let i = 0; i < 4; i++) click(view.button("Next"));
    click(view.button("Show me"));
    expect(view.state.method).toBe("cam");
    click(view.button("Next"));
    expect(view.state).toMatchObject({ method: "tam", eci: 0.5 });
    expect(text(view)).toContain("the settings of the beginning");
    click(view.button("Show me"));
    expect(view.find("section[data-question=check]").textContent).not.toContain("CAM");
  });

  it.each([360, 900])("frames its targets without a shift, %i pixels wide", async (width) => {
    const view = await openAtRest([await panel()], { _questions: [["check"]] });
    const host = view.root.parentElement as HTMLElement;
    Object.assign(host.style, { overflow: "auto", width: `${width}px` });
    await expect.poll(() => view.all(".tam-questions").length, { interval: 5 }).toBe(1);
    await tour(view);
    const within = view.root.getBoundingClientRect();
    for (let i = 0; i < 6; i++) {
      const target = view.find(".tam-target");
      const { outlineWidth, outlineOffset } = getComputedStyle(target);
      const beyond = Number.parseFloat(outlineWidth) + Number.parseFloat(outlineOffset);
      const { left, right } = target.getBoundingClientRect();
      expect(host.scrollLeft).toBe(0);
      expect(left - beyond).toBeGreaterThanOrEqual(within.left);
      expect(right + beyond).toBeLessThanOrEqual(within.right);
      if (i < 5) click(view.button("Next"));
    }
  });

  it("ends with a check where there is a model, and does without where there is none", async () => {
    const view = await toured({ _questions: [["check"]] });
    await expect.poll(() => view.all(".tam-questions").length, { interval: 5 }).toBe(1);
    expect(step(view)).toBe("1 of 6");
    for (let i = 0; i < 5; i++) click(view.button("Next"));
    expect(text(view)).toContain("press check this");
    click(view.button("Show me"));
    expect(view.all("section[data-question=check]")).toHaveLength(1);
    expect(text(view)).toContain("random orders");
    click(view.button("Finish"));
    expect(view.state.selected).toEqual([]);
  });

  it.each(["Finish", "Escape"])("closes and stops the check that it opened: %s", async (end) => {
    const { view, sent } = await withKernel([await panel()], { _questions: [["check"]] });
    await expect.poll(() => view.all(".tam-questions").length, { interval: 5 }).toBe(1);
    await tour(view);
    for (let i = 0; i < 5; i++) click(view.button("Next"));
    click(view.button("Show me"));
    expect(sent.map(({ kind }) => kind)).toEqual(["question"]);
    if (end === "Finish") click(view.button(end));
    else press(end);
    expect(view.all(".tam-question section")).toEqual([]);
    expect(sent.at(-1)).toMatchObject({ kind: "stop", id: sent[0].id });
    expect(document.activeElement).toBe(view.find('[data-tool="help"]'));
  });

  it("leaves a question open that was open before it", async () => {
    const { view, press: ask } = await withKernel([await panel()], { _questions: [["check"]] });
    await expect.poll(() => view.all(".tam-questions").length, { interval: 5 }).toBe(1);
    click(view.token(at(" sea")));
    await ask("check");
    await tour(view);
    press("Escape");
    expect(view.all("section[data-question=check]")).toHaveLength(1);
  });

  it("notices a check that a person begins", async () => {
    const view = await toured({ _questions: [["check"]] });
    await expect.poll(() => view.all(".tam-questions").length, { interval: 5 }).toBe(1);
    for (let i = 0; i < 5; i++) click(view.button("Next"));
    click(view.token(at(" sea")));
    expect(text(view)).toContain("Lock a word");
    click(view.find("button[data-question=check]"));
    expect(text(view)).toContain("how probable “sea” stays");
  });

  it("goes back, and ends by Escape", async () => {
    const view = await toured();
    click(view.button("Next"));
    click(view.button("Back"));
    expect(step(view)).toBe("1 of 5");
    view.button("Next").focus();
    press("Escape");
    expect(view.all(".tam-drawer, .tam-target")).toEqual([]);
    expect(document.activeElement).toBe(view.find('[data-tool="help"]'));
  });

  it("has no faults in accessibility", async () => {
    expect(await faults(await toured())).toEqual([]);
  });
});

describe("the invitation", () => {
  it("starts the tour, and is not made again", async () => {
    const view = await newcomer();
    click(view.button("Take the tour"));
    await drawn();
    expect(step(view)).toBe("1 of 5");
    expect(localStorage.getItem(KEY)).toBe("1");
    expect(view.all(".tam-invitation")).toEqual([]);
  });

  it("goes when the tour is started from the help", async () => {
    const view = await newcomer();
    await tour(view);
    expect(step(view)).toBe("1 of 5");
    expect(view.all(".tam-invitation")).toEqual([]);
    expect(localStorage.getItem(KEY)).toBe("1");
  });

  it("takes no for an answer", async () => {
    const view = await newcomer();
    expect(await faults(view)).toEqual([]);
    click(view.button("No, thanks"));
    expect(view.all(".tam-invitation, .tam-drawer")).toEqual([]);
    const other = await openAtRest([await panel()]);
    await drawn();
    expect(other.all(".tam-invitation")).toEqual([]);
  });

  it("is made by one view at a time", async () => {
    const view = await newcomer();
    const second = await openAtRest([await panel()]);
    await drawn();
    expect(second.all(".tam-invitation")).toEqual([]);
    click(view.button("No, thanks"));
  });

  it.each(["forbidden storage", "a view that says no"])("is not made with %s", async (why) => {
    forget();
    const denied = () => {
      throw new DOMException("denied", "SecurityError");
    };
    const read = vi.spyOn(Storage.prototype, "getItem");
    onTestFinished(() => read.mockRestore());
    if (why === "forbidden storage") read.mockImplementation(denied);
    const view = await openAtRest(
      [await panel()],
      why === "forbidden storage" ? {} : { _tour: false },
    );
    await drawn();
    expect(view.all(".tam-invitation")).toEqual([]);
  });
});
