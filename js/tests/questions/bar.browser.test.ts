import { expect, it } from "vitest";
import { press } from "../events";
import { panel } from "../view/made";
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

it("closes with Escape, which gives the keyboard back", async () => {
  const { view, press: open } = await withKernel([await panel()], { _questions: [["reliance"]] });
  await open("reliance");
  view.find('[data-question="reliance"]').focus();
  press("Escape");
  expect(view.all(".tam-question section")).toHaveLength(0);
  expect((document.activeElement as HTMLElement).dataset.question).toBe("reliance");
});
