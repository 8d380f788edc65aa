/** Explains every control by what it does to the word in view. */
import { button } from "../controls";
import { element } from "../dom";
import { tokensAt } from "../state/shown";
import type { ExplorerSettings } from "../state/store";
import { same } from "../state/traits";
import type { Opened } from "../view/tools";
import { once, type Tool } from "./drawer";
import { Drawings, InView, type Span } from "./in-view";
import { type Lesson, lessonsOn, type Sample } from "./lessons";
import { Miniature } from "./miniature";
import { notesOn } from "./reading";

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
    this.element.className = "tam-sample";
    this.element.append(this.#miniature.canvas, this.#caption);
  }

  draw(sample: Sample, lesson: string, drawings: Drawings, span: Span): void {
    this.#sample = sample;
    const { words, store } = drawings.opened;
    const settings = { ...store.settings, ...sample.settings };
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
  readonly #text = element("p");
  readonly #samples = element("div", { class: "tam-samples" });
  readonly #views: SampleView[] = [];
  readonly #make: () => SampleView;

  constructor(title: string, make: () => SampleView) {
    this.#make = make;
    const parts = [element("h3", { text: title }), this.#text, this.#samples];
    this.element = element("section", { class: "tam-lesson" }, parts);
  }

  draw({ title, text, samples }: Lesson, drawings: Drawings, span: Span): void {
    this.#text.textContent = text;
    while (this.#views.length < samples.length) this.#views.push(this.#make());
    while (this.#views.length > samples.length) this.#views.pop()?.element.remove();
    samples.forEach((sample, i) => {
      const view = this.#views[i];
      if (!view.element.parentElement) this.#samples.append(view.element);
      view.draw(sample, title, drawings, span);
    });
  }
}

export function help(opened: Opened, startTour: () => void): Tool {
  return {
    name: "help",
    title: "What the controls do",
    fill: (body, signal) => {
      const drawings = new Drawings(opened);
      const inView = new InView(drawings);
      const set = (settings: Partial<ExplorerSettings>) => {
        for (const [name, value] of Object.entries(settings))
          opened.store.set(name as keyof ExplorerSettings, value as never);
      };
      const make = () => new SampleView(set, opened, signal);
      const about = element("p", { class: "tam-note" });
      const tour = button("Take the tour", "Five steps through this view", startTour, signal);
      const lessons = element("div", { class: "tam-lessons" });
      const notes = element("div", { class: "tam-lessons" });
      body.append(element("div", { class: "tam-actions" }, [about, tour]), lessons, notes);
      const views = new Map<string, LessonView>();
      const draw = () => {
        const { span } = inView;
        lessons.hidden = span === null;
        about.textContent = span
          ? `With “${drawings.text(span)}” as the example: point at another word to change it, press a picture to choose what it shows.`
          : "There is no word to show this with.";
        if (!span) return;
        const found = lessonsOn(drawings, span);
        const names = new Set(found.map(({ name }) => name));
        for (const [name, view] of views) view.element.hidden = !names.has(name);
        for (const lesson of found) {
          const view = views.get(lesson.name) ?? new LessonView(lesson.title, make);
          if (!view.element.parentElement) lessons.append(view.element);
          views.set(lesson.name, view);
          view.draw(lesson, drawings, span);
        }
        notes.replaceChildren(
          ...notesOn(drawings, span).map(([title, text, example]) =>
            element("section", { class: "tam-lesson" }, [
              element("h3", { text: title }),
              element("p", { text }),
              element("div", { class: "tam-live" }, example),
            ]),
          ),
        );
      };
      draw();
      const later = once(draw, signal);
      return (changed) => {
        if (changed !== "pointer") later();
      };
    },
  };
}
