import { expect, it } from "vitest";
import { click, drawn, enter, press } from "../../events";
import type { Root } from "../../root";
import { faults } from "../../tools/opened";
import { at, panel } from "../../view/made";
import { Opened, open } from "../../view/opened";
import type { Asked } from "../kernel";
import { answerWith, ORIGINAL, openWay, take } from "./made";

const WRITTEN = { parent: 0, change: "write_on", label: "write on from “cat”", text: "A cat." };
const PAINTED = { parent: 1, change: "paint", label: "painted over", text: "A sea." };
const CROPPED = { parent: 0, change: "crop", label: "cropped", text: "Red." };

/** The view that is in the page now. */
async function now(asked: Asked): Promise<Opened> {
  const host = () => document.body.querySelector(".tam-root") as HTMLElement;
  await expect.poll(() => host().dataset.ready, { interval: 5 }).toBe("1");
  await drawn();
  return new Opened(host(), asked.view.state, asked.view.model);
}

async function stepped(steps: readonly object[], step: number, changed?: [number[], number[]]) {
  const asked = await openWay("read another answer");
  enter(asked.view.find<HTMLTextAreaElement>(".tam-way textarea"), "A blue ship.");
  await take(asked, "read this instead");
  await answerWith(asked, steps, step, changed);
  return { asked, view: await now(asked) };
}

const lines = (view: Root) => view.all(".tam-steps li").map(({ textContent }) => textContent);
const current = (view: Root) => view.text(".tam-steps [aria-current]");

it("is not there before the first step", async () => {
  const { view } = await openWay(null, { _steps: [ORIGINAL], step: 0 });
  expect(view.find(".tam-steps").hidden).toBe(true);
});

it("shows the chain and its branches above the panels", async () => {
  const { view } = await stepped([ORIGINAL, WRITTEN, PAINTED, CROPPED], 2);
  expect(lines(view)).toEqual(["original→write on from “cat”→painted over", "↳original→cropped"]);
  expect(current(view)).toBe("painted over");
  const strip = view.find(".tam-steps");
  expect(strip.previousElementSibling?.className).toBe("tam-toolbar");
  expect(await faults(view)).toEqual([]);
});

it("goes to the current step with the keyboard, and through the steps with arrow keys", async () => {
  const { view } = await stepped([ORIGINAL, WRITTEN, PAINTED], 2);
  expect(document.activeElement?.textContent).toBe("painted over");
  press("ArrowLeft");
  expect(document.activeElement?.textContent).toBe("write on from “cat”");
  press("Home");
  expect(document.activeElement?.textContent).toBe("original");
  press("ArrowLeft");
  expect(document.activeElement?.textContent).toBe("original");
  expect(view.state.step).toBe(2);
  click(document.activeElement as HTMLElement);
  expect(view.state.step).toBe(0);
  expect(current(view)).toBe("original");
});

it("leaves the keyboard alone that is elsewhere", async () => {
  const asked = await openWay(null);
  const elsewhere = document.body.appendChild(document.createElement("input"));
  elsewhere.focus();
  await answerWith(asked, [ORIGINAL, WRITTEN], 1);
  await now(asked);
  expect(document.activeElement).toBe(elsewhere);
  elsewhere.remove();
});

it("shows a step where the view before was, however far the page is scrolled", async () => {
  const asked = await openWay("read another answer");
  const host = asked.view.root.parentElement as HTMLElement;
  const page = document.createElement("div");
  Object.assign(page.style, { height: "300px", overflowY: "auto" });
  host.replaceWith(page);
  page.append(host);
  page.scrollTop = 200;
  await drawn();
  const top = () =>
    Math.round((host.querySelector(".tam-panel") as Element).getBoundingClientRect().top);
  const before = top();
  await answerWith(asked, [ORIGINAL, WRITTEN], 1);
  const during = top();
  await now(asked);
  expect(page.scrollTop).toBeGreaterThan(150);
  expect([during, top()]).toEqual([before, before]);
  expect(host.style.minHeight).toBe("");
  page.remove();
});

it("names both panels, and marks the words that changed", async () => {
  const { view } = await stepped([ORIGINAL, WRITTEN], 1, [[at(" red")], [at(" red"), at(" sea")]]);
  expect(view.all(".tam-title strong").map(({ textContent }) => textContent)).toEqual([
    "before",
    "now",
  ]);
  const marked = (index: number) =>
    view.all(`.tam-alone[data-panel="${index}"]`).map(({ dataset }) => Number(dataset.i));
  expect([marked(0), marked(1)]).toEqual([[at(" red")], [at(" red"), at(" sea")]]);
  const word = view.token(at(" sea"), 1).lastElementChild as HTMLElement;
  expect(getComputedStyle(word).textDecorationStyle).toBe("double");
  expect(getComputedStyle(word).fontWeight).toBe("600");
  expect(view.panel(1).textContent).toContain("changed words");
  view.token(at(" sea"), 1).focus();
  expect(view.token(at(" sea"), 1).ariaLabel).toMatch(/, changed$/);
});

it("says where no word has changed", async () => {
  const { view } = await stepped([ORIGINAL, WRITTEN], 1, [[], []]);
  expect(view.panel(1).textContent).toContain("no word has changed");
  expect(view.all(".tam-alone")).toHaveLength(0);
});

it("says that the kernel is gone, and stays at the step that is shown", async () => {
  const { asked, view } = await stepped([ORIGINAL, WRITTEN], 1);
  click(view.button("original"));
  expect(current(view)).toBe("original");
  asked.die();
  expect(view.text(".tam-steps")).toContain("The kernel of this view is gone");
  expect(current(view)).toBe(WRITTEN.label);
});

it("scrolls where there are many steps, to the one that is current", async () => {
  const many = Array.from({ length: 60 }, (_, i) => ({ ...CROPPED, label: `cropped ${i}` }));
  const { view } = await stepped([ORIGINAL, ...many], 50);
  const list = view.find(".tam-steps ol");
  expect(list.scrollHeight).toBeGreaterThan(list.clientHeight);
  const { top, bottom } = view.find(".tam-steps [aria-current]").getBoundingClientRect();
  expect(top).toBeGreaterThanOrEqual(list.getBoundingClientRect().top);
  expect(bottom).toBeLessThanOrEqual(list.getBoundingClientRect().bottom);
});

it("only names the steps in a page without a kernel", async () => {
  const view = await open([await panel(), await panel()], {
    _steps: [ORIGINAL, WRITTEN],
    step: 1,
  });
  await expect.poll(() => view.all(".tam-steps").length).toBe(1);
  expect(lines(view)).toEqual(["original→write on from “cat”"]);
  expect(view.all(".tam-steps button")).toHaveLength(0);
  const { borderStyle, backgroundColor } = getComputedStyle(view.find(".tam-steps [aria-current]"));
  expect([borderStyle, backgroundColor]).toEqual(["none", "rgba(0, 0, 0, 0)"]);
  expect(await faults(view)).toEqual([]);
});
