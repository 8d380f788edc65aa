/** One side of a card: a picture under a word's map, and what it scored. */
import { element } from "../dom";
import type { Cases, Measured } from "./cases";
import { PICTURE } from "./layout";
import type { Shot } from "./pictures";
import { figure, signatureNames } from "./words";

/** A difference of map and picture in shares of the picture that is not to be seen. */
const HARDLY = 0.01;

function image(name: string): HTMLImageElement {
  const made = element("img", { class: name });
  Object.assign(made, { alt: "", decoding: "async", draggable: false, hidden: true });
  return made;
}

function show(img: HTMLImageElement, address: string | null): void {
  img.hidden = address === null;
  if (address === null) img.removeAttribute("src");
  else if (img.src !== address) img.src = address;
}

const percent = (share: number) => `${(100 * share).toFixed(2)}%`;

export class Half {
  readonly element: HTMLElement;
  readonly #picture = image("tam-shot");
  readonly #map = image("tam-heat");
  readonly #frame = element("div", { class: "tam-frame" }, [this.#picture, this.#map]);
  readonly #blank = element("span", { class: "tam-blank-shot" });
  readonly #bar = element("span", { class: "tam-amount" });
  readonly #noun = element("span", { class: "tam-noun" });
  readonly #iou = element("span", { class: "tam-figure-quiet" });
  readonly #score = element("span", { class: "tam-score" });
  readonly #sign = element("span", { class: "tam-sign" });
  readonly #more = element("span", { class: "tam-more" });

  /** @param name "A" or "B" where there are two */
  constructor(name: string) {
    const thumb = element("div", { class: "tam-thumb" }, [this.#frame, this.#blank]);
    if (name) thumb.append(element("span", { class: "tam-side-name", text: name }));
    const line = element("div", { class: "tam-line" }, [this.#noun, this.#iou, this.#score]);
    const signs = element("div", { class: "tam-signs" }, [this.#sign, this.#more]);
    const track = element("div", { class: "tam-amount-track" }, [this.#bar]);
    this.element = element("div", { class: "tam-half" }, [thumb, track, line, signs]);
  }

  /**
   * @param focus index of the noun in focus, or −1
   * @param wanted names of signatures that are filtered for, which come first
   */
  say(
    cases: Cases,
    side: Measured | null,
    focus: number,
    value: number | null,
    wanted: readonly string[],
  ): void {
    const noun = side?.nouns[focus];
    this.#noun.textContent = noun?.text ?? (side ? "no noun" : "no such sample");
    this.#noun.classList.toggle("tam-none", !noun);
    this.#iou.textContent = noun ? figure(noun.iou) : "";
    this.#score.textContent = side ? figure(value) : "";
    this.#bar.style.transform = `scaleX(${value ?? 0})`;
    if (side?.error) this.#sayError(side.error);
    else this.#saySigns(cases, side, wanted);
  }

  #saySigns(cases: Cases, side: Measured | null, wanted: readonly string[]): void {
    const names = side ? signatureNames(cases, side) : [];
    const first = names.find((name) => wanted.includes(name)) ?? names[0];
    this.#sign.textContent = first ?? "";
    this.#more.textContent = names.length > 1 ? `+${names.length - 1}` : "";
    const meanings = (side?.signatures ?? []).map((i) => cases.signatures[i]);
    const title = meanings.map(({ name, meaning }) => `${name}: ${meaning}`).join("\n");
    this.#sign.title = title;
    this.#more.title = title;
  }

  #sayError(error: string): void {
    this.#noun.textContent = "not measured";
    this.#sign.textContent = error;
    this.#sign.title = error;
    this.#more.textContent = "";
  }

  /**
   * @param shot undefined as long as it is not there, null where there is none
   * @param width of the picture's place, in CSS pixels
   */
  draw(shot: Shot | null | undefined, width: number, overlay: boolean): void {
    this.#blank.textContent = shot === undefined || shot?.picture ? "" : "no picture kept";
    show(this.#picture, shot?.picture ?? null);
    show(this.#map, overlay && shot?.picture ? shot.map : null);
    if (!shot?.picture) return;
    const [w, h] = shot.size;
    const scale = Math.min(width / w, (PICTURE * width) / h);
    this.#frame.style.cssText = `width:${Math.round(w * scale)}px;height:${Math.round(h * scale)}px`;
    const [left, top, right, bottom] = shot.rect;
    this.#map.style.cssText = `left:${percent(left)};top:${percent(top)};width:${percent(right - left)};height:${percent(bottom - top)}`;
    const partial = left > HARDLY || top > HARDLY || right < 1 - HARDLY || bottom < 1 - HARDLY;
    this.#map.classList.toggle("tam-partial", partial);
  }
}
