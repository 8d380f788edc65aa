import { expect, it, onTestFinished } from "vitest";
import anatomy from "../../src/anatomy/anatomy";
import { localModel } from "../../src/local-model";
import { verdict } from "../../src/questions/verdict";
import { click, drawn } from "../events";
import { checked } from "../questions/made-checks";
import { Root } from "../root";
import { at, panel } from "../view/made";
import { encode } from "../view/opened";

const AIR = at(" air");

/** Shows the widget as a notebook does, which attaches it after it was made. */
async function shown(step: number, known: object = {}) {
  const encoded = encode([await panel()]);
  const model = localModel({ ...encoded, _token: AIR, step, _known: [known], _questions: [[]] });
  const el = document.createElement("div");
  const close = anatomy.render({ model, el });
  await new Promise((resolve) => setTimeout(resolve));
  document.body.append(el);
  onTestFinished(() => {
    close();
    el.remove();
  });
  const root = el.firstElementChild as HTMLElement;
  await expect.poll(() => root.dataset.ready, { interval: 5 }).toBe("1");
  await drawn();
  return { view: new Root(root), model };
}

it("opens at a step, and tells Python where a person goes", async () => {
  const { view, model } = await shown(10);
  expect(view.find(".tam-anatomy").dataset.step).toBe("10");
  expect(getComputedStyle(view.find(".tam-step-row")).display).toBe("flex");
  expect(view.text(".tam-needs code")).toContain("with_check");
  click(view.all(".tam-step-button")[6]);
  expect(model.get("step")).toBe(7);
  model.set("step", 2);
  expect(view.find(".tam-anatomy").dataset.step).toBe("2");
  expect(view.text(".tam-needs code")).toBe('tw.anatomy(explanation, "air", explainer=explainer)');
});

it("takes away as much as a person says", async () => {
  const { view } = await shown(7);
  const loss = () => Number(view.find('[data-number="loss_now"]').dataset.value);
  const start = loss();
  click(view.all("button").find((one) => one.textContent === "to the minimum") as HTMLElement);
  expect(loss()).toBeLessThan(start);
  const { value } = view.find('output[data-number="scale_now"]').dataset;
  expect(value).toBe(view.find('.tam-step-text [data-number="scale"]').dataset.value);
});

it("says of a check what the explorer says of it", async () => {
  const random = [0.2, 0.1, 0.3] as const; // too far apart for an area of 0.15
  const deletion = { method: 0.15, random };
  const one = checked({ tokens: [AIR], areas: { deletion, insertion: deletion } });
  const { view } = await shown(10, { check: { entries: [one], left_out: 0 } });
  const said = verdict(one, "deletion", "air");
  expect(said).toContain("too much");
  expect(view.text(".tam-step-text")).toContain(said);
});

it("opens at a token that lights a cell, and calls weights by a letter of their own", async () => {
  const { view } = await shown(5);
  expect(view.find('.tam-bar-row[aria-pressed="true"]').dataset.token).not.toBe("");
  expect(Number(view.find(".tam-anatomy-legend [data-number=end]").dataset.value)).toBeGreaterThan(
    0,
  );
  expect(view.text(".tam-equation")).toContain("α");
});
