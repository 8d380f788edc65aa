/** The region between the toolbar and the panels in which one tool at a time is open. */
import { button, keepKeys } from "../controls";
import { element } from "../dom";
import type { Listener } from "../state/store";
import { adopt } from "../style-sheet";
import type { Opened } from "../view/tools";
import { STYLE } from "./style";

export interface Tool {
  readonly name: string;
  readonly title: string;
  /** Fills the region, and returns what follows the explorer; the signal aborts when it is closed. */
  readonly fill: (body: HTMLElement, signal: AbortSignal, close: () => void) => Listener;
}

class Drawer {
  readonly #opened: Opened;
  #name = "";
  #close: (back: boolean) => void = () => {};
  #follow: Listener = () => {};

  constructor(opened: Opened) {
    this.#opened = opened;
    opened.store.subscribe((changed) => this.#follow(changed));
    opened.signal.addEventListener("abort", () => this.#close(false), { once: true });
    adopt(opened.root, STYLE);
  }

  /** @param from gets the keyboard back */
  toggle(tool: Tool, from: HTMLElement): void {
    const open = this.#name === tool.name;
    this.#close(open);
    if (!open) this.#open(tool, from);
  }

  #open({ name, title, fill }: Tool, from: HTMLElement): void {
    const controller = new AbortController();
    const { signal } = controller;
    const close = (back: boolean) => {
      controller.abort();
      region.remove();
      from.removeAttribute("aria-expanded");
      [this.#name, this.#close, this.#follow] = ["", () => {}, () => {}];
      if (back) from.focus();
    };
    const leave = () => close(true);
    const body = element("div", { class: "tam-drawer-body" });
    const head = element("header", { class: "tam-drawer-head" }, [
      element("h2", { text: title }),
      button("close", "Closes this (Escape)", leave, signal),
    ]);
    const region = element(
      "section",
      { class: "tam-drawer", role: "region", aria: { label: title }, data: { tool: name } },
      [head, body],
    );
    region.tabIndex = -1;
    region.dataset.lmSuppressShortcuts = "true";
    const leaveByKey = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      leave();
    };
    region.addEventListener("keydown", leaveByKey, { signal });
    keepKeys(region, signal);
    from.setAttribute("aria-expanded", "true");
    [this.#name, this.#close] = [name, close];
    this.#opened.root.querySelector(".tam-toolbar")?.after(region);
    this.#follow = fill(body, signal, leave);
    region.focus();
  }
}

const drawers = new WeakMap<HTMLElement, Drawer>();

/** Opens a tool, or closes it if it is open. */
export function toggle(tool: Tool, opened: Opened, from: HTMLElement): void {
  const drawer = drawers.get(opened.root) ?? new Drawer(opened);
  drawers.set(opened.root, drawer);
  drawer.toggle(tool, from);
}

/** Calls a function in the next frame, once, however often it is asked to. */
export function once(draw: () => void, signal: AbortSignal): () => void {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      if (!signal.aborted) draw();
    });
  };
}
