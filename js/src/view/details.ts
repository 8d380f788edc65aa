/** Below the text: other candidates, and where a word's strongest evidence lies. */
import type { Evidence } from "../attribution";
import { element } from "../dom";
import { textOf } from "../texts";
import type { Caption } from "./caption";

const percent = (value: number) => `${(100 * value).toFixed(value >= 0.1 || value === 0 ? 0 : 1)}%`;

/**
 * The picture's part of a word's strongest evidence in one reading, 0 to 1; null if there is none.
 * How much its probability relies on the picture is another question (`questions/reliance.ts`).
 */
export function evidenceShare({ imagePeak, textPeak }: Evidence): number | null {
  const total = imagePeak + textPeak;
  return total > 0 ? imagePeak / total : null;
}

export class Details {
  readonly element: HTMLElement;
  readonly #share = element("div", { class: "tam-share" });
  readonly #note = element("div", { class: "tam-note" });
  readonly #meaning = element("span");
  readonly #key = element("div", { class: "tam-key" }, [this.#meaning]);
  readonly #percent = element("span");
  readonly #imagePart = element("span", { class: "tam-image-part" });
  readonly #caption: Caption;

  constructor(caption: Caption, candidates: HTMLElement) {
    this.#caption = caption;
    this.#share.append(
      this.#percent,
      element("span", { class: "tam-share-bar" }, [this.#imagePart]),
      element("span", { text: "earlier words" }),
    );
    const row = element("div", { class: "tam-row" }, [caption.element, candidates, this.#share]);
    this.element = element("div", { class: "tam-details" }, [row, this.#key, this.#note]);
  }

  /** Says what the shading of words stands for; null where none is shaded. */
  explain(word: string | null): void {
    this.#key.hidden = word === null;
    this.#meaning.textContent = word === null ? "" : textOf("shading", { word });
  }

  /** Shows only a note, when no token is in view. */
  clear(note: string): void {
    this.#draw(null, note);
  }

  /** @param evidence null if the map is not the token's own */
  drawToken(evidence: Evidence | null, note: string): void {
    const share = evidence && evidenceShare(evidence);
    this.#draw(share, note);
    this.#share.title =
      `${percent(share ?? 0)} picture: the strongest visual token against the strongest earlier ` +
      "word (residual activation : relevance)";
  }

  drawSpan(text: string, count: number, note: string): void {
    this.clear(note);
    this.#caption.draw(text, count);
  }

  #draw(share: number | null, note: string): void {
    this.#caption.draw(null, 0);
    this.#share.hidden = share === null;
    this.#percent.textContent = `strongest evidence: picture ${percent(share ?? 0)}`;
    this.#imagePart.style.setProperty("--tam-part", (share ?? 0).toFixed(3));
    this.#note.textContent = note;
  }
}
