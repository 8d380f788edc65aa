import { describe, expect, it } from "vitest";
import { choose, click, drawn, hover, unhover } from "../events";
import { at, PROMPT, panel } from "../view/made";
import type { Opened } from "../view/opened";
import { faults, miniatures, openTool } from "./opened";

const words = (view: Opened) => view.all(".tam-all .tam-choice-picture");
const texts = (view: Opened) => words(view).map(({ textContent }) => textContent);

/** An answer of many words. */
async function long(count: number) {
  const whole = await panel();
  const more = Array.from({ length: count }, (_, i) => ({
    ...whole.tokens[at(" red")],
    text: ` word${i}`,
  }));
  const tokens = [...whole.tokens.slice(0, PROMPT.length), ...more];
  const visual = whole.activations.length / whole.tokens.length;
  const activations = new Float32Array(tokens.length * visual);
  for (let i = 0; i < tokens.length; i++) activations[i * visual + (i % visual)] = 1;
  return panel({
    tokens,
    activations,
    relevance: new Float32Array(tokens.length ** 2).fill(0.7),
    words: tokens.map((_, i) => [i]),
    turns: [
      ["user", 0, PROMPT.length],
      ["assistant", PROMPT.length, tokens.length],
    ],
  });
}

describe("all words", () => {
  it("shows the readable words of the answer, each with its own map and probability", async () => {
    const view = await openTool("overview");
    expect(texts(view)).toEqual(["A.52", "red.53", "air.54", "plane.55", "over.56", "sea.57"]);
    expect(new Set(miniatures(view.root)).size).toBe(6);
    expect(view.text(".tam-drawer")).toContain("TAM, each on its own scale");
  });

  it("previews what is pointed at, and locks what is pressed", async () => {
    const view = await openTool("overview");
    const sea = words(view)[5];
    hover(sea);
    expect(view.shown()).toEqual([at(" sea")]);
    unhover(sea);
    expect(view.shown()).toEqual([at(" red")]);
    click(sea);
    expect([view.locked(), sea.ariaPressed]).toEqual([[at(" sea")], "true"]);
    click(sea);
    expect([view.locked(), sea.ariaPressed]).toEqual([[], "false"]);
  });

  it("is reached by keyboard", async () => {
    const view = await openTool("overview");
    words(view)[2].focus();
    expect(view.shown()).toEqual([at(" air")]);
    expect(words(view)[2].hasAttribute("data-current")).toBe(true);
  });

  it("follows the settings", async () => {
    const view = await openTool("overview");
    const before = miniatures(view.root);
    choose(view.setting<HTMLSelectElement>("colormap"), "inferno");
    await drawn();
    const after = miniatures(view.root);
    expect(after.some((one, i) => one === before[i])).toBe(false);
    click(view.find(".tam-legend button"));
    await drawn();
    expect(view.text(".tam-drawer")).toContain("all on the scale from 0 to 1");
  });

  it("takes whole words where they are asked for", async () => {
    const view = await openTool("overview", undefined, { granularity: "word" });
    expect(texts(view)).toEqual(["A.52", "red.53", "airplane.54", "over.56", "sea.57"]);
    click(words(view)[2]);
    expect(view.locked()).toEqual([at(" air"), at("plane")]);
    click(view.button("words"));
    await drawn();
    expect(words(view)).toHaveLength(6);
  });

  it("shows a panel in a row", async () => {
    const view = await openTool("overview", [await panel(), await panel({ title: "model-b" })]);
    expect(words(view)).toHaveLength(2 * 6);
    expect(view.all(".tam-row-title").map((one) => one.textContent)).toEqual([
      "model-a",
      "model-b",
    ]);
    hover(words(view)[7]);
    expect(view.shown(1)).toEqual([at(" red")]);
  });

  it("shows the 24 strongest of many words, and all of them if asked to", async () => {
    const made = await long(60);
    // the first words are faint: their evidence is in the text
    for (let i = 0; i < 10; i++) made.activations[(PROMPT.length + i) * 49 + PROMPT.length + i] = 0;
    const view = await openTool("overview", [made]);
    expect(words(view)).toHaveLength(24);
    click(view.button("show all 60"));
    await drawn();
    expect(words(view)).toHaveLength(60);
    expect(document.activeElement).toBe(words(view)[24]);
    expect(view.all(".tam-drawer .tam-button").map((one) => one.hidden)).toEqual([false, true]);
  });

  it("has no faults in accessibility", async () => {
    const view = await openTool("overview", [await panel(), await panel({ title: "model-b" })]);
    click(words(view)[1]);
    expect(await faults(view)).toEqual([]);
  });
});
