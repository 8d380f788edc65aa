import { expect, it } from "vitest";
import { drawn, hover } from "../events";
import { at, panel } from "./made";
import { open } from "./opened";

const LONG = "A sentence much longer than what the view has to say of any word of the answer. ";

it.each(["inline-block", "flex", "inline-flex"])("stays while hovering in %s", async (display) => {
  const view = await open([await panel({ title: "a" })]);
  const host = view.root.parentElement as HTMLElement;
  host.style.cssText = `display: ${display}; width: fit-content`;
  const widths = new Set<number>();
  for (const word of [" A", " red", " air", " sea"]) {
    hover(view.token(at(word)));
    await drawn();
    widths.add(view.root.getBoundingClientRect().width);
  }
  view.find(".tam-details").textContent = LONG.repeat(20);
  widths.add(view.root.getBoundingClientRect().width);
  expect([...widths]).toHaveLength(1);
  expect(view.root.clientWidth).toBeGreaterThan(900);
});

it.each([320, 1600])("takes what a row of %d pixels has", async (width) => {
  const view = await open([await panel()]);
  const host = view.root.parentElement as HTMLElement;
  const row = document.createElement("div");
  row.style.cssText = `display: flex; width: ${width}px`;
  host.before(row);
  row.append(host);
  host.style.flex = "1 1 auto";
  expect(view.root.getBoundingClientRect().width).toBe(width);
  expect(view.root.firstElementChild?.getBoundingClientRect().width).toBeCloseTo(width - 4);
  row.replaceWith(host);
});
