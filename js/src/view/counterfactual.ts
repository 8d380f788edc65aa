/** Other words for a token's place: their chips, and the switch for the contrast. */
import { button } from "../controls";
import { element } from "../dom";
import { NO_SIGHT, type Sight } from "../state/shown";
import { textOf } from "../texts";
import type { Panel } from "../wire";
import { type CandidateEvents, Candidates } from "./candidates";
import type { Shared } from "./shared";

/** A token and its alternative as words. */
export function namesOf(
  { tokens, alternatives }: Panel,
  token: number,
  alternative: number,
): readonly [string, string] {
  return [tokens[token].text.trim(), alternatives[alternative].text.trim()];
}

export class CounterfactualView {
  readonly element: HTMLElement;
  readonly #panel: Panel;
  readonly #index: number;
  readonly #shared: Shared;
  readonly #candidates: Candidates;
  readonly #label = element("span", { class: "tam-label" });
  readonly #contrast: HTMLButtonElement;
  #sight = NO_SIGHT;

  constructor(panel: Panel, index: number, shared: Shared) {
    this.#panel = panel;
    this.#index = index;
    this.#shared = shared;
    this.#candidates = new Candidates(panel.alternatives, this.#events(), shared.signal);
    const title = "Shows the token's map minus the other word's";
    this.#contrast = button("contrast", title, () => this.#toggleContrast(), shared.signal);
    const parts = [this.#label, this.#candidates.element, this.#contrast];
    this.element = element("div", { class: "tam-choice" }, parts);
  }

  draw(sight: Sight): void {
    this.#sight = sight;
    const token = sight.tokens.length === 1 ? sight.tokens[0] : null;
    this.#candidates.draw(
      token,
      token === null ? null : this.#panel.tokens[token],
      sight.alternative,
    );
    const kind = token === null ? "answer" : this.#panel.tokens[token].kind;
    this.#label.textContent = kind === "prompt" ? "would have written" : "candidates";
    this.#label.hidden = this.#candidates.element.childElementCount === 0;
    const { maps, store } = this.#shared;
    const there = this.#panel.alternatives.some((other) => other.token === token);
    this.#contrast.hidden = !there || !maps.method(store.of(this.#index)).alternatives;
    this.#contrast.setAttribute("aria-pressed", String(sight.contrast));
  }

  /** Describes what is shown instead of the token's own map. */
  get note(): string {
    const { tokens, alternative, lacking, contrast } = this.#sight;
    if (alternative === null) return lacking ? textOf("no_alternative") : "";
    const [own, other] = namesOf(this.#panel, tokens[0], alternative);
    return textOf(contrast ? "contrast" : "alternative", { own, other });
  }

  /** Chooses the first alternative if none is in view. */
  #toggleContrast(): void {
    const { store } = this.#shared;
    const [token] = this.#sight.tokens;
    const contrast = !this.#sight.contrast;
    store.set("contrast", contrast);
    if (contrast && this.#sight.alternative === null)
      this.#put(this.#panel.alternatives.findIndex((other) => other.token === token));
  }

  #events(): CandidateEvents {
    const { store } = this.#shared;
    return {
      point: (number) => {
        const [token] = this.#sight.tokens;
        store.candidate = number === null ? null : [this.#index, token, number];
      },
      choose: (number) => this.#put(number === this.#chosen() ? -1 : number),
    };
  }

  #chosen(): number | undefined {
    const [panel, token, number] = this.#shared.store.settings.counterfactual;
    return panel === this.#index && token === this.#sight.tokens[0] ? number : undefined;
  }

  /** Locks the token in view and shows an alternative in its place, or none for −1. */
  #put(number: number): void {
    const { store } = this.#shared;
    const [token] = this.#sight.tokens;
    store.lock([[this.#index, token]]);
    store.preview = null;
    store.candidate = null;
    if (number >= 0) store.set("counterfactual", [this.#index, token, number]);
  }
}
