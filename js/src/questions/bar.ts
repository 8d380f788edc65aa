/** The questions of one panel: their buttons below its words, and the one that is open. */
import { button, keepKeys } from "../controls";
import { element } from "../dom";
import { glossaryOf } from "../linked-text";
import type { Beside, Changed, Place, Question } from "./question";

/** The terms that an open question is about. */
const TERMS: Readonly<Record<string, string>> = {
  check: "deletion, insertion, random order, frozen answer, area under the curve, fill",
  layers: "layer, logit lens, hidden state",
  "what-if": "counterfactual, intervention, frozen answer",
};

/** What a person can ask about a word, once one is locked. */
const ABOUT_A_WORD: readonly (readonly [question: string, what: string])[] = [
  ["check", "check its map"],
  ["layers", "see its layers"],
];

export class QuestionBar {
  readonly #place: Place;
  readonly #questions: readonly Question[];
  readonly #beside: readonly Beside[];
  readonly #buttons: readonly HTMLButtonElement[];
  readonly #hint = element("span", { class: "tam-note" });
  readonly #region: HTMLElement;
  readonly #element: HTMLElement;
  #open: Question | null = null;
  #close: (back: boolean) => void = () => {};
  #follow: (changed: Changed) => void = () => {};

  constructor(place: Place, questions: readonly Question[], beside: readonly Beside[]) {
    const { signal, views } = place.opened;
    this.#place = place;
    this.#questions = questions;
    this.#beside = beside;
    this.#buttons = questions.map((question) => {
      const made = button("", "", () => this.#toggle(question, made), signal);
      made.dataset.question = question.name;
      return made;
    });
    this.#region = element("div", { class: "tam-question" });
    const delay = element("p", { class: "tam-note tam-delay", role: "status" });
    place.explain = (why) => {
      delay.textContent = why;
    };
    this.#element = element("div", { class: "tam-questions" }, [
      element("div", { class: "tam-set" }, [
        ...this.#buttons,
        ...beside.map((one) => one.button),
        this.#hint,
      ]),
      ...beside.map((one) => one.element),
      this.#region,
      delay,
    ]);
    keepKeys(this.#element, signal);
    this.#element.addEventListener("keydown", (event) => this.#free(event), { signal });
    views[place.index].element.querySelector(".tam-text")?.append(this.#element);
    signal.addEventListener("abort", () => this.#close(false), { once: true });
    this.draw("known");
  }

  draw(changed: Changed): void {
    this.#questions.forEach((question, i) => {
      const said = question.button(this.#place);
      const made = this.#buttons[i];
      made.hidden = said === null && this.#open !== question;
      if (!said) return;
      if (made.textContent !== said[0]) made.textContent = said[0];
      made.title = said[1];
    });
    for (const one of this.#beside) one.draw(changed);
    this.#drawHint();
    const wanted = this.#questions.findIndex((question) => question.wanted?.(this.#place));
    if (wanted >= 0 && this.#questions[wanted] !== this.#open) {
      this.#close(false);
      this.#show(this.#questions[wanted], this.#buttons[wanted]);
    } else this.#follow(changed);
  }

  /** Says how to come to the questions that have no button before a word is locked. */
  #drawHint(): void {
    const place = this.#place;
    const found = ABOUT_A_WORD.filter(([name]) => place.asks(name)).map(([, what]) => what);
    const act = matchMedia("(hover: none)").matches ? "Tap a word twice" : "Click a word";
    const silent = found.length === 0 || place.locked.length > 0 || this.#open !== null;
    this.#hint.hidden = silent;
    this.#hint.textContent = silent ? "" : `${act} to ${found.join(" or ")}.`;
  }

  /** Where no question is open, Escape does what it does on the words. */
  #free({ key }: KeyboardEvent): void {
    if (key !== "Escape" || this.#open) return;
    const { opened, index, locked } = this.#place;
    const { store, views } = opened;
    const { selected, box } = store.settings;
    if (selected.length + box.length === 0) return;
    // the button that has the keyboard may go
    views[index].strip.focus(locked.at(-1) ?? views[index].strip.start);
    store.preview = null;
    store.set("box", []);
    store.lock([]);
  }

  #toggle(question: Question, from: HTMLButtonElement): void {
    const again = this.#open === question;
    this.#close(again);
    if (!again) this.#show(question, from);
  }

  #show(question: Question, from: HTMLButtonElement): void {
    const controller = new AbortController();
    const { signal } = controller;
    this.#close = (back) => {
      controller.abort();
      this.#region.replaceChildren();
      from.removeAttribute("aria-expanded");
      this.#open = null;
      this.#close = () => {};
      this.#follow = () => {};
      if (back) from.focus();
      this.draw("known");
    };
    this.#open = question;
    this.#drawHint();
    from.setAttribute("aria-expanded", "true");
    const body = element("section", { aria: { label: from.textContent ?? "" } });
    body.dataset.question = question.name;
    const leave = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      this.#close(true);
    };
    this.#element.addEventListener("keydown", leave, { signal });
    this.#region.replaceChildren(body);
    this.#follow = question.open(body, this.#place, signal);
    void this.#explain(question.name, body);
  }

  /** Names the terms below a question; each opens its entry of the glossary. */
  async #explain(name: string, body: HTMLElement): Promise<void> {
    const terms = TERMS[name];
    const glossary = terms && (await glossaryOf(this.#place.opened.model));
    if (!glossary || !body.isConnected) return;
    const line = element("p", { class: "tam-terms" });
    body.append(line);
    glossary.writeLinked(line, `Terms: ${terms}.`);
  }
}
