/** Steps through a view, with the words of its own answer. */
import { button } from "../controls";
import { element } from "../dom";
import type { ExplorerSettings, SettingName } from "../state/store";
import type { Opened } from "../view/tools";
import type { Tool } from "./drawer";
import { Drawings, InView } from "./in-view";
import { type Step, stepsOf } from "./tour-steps";

/** What the steps change, and the end of the tour puts back. */
const CHANGED: readonly SettingName[] = [
  "selected",
  "box",
  "method",
  "methods",
  "eci",
  "counterfactual",
  "contrast",
  "layer",
];

/** Buttons of the questions that are open. */
const openQuestions = (root: HTMLElement) => [
  ...root.querySelectorAll<HTMLElement>("button[data-question][aria-expanded]"),
];

class Tour {
  readonly #opened: Opened;
  readonly #steps: readonly Step[];
  readonly #before: ExplorerSettings;
  readonly #asked: readonly HTMLElement[];
  readonly #end: () => void;
  readonly #text = element("p", { role: "status" });
  readonly #count = element("span", { class: "tam-note" });
  readonly #show: HTMLButtonElement;
  readonly #back: HTMLButtonElement;
  readonly #next: HTMLButtonElement;
  #at = 0;
  #done = false;

  constructor(opened: Opened, signal: AbortSignal, end: () => void) {
    const drawings = new Drawings(opened);
    this.#opened = opened;
    this.#steps = stepsOf(drawings, new InView(drawings));
    this.#before = opened.store.settings;
    this.#asked = openQuestions(opened.root);
    this.#end = end;
    this.#show = button("Show me", "Does this step for you", () => this.#perform(), signal);
    this.#back = button("Back", "The step before this", () => this.#go(this.#at - 1), signal);
    this.#next = button("Next", "The next step", () => this.#go(this.#at + 1), signal);
    signal.addEventListener("abort", () => this.#putBack(), { once: true });
    // what is pressed beside the settings, such as a question’s button
    opened.root.addEventListener("click", () => this.follow(), { signal });
    this.#go(0);
  }

  get parts(): HTMLElement[] {
    const actions = [this.#count, this.#show, this.#back, this.#next];
    return [this.#text, element("div", { class: "tam-actions" }, actions)];
  }

  /** Notices what a person has done. */
  follow(): void {
    this.#done ||= this.#steps[this.#at].isDone(this.#before);
    this.#say();
  }

  #go(to: number): void {
    const step = this.#steps[to];
    if (!step) {
      this.#end();
      return;
    }
    this.#at = to;
    step.begin?.();
    this.#done = step.isDone(this.#before);
    this.#point(step);
    this.#say();
  }

  #perform(): void {
    this.#steps[this.#at].perform?.();
    this.#next.focus();
  }

  #say(): void {
    const { ask, done, perform } = this.#steps[this.#at];
    this.#text.textContent = this.#done ? done() : ask;
    this.#text.classList.toggle("tam-done", this.#done && perform !== null);
    this.#count.textContent = `${this.#at + 1} of ${this.#steps.length}`;
    this.#show.hidden = this.#done;
    this.#back.disabled = this.#at === 0;
    this.#next.textContent = this.#at + 1 < this.#steps.length ? "Next" : "Finish";
    this.#next.classList.toggle("tam-primary", this.#done);
  }

  /** Frames what a step is about. */
  #point(step: Step | null): void {
    const { root } = this.#opened;
    root.querySelector(".tam-target")?.classList.remove("tam-target");
    const target = step && root.querySelector(step.target);
    target?.classList.add("tam-target");
    target?.scrollIntoView({ block: "nearest" });
  }

  #putBack(): void {
    const { root, store, signal } = this.#opened;
    this.#point(null);
    if (signal.aborted) return;
    // closing one also stops what it computes
    for (const asked of openQuestions(root)) if (!this.#asked.includes(asked)) asked.click();
    store.preview = null;
    for (const name of CHANGED) store.set(name, this.#before[name] as never);
  }
}

/** Takes back the invitation that a view shows, as it is answered by starting the tour. */
const invitations = new WeakMap<HTMLElement, () => void>();

export function tour(opened: Opened): Tool {
  return {
    name: "tour",
    title: "Tour",
    fill: (body, signal, close) => {
      invitations.get(opened.root)?.();
      const made = new Tour(opened, signal, close);
      body.append(...made.parts);
      return () => made.follow();
    },
  };
}

/**
 * Asks a person who is new here, once on a page at a time.
 * @param start gets the button that the keyboard returns to
 */
export function invite(
  { root, signal }: Opened,
  start: (button: HTMLElement) => void,
  answered: () => void,
): void {
  const { dataset } = document.documentElement;
  if (dataset.tamInvitation) return;
  dataset.tamInvitation = "1";
  const controller = new AbortController();
  const remove = () => {
    controller.abort();
    line.remove();
    invitations.delete(root);
    delete dataset.tamInvitation;
  };
  const settle = () => {
    answered();
    remove();
  };
  const answer = (yes: boolean) => {
    const help = root.querySelector<HTMLElement>("[data-tool=help]") ?? root;
    settle();
    if (yes) start(help);
    else help.focus();
  };
  const text =
    "A short tour on this answer shows how to read its maps, and how to doubt them (later under “?”).";
  const line = element("div", { class: "tam-invitation", role: "group", aria: { label: "Tour" } }, [
    element("span", {}, [element("b", { text: "New here? " }), text]),
    button("Take the tour", "Starts the tour", () => answer(true), controller.signal),
    button("No, thanks", "Does not ask again", () => answer(false), controller.signal),
  ]);
  signal.addEventListener("abort", remove, { once: true });
  root.querySelector(".tam-toolbar")?.after(line);
  invitations.set(root, settle);
}
