/** Say which map, or whose map, it is. */
import { button } from "../controls";
import { element } from "../dom";
import { spanText } from "../words";
import { MapView } from "./map-view";
import { choiceInWords, NAMES } from "./sentences";
import type { KindView, Shared } from "./shared";

/** What both kinds have: buttons, and what is said of the choice. */
abstract class ChoiceView implements KindView {
  abstract readonly element: HTMLElement;
  protected readonly shared: Shared;
  protected readonly buttons: readonly HTMLButtonElement[];
  protected readonly said = element("p", { class: "tam-result", role: "status" });

  constructor(shared: Shared, labels: readonly string[], title: string) {
    this.shared = shared;
    this.buttons = labels.map((label, i) =>
      button(label, title, () => this.#choose(i), shared.signal),
    );
  }

  abstract load(): Promise<unknown>;
  protected abstract show(answered: boolean): void;

  focus(): void {
    this.buttons[0].focus();
  }

  draw(): void {
    const { question, panel, state } = this.shared;
    const { choice, answered } = state.values;
    const chosen = answered ? choice : null;
    this.buttons.forEach((made, i) => {
      made.setAttribute("aria-disabled", String(answered)); // disabled, it would lose the keyboard
      made.setAttribute("aria-pressed", String(chosen === i));
      made.classList.toggle("tam-right", chosen !== null && question.solution === i);
    });
    this.said.hidden = chosen === null;
    this.said.textContent = chosen === null ? "" : choiceInWords(question, chosen, panel);
    this.show(chosen !== null);
  }

  #choose(i: number): void {
    const { state } = this.shared;
    if (state.values.answered) return;
    state.set("choice", i);
    state.set("answered", true);
  }
}

/** Two maps of a word, one of them with the causal inference. */
export class InferenceChoice extends ChoiceView {
  readonly element: HTMLElement;
  readonly #views: readonly MapView[];

  constructor(shared: Shared) {
    const title = "Says that earlier words are removed from this map";
    super(
      shared,
      NAMES.map((name) => `it is ${name}`),
      title,
    );
    const { panel, question, signal } = shared;
    this.#views = question.strengths.map(() => new MapView(panel, signal));
    const figures = this.#views.map((view, i) =>
      element("figure", { class: "tam-option" }, [
        element("figcaption", { class: "tam-option-name", text: NAMES[i] }),
        view.element,
        this.buttons[i],
      ]),
    );
    this.element = element("div", {}, [
      element("div", { class: "tam-options" }, figures),
      this.said,
    ]);
  }

  load(): Promise<unknown> {
    return Promise.all(this.#views.map(({ pictures }) => pictures.load(this.shared.signal)));
  }

  protected show(answered: boolean): void {
    const { question, mapOf } = this.shared;
    question.strengths.forEach((eci, i) => {
      this.#views[i].draw(mapOf(question.tokens, eci), answered);
    });
  }
}

/** A map, and the words that it may be of. */
export class WordChoice extends ChoiceView {
  readonly element: HTMLElement;
  readonly #view: MapView;
  readonly #others: readonly (readonly [MapView, HTMLElement])[];
  readonly #below = element("div", { class: "tam-others" });

  constructor(shared: Shared) {
    const { panel, question, signal } = shared;
    const names = question.words.map((word) => spanText(panel.tokens, word));
    super(shared, names, "Says that it is the map of this word");
    this.#view = new MapView(panel, signal);
    this.#others = names.map((name) => {
      const view = new MapView(panel, signal);
      const caption = element("figcaption", { class: "tam-option-name", text: name });
      return [view, element("figure", { class: "tam-option" }, [caption, view.element])];
    });
    const answers = element("div", { class: "tam-exercise-actions", role: "group" }, this.buttons);
    answers.setAttribute("aria-label", "Words");
    this.element = element("div", {}, [
      element("div", { class: "tam-exercise-parts" }, [
        this.#view.element,
        element("div", {}, [answers, this.said]),
      ]),
      this.#below,
    ]);
  }

  load(): Promise<unknown> {
    const views = [this.#view, ...this.#others.map(([view]) => view)];
    return Promise.all(views.map(({ pictures }) => pictures.load(this.shared.signal)));
  }

  protected show(answered: boolean): void {
    const { question, mapOf } = this.shared;
    this.#view.draw(mapOf(question.tokens), answered);
    const others = this.#others.filter((_, i) => answered && i !== question.solution);
    this.#below.hidden = others.length === 0;
    this.#below.replaceChildren(...others.map(([, figure]) => figure));
    if (answered)
      this.#others.forEach(([view], i) => {
        view.draw(mapOf(question.words[i]), true);
      });
  }
}
