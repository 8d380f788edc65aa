/** The maps of all words of the answers, side by side. */

import { button } from "../controls";
import { element } from "../dom";
import { peakOf } from "../layer";
import { panelName } from "../panel-name";
import { tokensAt } from "../state/shown";
import { same } from "../state/traits";
import { shortProbability } from "../view/probability";
import type { Opened } from "../view/tools";
import { once, type Tool } from "./drawer";
import { Drawings, isReadable, type Span } from "./in-view";
import { Miniature } from "./miniature";

/** How many words a panel shows unless a person asks for all. */
const FIRST = 24;

/** Longest side of a picture in pixels of the screen. */
const SIDE = 104;

class WordView {
  readonly element: HTMLButtonElement;
  readonly span: Span;
  readonly #miniature: Miniature;
  readonly #drawings: Drawings;

  constructor(span: Span, drawings: Drawings, signal: AbortSignal) {
    this.span = span;
    this.#drawings = drawings;
    this.#miniature = new Miniature(SIDE, drawings.opened.painting);
    const { store } = drawings.opened;
    const { panel } = span;
    const [first] = span.tokens;
    const { probability } = drawings.panel(span).tokens[first];
    const text = drawings.text(span);
    const chance = probability == null ? "" : shortProbability(probability);
    const lock = () => store.toggle(span.tokens.map((token) => [panel, token]));
    this.element = button("", text, lock, signal);
    this.element.className = "tam-choice-picture";
    this.element.setAttribute("aria-label", chance ? `${text} ${chance}` : text);
    const below = [element("span", { text }), element("span", { text: chance })];
    this.element.append(this.#miniature.canvas, element("span", { class: "tam-below" }, below));
    const on = (event: string, act: () => void) =>
      this.element.addEventListener(event, act, { signal });
    const preview = () => {
      store.preview = [panel, first];
    };
    const leave = () => {
      store.preview = null;
    };
    on("pointerenter", preview);
    on("pointerleave", leave);
    on("focus", preview);
    on("blur", leave);
  }

  draw(): void {
    const { store } = this.#drawings.opened;
    this.#miniature.draw(this.#drawings.of(this.span, store.of(this.span.panel)));
  }

  mark(): void {
    const { panel, tokens } = this.span;
    const { preview, settings } = this.#drawings.opened.store;
    const locked = tokens.every((token) =>
      settings.selected.some((pair) => same(pair, [panel, token])),
    );
    this.element.setAttribute("aria-pressed", String(locked));
    this.element.toggleAttribute("data-current", same(preview, [panel, tokens[0]]));
  }
}

/** The words of an answer in reading order: tokens, or whole words where these are pointed at. */
function wordsIn({ panels, words, store }: Opened, panel: number): Span[] {
  const { tokens } = panels[panel];
  const spans = tokens.flatMap((token, i) => {
    if (!isReadable(token)) return [];
    const own = tokensAt(i, store.settings.granularity, words[panel]);
    return own[0] === i ? [{ panel, tokens: own }] : [];
  });
  return spans;
}

/** Those with the strongest maps, still in reading order. */
function strongest(drawings: Drawings, spans: readonly Span[], count: number): Span[] {
  const value = (span: Span) => {
    const settings = drawings.opened.store.of(span.panel);
    const map = drawings.map(span, settings);
    return map ? peakOf(map, drawings.grids(span.panel, settings.thumbnail)) : 0;
  };
  const values = new Map(spans.map((span) => [span, value(span)]));
  const order = [...spans].sort((a, b) => (values.get(b) ?? 0) - (values.get(a) ?? 0));
  const kept = new Set(order.slice(0, count));
  return spans.filter((span) => kept.has(span));
}

class Row {
  readonly element: HTMLElement;
  readonly #panel: number;
  readonly #drawings: Drawings;
  readonly #signal: AbortSignal;
  readonly #title = element("h3", { class: "tam-row-title" });
  readonly #list = element("div", { class: "tam-all" });
  readonly #more: HTMLButtonElement;
  #all = false;
  #views: readonly WordView[] = [];

  constructor(panel: number, drawings: Drawings, signal: AbortSignal) {
    this.#panel = panel;
    this.#drawings = drawings;
    this.#signal = signal;
    this.#more = button("", "", () => this.#showAll(), signal);
    this.element = element("section", {}, [this.#title, this.#list, this.#more]);
    this.#title.hidden = drawings.opened.panels.length === 1;
    this.fill();
  }

  #showAll(): void {
    this.#all = true;
    const before = this.#views.length;
    this.fill();
    this.#views[before]?.element.focus();
  }

  /** Takes the words anew. */
  fill(): void {
    const spans = wordsIn(this.#drawings.opened, this.#panel);
    const shown = this.#all ? spans : strongest(this.#drawings, spans, FIRST);
    this.#views = shown.map((span) => new WordView(span, this.#drawings, this.#signal));
    this.#list.replaceChildren(...this.#views.map((view) => view.element));
    this.#more.hidden = shown.length === spans.length;
    this.#more.textContent = `show all ${spans.length}`;
    this.#more.title = `Shown are the ${FIRST} with the strongest maps`;
    this.draw();
  }

  draw(): void {
    this.#title.textContent = panelName(this.#drawings.opened, this.#panel);
    for (const view of this.#views) view.draw();
    this.mark();
  }

  mark(): void {
    for (const view of this.#views) view.mark();
  }
}

const SCALES = {
  token: "each on its own scale: compare where words lie, not how strong they are",
  shared: "all on the scale from 0 to 1: colours compare words and models",
};

export function overview(opened: Opened): Tool {
  return {
    name: "overview",
    title: "All words",
    fill: (body, signal) => {
      const { store, panels } = opened;
      const drawings = new Drawings(opened);
      const note = element("p", { class: "tam-note" });
      const rows = panels.map((_, panel) => new Row(panel, drawings, signal));
      body.append(note, ...rows.map((row) => row.element));
      const draw = () => {
        for (const row of rows) row.draw();
        say();
      };
      const say = () => {
        const { methods, scale } = store.settings;
        const label = methods.length > 0 ? "Maps" : opened.maps.method(store.settings).label;
        note.textContent = `${label}, ${SCALES[scale]}. Press one to lock it.`;
      };
      say();
      const later = once(draw, signal);
      return (changed) => {
        if (changed === "granularity") for (const row of rows) row.fill();
        else if (changed === "preview" || changed === "selected")
          for (const row of rows) row.mark();
        else if (!["box", "frame", "pointer"].includes(changed)) later();
      };
    },
  };
}
