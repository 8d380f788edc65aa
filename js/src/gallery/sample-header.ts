/** The header of the open sample, which is known before its explanation arrives. */

import { button } from "../controls";
import { element } from "../dom";
import { textOf } from "../texts";
import { DIFFERENCE, grouped, RUN_NAMES, saidOf, signed, twoDecimals } from "./labels";
import { differenceOf, type GalleryData, type Measurement, type Sample, scoreOf } from "./samples";
import type { Scene } from "./scene";

/** Number of words of an answer in the header; the others are in a tooltip. */
const WORDS = 12;

export interface SampleHeaderEvents {
  /** Opens the previous or the next sample. */
  readonly step: (by: -1 | 1) => void;
  readonly close: () => void;
}

export class SampleHeader {
  readonly element: HTMLElement;
  readonly #name = element("h2", { class: "tam-sample-name" });
  readonly #place = element("span", { class: "tam-place" });
  readonly #facts = element("div", { class: "tam-facts" });
  readonly #back: HTMLButtonElement;
  readonly #on: HTMLButtonElement;

  constructor({ step, close }: SampleHeaderEvents, signal: AbortSignal) {
    this.#back = symbol("‹", "Previous sample", () => step(-1), signal);
    this.#on = symbol("›", "Next sample", () => step(1), signal);
    const shut = symbol("×", "Close this sample", close, signal);
    const line = element("div", { class: "tam-sample-line" }, [
      this.#name,
      this.#place,
      this.#back,
      this.#on,
      shut,
    ]);
    this.element = element("header", { class: "tam-sample-head" }, [line, this.#facts]);
  }

  draw(one: Sample, scene: Scene): void {
    const { data, order, score } = scene;
    const at = order.findIndex((i) => data.samples[i] === one);
    this.#name.textContent = one.id;
    this.#name.title = one.id;
    const place = at < 0 ? "filtered out" : `${grouped(at + 1)} of ${grouped(order.length)}`;
    const difference = differenceOf(one, score);
    const more = difference === null ? "" : ` · ${DIFFERENCE} ${signed(difference)}`;
    this.#place.textContent = place + more;
    this.#back.disabled = at <= 0;
    this.#on.disabled = at < 0 || at >= order.length - 1;
    this.#facts.replaceChildren(...one.runs.map((run, i) => runFacts(data, one, run, i, score)));
  }
}

/** A button whose sign a screen reader could not say. */
function symbol(sign: string, name: string, press: () => void, signal: AbortSignal) {
  const made = button(sign, name, press, signal);
  made.setAttribute("aria-label", name);
  return made;
}

function runFacts(
  data: GalleryData,
  one: Sample,
  run: Measurement | null,
  i: number,
  score: number,
): HTMLElement {
  const line = element("div", { class: "tam-fact" });
  if (one.runs.length > 1)
    line.append(element("span", { class: "tam-run-name", text: RUN_NAMES[i] }));
  const text = (said: string, kind = "tam-said") => element("span", { class: kind, text: said });
  if (!run) line.append(text(textOf("no_sample")));
  else if (run.error) line.append(text(`${textOf("not_measured")}: ${run.error}`));
  else {
    const value = `${data.scores[score].label} ${twoDecimals(scoreOf(one, i, score))}`;
    const said = run.nouns.map(saidOf);
    line.append(text(value, "tam-value-said"));
    if (said.length > 0) line.append(text(`IoU: ${said.slice(0, WORDS).join(", ")}`));
    if (said.length > WORDS) line.append(more(said.slice(WORDS)));
    const missed = run.missed.map((k) => data.categories[k]).join(", ");
    if (missed) line.append(text(`missed: ${missed}`));
    if (run.signatures.length > 0) line.append(signs(data, run));
  }
  return line;
}

function more(words: readonly string[]): HTMLElement {
  const text = `and ${grouped(words.length)} more`;
  return element("span", { class: "tam-said", text, title: words.join(", ") });
}

function signs({ signatures }: GalleryData, run: Measurement): HTMLElement {
  const line = element("span", { text: "signatures: " });
  run.signatures.forEach((i, at) => {
    const { name, meaning } = signatures[i];
    line.append(at > 0 ? ", " : "", element("span", { text: name, title: meaning }));
  });
  return line;
}
