/** Other words for a token's place; those with a map of their own can be shown. */
import { element } from "../dom";
import type { Alternative, Token } from "../wire";
import { shortProbability } from "./probability";

/** A word for a token's place. */
interface Choice {
  readonly text: string;
  readonly probability: number | null;
  readonly pieces: number;
  /** Whether it is the token itself. */
  readonly own: boolean;
  /** Index among the panel's alternatives, −1 for the token itself, null without a map. */
  readonly number: number | null;
}

export interface CandidateEvents {
  /** An alternative is pointed at, −1 for the token itself, null for none. */
  readonly point: (number: number | null) => void;
  readonly choose: (number: number) => void;
}

/** A written token that is no candidate, the candidates, then words that a person added. */
export function choicesOf(
  token: number,
  { id, text: ownText, probability: ownProbability, candidates, kind }: Token,
  alternatives: readonly Alternative[],
): Choice[] {
  const here = alternatives.flatMap((other, i) => (other.token === token ? [i] : []));
  const rowOf = (id: number) =>
    here.find((i) => alternatives[i].ids.length === 1 && alternatives[i].ids[0] === id) ?? null;
  const ownNumber = here.length > 0 ? -1 : null;
  const listed = candidates.map(({ id: other, text, probability }): Choice => {
    const own = other === id;
    const number = own ? ownNumber : rowOf(other);
    return { text, probability, pieces: 1, own, number };
  });
  const known = new Set(listed.map(({ number }) => number));
  const asked = here
    .filter((i) => !known.has(i))
    .map((number): Choice => {
      const { text, probability = null, ids } = alternatives[number];
      return { text, probability, pieces: ids.length, own: false, number };
    });
  const unlikely: Choice[] =
    kind === "prompt" || ownProbability == null || listed.some(({ own }) => own)
      ? []
      : [{ text: ownText, probability: ownProbability, pieces: 1, own: true, number: ownNumber }];
  return [...unlikely, ...listed, ...asked];
}

export class Candidates {
  readonly element = element("div", { class: "tam-candidates" });
  readonly #alternatives: readonly Alternative[];
  #token: number | null = null;
  #pointed: number | null = null;
  readonly #leave: () => void;

  constructor(alternatives: readonly Alternative[], events: CandidateEvents, signal: AbortSignal) {
    this.#alternatives = alternatives;
    const point = (event: Event) => {
      const number = numberOf(event.target);
      if (number === this.#pointed) return;
      this.#pointed = number;
      events.point(number);
    };
    this.#leave = () => {
      if (this.#pointed !== null) events.point(null);
      this.#pointed = null;
    };
    const choose = (event: Event) => {
      const number = numberOf(event.target);
      if (number !== null) events.choose(number);
    };
    const on = (name: string, act: (event: Event) => void) =>
      this.element.addEventListener(name, act, { signal });
    on("pointerover", point);
    on("focusin", point);
    on("pointerleave", this.#leave);
    on("focusout", this.#leave);
    on("click", choose);
  }

  /** @param alternative the alternative in view, null for the token itself */
  draw(index: number | null, token: Token | null, alternative: number | null): void {
    if (index !== this.#token) this.#fill(index, token);
    for (const chip of this.element.children) {
      const number = numberOf(chip);
      if (number !== null)
        chip.setAttribute("aria-pressed", String(number === (alternative ?? -1)));
    }
  }

  #fill(index: number | null, token: Token | null): void {
    this.#token = index;
    const choices = index === null || !token ? [] : choicesOf(index, token, this.#alternatives);
    this.element.replaceChildren(...choices.map(chipOf));
    this.#leave(); // a removed chip gets no pointerleave
  }
}

function chipOf({ text, probability, pieces, own, number }: Choice): HTMLElement {
  const parts = [
    element("span", { class: "tam-word", text: text.trim() || JSON.stringify(text) }),
    element("span", {
      class: "tam-probability",
      text: probability === null ? "" : shortProbability(probability),
    }),
  ];
  if (pieces > 1) parts.push(element("span", { class: "tam-count", text: `${pieces} pieces` }));
  const chip = element(number === null ? "span" : "button", { class: "tam-candidate" }, parts);
  chip.title = titleOf(probability, own, number);
  if (number !== null) Object.assign(chip, { type: "button" }).classList.add("tam-chip");
  Object.assign(chip.dataset, number === null ? {} : { number, lmSuppressShortcuts: "true" });
  chip.classList.toggle("tam-chosen", own);
  chip.style.setProperty("--tam-probability", (probability ?? 0).toFixed(3));
  return chip;
}

function titleOf(probability: number | null, own: boolean, number: number | null): string {
  const percent = probability === null ? "" : `${(100 * probability).toFixed(1)} %`;
  if (own || number === null) return percent;
  return `${percent}${percent && ". "}Shows the map that this word would have had here`;
}

function numberOf(target: EventTarget | null): number | null {
  const number = (target as Element | null)?.closest<HTMLElement>("[data-number]")?.dataset.number;
  return number === undefined ? null : Number(number);
}
