/** The chain of steps above the panels, in which a person goes back, forward and aside. */
import { button, keepKeys } from "../../controls";
import { element } from "../../dom";
import type { Opened } from "../../view/tools";
import { delay, GONE, isGone, watch } from "../kernel";
import { Said } from "../said";
import { type Branch, branchesOf, originals, type Step } from "./branches";

/** Milliseconds between two looks at why another step is not shown yet. */
const LOOK_EVERY = 500;

const MOVES: Readonly<Record<string, -1 | 1>> = {
  ArrowLeft: -1,
  ArrowUp: -1,
  ArrowRight: 1,
  ArrowDown: 1,
};

export class Steps {
  readonly element = element("nav", { class: "tam-steps", aria: { label: "Steps" } });
  readonly #opened: Opened;
  readonly #list = element("ol");
  readonly #said = new Said();
  /** The step that the panels show. */
  readonly #shown: number;
  /** Elements of the steps in reading order. */
  #items: readonly HTMLElement[] = [];
  #timer: number | undefined;

  constructor(opened: Opened) {
    const { model, signal } = opened;
    this.#opened = opened;
    this.#shown = this.#step;
    this.element.append(this.#list, this.#said.element);
    keepKeys(this.element, signal);
    this.element.addEventListener("keydown", (event) => this.#key(event), { signal });
    const draw = () => this.#draw();
    for (const name of ["change:step", "change:_steps"]) {
      model.on(name, draw);
      signal.addEventListener("abort", () => model.off(name, draw), { once: true });
    }
    watch(model, signal, () => this.#giveUp());
    signal.addEventListener("abort", () => window.clearInterval(this.#timer), { once: true });
    this.#draw();
  }

  /** Whether two panels show a step and what it was made from. */
  get isPair(): boolean {
    const first = originals(this.#steps);
    return first > 0 && this.#shown >= first && this.#opened.panels.length === 2;
  }

  /** Moves the keyboard to the current step. */
  focus(): void {
    this.#current?.focus({ preventScroll: true });
  }

  /** Scrolls to the current step within the strip, and never the page. */
  reveal(): void {
    const current = this.#current;
    if (!current) return;
    const { top, bottom } = current.getBoundingClientRect();
    const own = this.#list.getBoundingClientRect();
    if (top < own.top) this.#list.scrollTop += top - own.top;
    if (bottom > own.bottom) this.#list.scrollTop += bottom - own.bottom;
  }

  get #steps(): readonly Step[] {
    return (this.#opened.model.get("_steps") as readonly Step[] | undefined) ?? [];
  }

  get #step(): number {
    return (this.#opened.model.get("step") as number | undefined) ?? 0;
  }

  get #current(): HTMLElement | undefined {
    return this.#items.find((item) => item.ariaCurrent);
  }

  #draw(): void {
    const steps = this.#steps;
    this.element.hidden = originals(steps) === steps.length;
    const had = this.element.contains(focusedIn(this.element));
    const made: HTMLElement[] = [];
    const lines = branchesOf(steps).map((branch) => this.#line(branch, steps, made));
    this.#items = made;
    this.#list.replaceChildren(...lines);
    this.#rove(this.#current ?? made[0]);
    if (had) this.focus();
    this.reveal();
  }

  #line({ depth, from, steps: own }: Branch, steps: readonly Step[], made: HTMLElement[]) {
    const line = element("li");
    line.style.setProperty("--tam-depth", String(Math.min(depth, 4)));
    if (from !== null) {
      const origin = element("span", { class: "tam-count", text: nameOf(steps[from]) });
      line.append(linked("↳", origin));
    }
    own.forEach((step, i) => {
      const item = this.#item(step, steps[step]);
      made.push(item);
      line.append(i > 0 || from !== null ? linked("→", item) : item);
    });
    return line;
  }

  /** A button, or in a page without a kernel only the words. */
  #item(index: number, step: Step): HTMLElement {
    const { model, signal } = this.#opened;
    const name = nameOf(step);
    const title = [name, step.text].filter(Boolean).join(": ");
    const item = model.send
      ? button(name, title, () => this.#go(index), signal)
      : element("span", { class: "tam-step", text: name, title });
    item.dataset.step = String(index);
    if (index === this.#step) item.setAttribute("aria-current", "step");
    return item;
  }

  #go(index: number): void {
    const { model } = this.#opened;
    if (index === this.#step) return;
    model.set("step", index);
    model.save_changes();
    this.#said.say("");
    const first = originals(this.#steps);
    if (index < first && this.#shown < first) return; // they are side by side
    this.element.ariaBusy = "true";
    window.clearInterval(this.#timer);
    const since = Date.now();
    this.#timer = window.setInterval(() => {
      const why = isGone(model) ? GONE : delay(model, false, Date.now() - since);
      if (why === GONE) this.#giveUp();
      else this.#said.say(why);
    }, LOOK_EVERY);
  }

  /** What is shown stays. */
  #giveUp(): void {
    window.clearInterval(this.#timer);
    if (!this.element.ariaBusy) return;
    this.element.ariaBusy = null;
    this.#opened.model.set("step", this.#shown);
    this.#said.fail(GONE);
  }

  #rove(to: HTMLElement | undefined): void {
    for (const item of this.#items) if (item.tagName === "BUTTON") item.tabIndex = -1;
    if (to?.tagName === "BUTTON") to.tabIndex = 0;
    else this.#list.tabIndex = 0; // it may have to be scrolled
  }

  /** Arrow keys move through the steps, in the order in which they are read. */
  #key(event: KeyboardEvent): void {
    const at = this.#items.indexOf(event.target as HTMLElement);
    const last = this.#items.length - 1;
    const by = MOVES[event.key];
    const to = event.key === "Home" ? 0 : event.key === "End" ? last : by ? at + by : at;
    if (at < 0 || to === at || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    const item = this.#items[Math.min(last, Math.max(0, to))];
    this.#rove(item);
    item.focus();
  }
}

/** A step after an arrow, on one line with it. */
const linked = (arrow: string, step: HTMLElement) =>
  element("span", { class: "tam-link" }, [
    element("span", { class: "tam-arrow", text: arrow, aria: { hidden: "true" } }),
    step,
  ]);

const nameOf = ({ label, change }: Step) => label || change || "original";

const focusedIn = (within: Element) =>
  (within.getRootNode() as Document | ShadowRoot).activeElement ?? null;
