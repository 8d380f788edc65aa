/** An explorer with one of its tools open. */
import axe from "axe-core";
import { expect } from "vitest";
import type { Panel } from "../../src/wire";
import { click, drawn } from "../events";
import { at, panel, withAlternatives } from "../view/made";
import { METHODS, type Opened, open, pixels } from "../view/opened";

/** Opens an explorer that shows “red” at rest, and a tool of it. */
export async function openTool(
  tool: string,
  panels?: readonly Panel[],
  settings: Record<string, unknown> = {},
): Promise<Opened> {
  const shown = panels ?? [await panel()];
  const view = await openAtRest(shown, settings);
  view.find(`[data-tool="${tool}"]`).focus();
  click(view.find(`[data-tool="${tool}"]`));
  await expect.poll(() => view.all(".tam-drawer").length, { interval: 5 }).toBe(1);
  await drawn();
  return view;
}

export function openAtRest(
  panels: readonly Panel[],
  settings: Record<string, unknown> = {},
): Promise<Opened> {
  const links = panels.length > 1 ? [panels.map((_, i) => [i, [at(" red")]] as const)] : [];
  return open(
    panels,
    settings,
    links,
    METHODS,
    panels.map(() => [at(" red")]),
  );
}

export const contrasted = () => withAlternatives(at(" sea"));

/** Hashes of all small pictures within an element. */
export function miniatures(within: Element): number[] {
  const found = [...within.querySelectorAll<HTMLCanvasElement>("canvas.tam-miniature")];
  return found.map(pixels);
}

/** The faults in accessibility that axe finds in the explorer. */
export async function faults(view: Opened): Promise<string[]> {
  const { violations } = await axe.run(view.root);
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
}
