/** Explains every control by what it does to the word in view. */
import { button, type Select, select } from "../controls";
import { element } from "../dom";
import { type Glossary, glossaryOf, LinkedText } from "../linked-text";
import { tokensAt } from "../state/shown";
import type { ExplorerSettings, SettingName } from "../state/store";
import { same } from "../state/traits";
import type { Opened } from "../view/tools";
import { once, type Tool } from "./drawer";
import { Drawings, InView, isReadable, type Span } from "./in-view";
import { type Lesson, lessonsOn, type Sample } from "./lessons";
import { Miniature } from "./miniature";
import { type Note, notesOn } from "./reading";

/** Longest side of an example in pixels of the screen. */
const SIDE = 110;

class SampleView {
  readonly element: HTMLButtonElement;
  readonly #miniature: Miniature;
  readonly #caption = element("span");
  #sample: Sample = { caption: "", settings: {} };

  constructor(
    choose: (settings: Partial<ExplorerSettings>) => void,
    { painting }: Opened,
    signal: AbortSignal,
  ) {
    this.#miniature = new Miniature(SIDE, painting);
    this.element = button("", "", () => choose(this.#sample.settings), signal);
    this.element.className = "tam-choice-picture";
    this.element.append(this.#miniature.canvas, this.#caption);
  }

  draw(sample: Sample, lesson: string, drawings: Drawings, span: Span): void {
    this.#sample = sample;
    const { words, store } = drawings.opened;
    const settings = { ...store.of(span.panel), ...sample.settings };
    const { granularity } = sample.settings;
    const tokens = granularity
      ? tokensAt(span.tokens[0], granularity, words[span.panel])
      : span.tokens;
    const other = (sample.settings.counterfactual ?? []).length > 0;
    const shown = { panel: span.panel, tokens };
    this.#miniature.draw(
      other ? drawings.ofAlternative(shown, settings) : drawings.of(shown, settings),
    );
    this.#caption.textContent = sample.caption;
    this.element.setAttribute("aria-label", `${lesson}: ${sample.caption}`);
    const now = store.settings as unknown as Record<string, unknown>;
    const set = Object.entries(sample.settings).every(([name, value]) => same(value, now[name]));
    this.element.setAttribute("aria-pressed", String(set));
  }
}

class LessonView {
  readonly element: HTMLElement;
  readonly #text = new LinkedText();
  readonly #samples = element("div", { class: "tam-choices" });
  readonly #views: SampleView[] = [];
  readonly #make: () => SampleView;

  constructor(title: string, make: () => SampleView) {
    this.#make = make;
    const parts = [element("h3", { text: title }), this.#text.element, this.#samples];
    this.element = element("section", { class: "tam-lesson" }, parts);
  }

  draw(
    { title, text, samples }: Lesson,
    drawings: Drawings,
    span: Span,
    glossary: Glossary | null,
  ): void {
    this.#text.show(text, glossary);
    while (this.#views.length < samples.length) this.#views.push(this.#make());
    while (this.#views.length > samples.length) this.#views.pop()?.element.remove();
    samples.forEach((sample, i) => {
      const view = this.#views[i];
      if (!view.element.parentElement) this.#samples.append(view.element);
      view.draw(sample, title, drawings, span);
    });
  }
}

class NoteView {
  readonly element: HTMLElement;
  readonly #text = new LinkedText();
  readonly #example = element("div", { class: "tam-live" });

  constructor(title: string) {
    const parts = [element("h3", { text: title }), this.#text.element, this.#example];
    this.element = element("section", { class: "tam-lesson" }, parts);
  }

  draw([, text, example]: Note, glossary: Glossary | null): void {
    this.#text.show(text, glossary);
    this.#example.replaceChildren(...example);
  }
}

class Help {
  readonly #drawings: Drawings;
  readonly #inView: InView;
  readonly #make: () => SampleView;
  readonly #about = element("p", { class: "tam-note" });
  readonly #another: Select;
  readonly #lessons = element("div", { class: "tam-lessons" });
  readonly #notes = element("div", { class: "tam-notes" });
  readonly #views = new Map<string, LessonView>();
  readonly #noteViews = new Map<string, NoteView>();
  #glossary: Glossary | null = null;

  constructor(opened: Opened, signal: AbortSignal) {
    this.#drawings = new Drawings(opened);
    this.#inView = new InView(this.#drawings);
    const choose = (settings: Partial<ExplorerSettings>) => {
      for (const [name, value] of Object.entries(settings))
        opened.store.set(name as SettingName, value as never);
    };
    this.#make = () => new SampleView(choose, opened, signal);
    this.#another = this.#select(signal);
    this.draw();
    void glossaryOf(opened.model).then((glossary) => {
      this.#glossary = glossary;
      if (!signal.aborted) this.draw();
    });
  }

  /** @param tour the button that starts it */
  parts(tour: HTMLElement): HTMLElement[] {
    const actions = [this.#about, this.#another.element, tour];
    return [element("div", { class: "tam-actions" }, actions), this.#lessons];
  }

  /** Other words of the first answer, for screens too small to show them beside the help. */
  #select(signal: AbortSignal): Select {
    const { panels, store } = this.#drawings.opened;
    const words = panels[0].tokens.flatMap((token, i): [string, string][] =>
      isReadable(token) ? [[String(i), token.text.trim()]] : [],
    );
    const show = (token: string) => {
      if (token) store.preview = [0, Number(token)];
    };
    return select("Word to show this with", [["", "another word"], ...words], show, signal);
  }

  draw(): void {
    const { span } = this.#inView;
    this.#lessons.hidden = span === null;
    this.#about.textContent = span
      ? `With “${this.#drawings.text(span)}” as the example: point at another word to change it, press a picture to choose what it shows.`
      : "There is no word to show this with.";
    if (!span) return;
    this.#another.show(span.panel === 0 && span.tokens.length === 1 ? String(span.tokens[0]) : "");
    this.#drawLessons(lessonsOn(this.#drawings, span), span);
    this.#drawNotes(notesOn(this.#drawings, span));
  }

  /** Keeps the elements of notes, whose links may have the keyboard. */
  #drawNotes(notes: readonly Note[]): void {
    const names = new Set(notes.map(([title]) => title));
    for (const [name, view] of this.#noteViews) view.element.hidden = !names.has(name);
    for (const note of notes) {
      const view = this.#noteViews.get(note[0]) ?? new NoteView(note[0]);
      if (!view.element.parentElement) this.#notes.append(view.element);
      this.#noteViews.set(note[0], view);
      view.draw(note, this.#glossary);
    }
    if (this.#lessons.lastElementChild !== this.#notes) this.#lessons.append(this.#notes);
  }

  /** Keeps the elements of lessons, one of which may have the keyboard. */
  #drawLessons(lessons: readonly Lesson[], span: Span): void {
    const names = new Set(lessons.map(({ name }) => name));
    for (const [name, view] of this.#views) view.element.hidden = !names.has(name);
    for (const lesson of lessons) {
      const view = this.#views.get(lesson.name) ?? new LessonView(lesson.title, this.#make);
      if (!view.element.parentElement) this.#lessons.append(view.element);
      this.#views.set(lesson.name, view);
      view.draw(lesson, this.#drawings, span, this.#glossary);
    }
  }
}

export function help(opened: Opened, startTour: () => void): Tool {
  return {
    name: "help",
    title: "What the controls do",
    fill: (body, signal) => {
      const made = new Help(opened, signal);
      const tour = button("Take the tour", "A few steps through this view", startTour, signal);
      body.append(...made.parts(tour));
      return once(() => made.draw(), signal);
    },
  };
}
