import { expect, it, onTestFinished, vi } from "vitest";
import { click, press } from "../events";
import { at, panel } from "../view/made";
import { withKernel } from "./kernel";

it("is not there where nothing can be asked and nothing is known", async () => {
  const { view } = await withKernel([await panel()]);
  expect(view.all(".tam-questions")).toHaveLength(0);
});

it("asks its panel’s model, and says so when the kernel is gone", async () => {
  const panels = [await panel(), await panel()];
  const { view, sent, press, die } = await withKernel(panels, {
    _questions: [[], ["reliance"]],
    _known: [{}, {}],
  });
  const buttons = view.all('button[data-question="reliance"]') as HTMLButtonElement[];
  expect(buttons.map(({ hidden }) => hidden)).toEqual([true, false]);
  await press("reliance", 1);
  expect(sent).toMatchObject([{ kind: "question", name: "reliance", panel: 1 }]);
  die();
  await expect.poll(() => view.panel(1).textContent, { interval: 5 }).toContain("kernel");
});

async function checking() {
  const asked = await withKernel([await panel()], { _questions: [["check", "reliance"]] });
  click(asked.view.token(at(" sea")));
  await asked.press("check");
  asked.view.find("button[data-question=check]").focus();
  return asked;
}

const focused = () => document.activeElement as HTMLElement;

it("closes with Escape, which gives the keyboard back", async () => {
  const { view } = await checking();
  expect(view.all(".tam-question section")).toHaveLength(1);
  press("Escape");
  expect(view.all(".tam-question section")).toHaveLength(0);
  expect(focused().dataset.question).toBe("check");
});

it("frees the locked word with the next Escape, and gives the keyboard to the word", async () => {
  const { view } = await checking();
  press("Escape");
  expect(view.locked()).toEqual([at(" sea")]);
  press("Escape");
  expect(view.locked()).toEqual([]);
  expect(focused()).toBe(view.token(at(" sea")));
});

it("keeps the keyboard where Escape has nothing to free", async () => {
  const { view } = await checking();
  press("Escape");
  press("Escape");
  view.find("button[data-question=reliance]").focus();
  press("Escape");
  expect(focused().dataset.question).toBe("reliance");
});

it("says how to come to what is asked about a word, as long as none is locked", async () => {
  const questions = ["check", "layers", "what-if", "reliance"];
  const { view, press: open } = await withKernel([await panel()], { _questions: [questions] });
  const hint = () => view.find(".tam-questions .tam-set > .tam-note");
  await expect.poll(() => view.all(".tam-questions").length, { interval: 5 }).toBe(1);
  expect(hint().textContent).toBe("Click a word to check its map or see its layers.");
  expect(hint().hidden).toBe(false);
  click(view.token(at(" sea")));
  expect(hint().hidden).toBe(true);
  click(view.token(at(" sea")));
  expect(hint().hidden).toBe(false);
  await open("what-if");
  expect(hint().hidden).toBe(true);
});

it.each([
  [["check"], "Click a word to check its map."],
  [["layers", "reliance"], "Click a word to see its layers."],
  [["reliance"], null],
])("only promises what can be asked: %j", async (questions, said) => {
  const { view } = await withKernel([await panel()], { _questions: [questions] });
  await expect.poll(() => view.all(".tam-questions").length, { interval: 5 }).toBe(1);
  const hint = view.find(".tam-questions .tam-set > .tam-note");
  expect(hint.hidden ? null : hint.textContent).toBe(said);
});

it("says on a touch screen that a word is tapped twice", async () => {
  const real = window.matchMedia.bind(window);
  const faked = vi.spyOn(window, "matchMedia");
  onTestFinished(() => faked.mockRestore());
  faked.mockImplementation((query) => real(query === "(hover: none)" ? "all" : query));
  const { view } = await withKernel([await panel()], { _questions: [["check"]] });
  await expect.poll(() => view.all(".tam-questions").length, { interval: 5 }).toBe(1);
  expect(view.text(".tam-questions .tam-set > .tam-note")).toContain("Tap a word twice");
});
