/** The words whose maps lie most in a box on the picture, strongest first. */
import { element } from "../dom";
import { textOf } from "../texts";
import type { Panel } from "../wire";
import { shortProbability } from "./probability";
import { isBlank } from "./token-elements";

export interface RankingEvents {
  readonly preview: (token: number | null) => void;
  readonly toggle: (token: number) => void;
}

const PLACES = 5;

/** Smallest share of a listed word. */
const LEAST = 0.05;

export class Ranking {
  readonly element: HTMLElement;
  readonly #panel: Panel;
  readonly #chips: readonly HTMLButtonElement[];
  readonly #note = element("div", { class: "tam-note" });
  readonly #tokens: number[] = [];

  constructor(panel: Panel, events: RankingEvents, signal: AbortSignal) {
    this.#panel = panel;
    this.#chips = Array.from({ length: PLACES }, (_, place) => this.#chip(place, events, signal));
    const label = element("span", { class: "tam-label", text: "in the box" });
    const row = element("div", { class: "tam-candidates" }, [label, ...this.#chips]);
    this.element = element("div", { class: "tam-ranking", aria: { live: "polite" } }, [
      row,
      this.#note,
    ]);
    this.element.hidden = true;
  }

  /**
   * Shows the words with the largest shares; null hides all of it.
   * @param missing number of tokens whose map is not yet computed
   */
  draw(shares: ArrayLike<number> | null, missing: number): void {
    this.element.hidden = shares === null;
    if (!shares) return;
    const best = this.#best(shares);
    this.#chips.forEach((chip, place) => {
      this.#fill(chip, place, best[place], shares);
    });
    const waiting = missing > 0 ? ` ${missing} maps are still being computed.` : "";
    this.#note.textContent =
      (best.length > 0 ? textOf("inside") : "No word's map lies in the box.") + waiting;
  }

  #best(shares: ArrayLike<number>): number[] {
    const { tokens } = this.#panel;
    const named = tokens.flatMap((token, i) =>
      shares[i] >= LEAST && !token.special && !isBlank(token) ? [i] : [],
    );
    return named.sort((a, b) => shares[b] - shares[a] || a - b).slice(0, PLACES);
  }

  #fill(
    chip: HTMLButtonElement,
    place: number,
    token: number | undefined,
    shares: ArrayLike<number>,
  ): void {
    chip.hidden = token === undefined;
    if (token === undefined) return;
    const [word, value] = chip.children as Iterable<Element> & HTMLCollection;
    if (this.#tokens[place] !== token) word.textContent = this.#panel.tokens[token].text.trim();
    this.#tokens[place] = token;
    value.textContent = shortProbability(shares[token]);
    chip.style.setProperty("--tam-probability", shares[token].toFixed(2));
  }

  #chip(place: number, events: RankingEvents, signal: AbortSignal): HTMLButtonElement {
    const chip = element("button", { class: "tam-candidate tam-chip" }, [
      element("span", { class: "tam-word" }),
      element("span", { class: "tam-probability" }),
    ]);
    chip.type = "button";
    chip.dataset.lmSuppressShortcuts = "true";
    const on = (name: string, act: () => void) => chip.addEventListener(name, act, { signal });
    on("pointerenter", () => events.preview(this.#tokens[place]));
    on("pointerleave", () => events.preview(null));
    on("focus", () => events.preview(this.#tokens[place]));
    on("blur", () => events.preview(null));
    on("click", () => events.toggle(this.#tokens[place]));
    return chip;
  }
}
