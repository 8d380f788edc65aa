/** What is known of the open case before its explanation comes. */
import { element } from "../dom";
import { button } from "./controls";
import { grouped, SIDES, saidOf, signed, twoDecimals } from "./labels";
import { type Case, type Cases, differenceOf, type Measured, scoreOf } from "./samples";
import type { Scene } from "./scene";

/** So many words of an answer stand in the head; the others are in a title. */
const WORDS = 12;

export interface SampleHeaderEvents {
  /** Opens the case before or after. */
  readonly step: (by: -1 | 1) => void;
  readonly close: () => void;
}

export class SampleHeader {
  readonly element: HTMLElement;
  readonly #name = element("h3", { class: "tam-case-name" });
  readonly #place = element("span", { class: "tam-place" });
  readonly #facts = element("div", { class: "tam-facts" });
  readonly #back: HTMLButtonElement;
  readonly #on: HTMLButtonElement;

  constructor({ step, close }: SampleHeaderEvents, signal: AbortSignal) {
    this.#back = button("‹", "The case before", () => step(-1), signal);
    this.#on = button("›", "The next case", () => step(1), signal);
    const shut = button("×", "Closes this case", close, signal);
    const line = element("div", { class: "tam-case-line" }, [
      this.#name,
      this.#place,
      this.#back,
      this.#on,
      shut,
    ]);
    this.element = element("header", { class: "tam-case-head" }, [line, this.#facts]);
  }

  draw(one: Case, scene: Scene): void {
    const { cases, order, score } = scene;
    const at = order.findIndex((i) => cases.cases[i] === one);
    this.#name.textContent = one.id;
    this.#name.title = one.id;
    const place = at < 0 ? "filtered out" : `${grouped(at + 1)} of ${grouped(order.length)}`;
    const difference = differenceOf(one, score);
    const more = difference === null ? "" : ` · B − A ${signed(difference)}`;
    this.#place.textContent = place + more;
    this.#back.disabled = at <= 0;
    this.#on.disabled = at < 0 || at >= order.length - 1;
    this.#facts.replaceChildren(
      ...one.sides.map((side, i) => sideFacts(cases, one, side, i, score)),
    );
  }
}

function sideFacts(
  cases: Cases,
  one: Case,
  side: Measured | null,
  i: number,
  score: number,
): HTMLElement {
  const line = element("div", { class: "tam-fact" });
  if (one.sides.length > 1)
    line.append(element("span", { class: "tam-side-name", text: SIDES[i] }));
  const text = (said: string, kind = "tam-said") => element("span", { class: kind, text: said });
  if (!side) line.append(text("no such sample"));
  else if (side.error) line.append(text(`not measured: ${side.error}`));
  else {
    const value = `${cases.scores[score].label} ${twoDecimals(scoreOf(one, i, score))}`;
    const said = side.nouns.map(saidOf);
    line.append(text(value, "tam-value-said"), ...said.slice(0, WORDS).map((word) => text(word)));
    if (said.length > WORDS) line.append(more(said.slice(WORDS)));
    const missed = side.missed.map((k) => cases.categories[k]).join(", ");
    if (missed) line.append(text(`missed: ${missed}`));
    line.append(...signs(cases, side));
  }
  return line;
}

function more(words: readonly string[]): HTMLElement {
  const text = `and ${grouped(words.length)} more`;
  return element("span", { class: "tam-said", text, title: words.join(", ") });
}

function signs({ signatures }: Cases, side: Measured): HTMLElement[] {
  return side.signatures.map((i) => {
    const { name, meaning } = signatures[i];
    return element("span", { class: "tam-sign", text: name, title: meaning });
  });
}
