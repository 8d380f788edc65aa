import { describe, expect, it } from "vitest";
import { click, drawn, hover, press } from "../events";
import { at, panel } from "../view/made";
import { type Opened, open } from "../view/opened";

const RED = at(" red");

/** It has a context: what is red prepares it. */
const AIR = at(" air");

const button = (view: Opened) =>
  view.root.querySelector<HTMLButtonElement>('[data-question="anatomy"]');

const anatomy = (view: Opened) => view.root.querySelector<HTMLElement>(".tam-anatomy");

async function opened(more: object = {}): Promise<Opened> {
  const view = await open([await panel()], { selected: [[0, RED]], ...more });
  await expect.poll(() => button(view)?.hidden).toBe(false);
  click(button(view) as HTMLButtonElement);
  await expect.poll(() => anatomy(view)?.dataset.step).toBe("1");
  await drawn();
  return view;
}

describe("how a map is made", () => {
  it("is a click on a locked word away, without a model", async () => {
    const view = await open([await panel()]);
    await drawn();
    expect(button(view)).toBeNull();
    click(view.token(RED));
    await expect.poll(() => button(view)?.hidden).toBe(false);
    press("Escape");
    click(view.token(0)); // of the prompt, which the model did not write
    await expect.poll(() => button(view)?.hidden).toBe(true);
  });

  it("stands in the explorer's place until Escape", async () => {
    const view = await opened();
    expect(view.find(".tam-explorer").hidden).toBe(true);
    expect(view.text(".tam-anatomy h2")).toBe("How the map of “red” is made");
    press("Escape");
    expect(anatomy(view)).toBeNull();
    expect(view.find(".tam-explorer").hidden).toBe(false);
    expect(document.activeElement).toBe(button(view));
  });

  it("goes from step to step by keys, and leaves arrows to a slider", async () => {
    const view = await opened({ selected: [[0, AIR]] });
    const step = () => anatomy(view)?.dataset.step;
    press("ArrowRight");
    expect(step()).toBe("2");
    expect(document.activeElement?.textContent).toBe("2product");
    press("0");
    expect(step()).toBe("10");
    press("PageDown");
    expect(step()).toBe("10");
    press("7");
    view.find<HTMLInputElement>('.tam-step-control input[type="range"]').focus();
    expect(press("ArrowRight")).toBe(true);
    expect(step()).toBe("7");
    press("PageUp");
    expect(step()).toBe("6"); // and the keyboard is not lost with the slider
    press("End");
    expect(step()).toBe("10");
  });

  it("follows the pointer from cell to cell", async () => {
    const view = await opened();
    press("3");
    const stage = view.find(".tam-anatomy .tam-stage");
    hover(stage, { x: 0.05, y: 0.05 });
    expect(view.text(".tam-reading")).toContain("row 1, column 1");
    stage.focus();
    press("ArrowRight");
    expect(view.text(".tam-reading")).toContain("row 1, column 2");
    expect(anatomy(view)?.dataset.step).toBe("3");
  });
});
