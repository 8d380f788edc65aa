/** Under the words: what else the model might have said, and how much came from the image. */
import type { Evidence } from "../attribution";
import { element } from "../dom";
import type { Token } from "../wire";
import type { Caption } from "./caption";

const percent = (value: number) => `${(100 * value).toFixed(value >= 0.1 || value === 0 ? 0 : 1)}%`;

/** A probability as it is read in a row of them: .82, and <.01 for what is next to nothing. */
export function shortProbability(value: number): string {
  if (value < 0.005) return "<.01";
  return value >= 0.995 ? "1.0" : value.toFixed(2).slice(1);
}

/** Share of the image in the strongest evidence for a token, 0 to 1; null where there is none. */
export function imageShare({ imagePeak, textPeak }: Evidence): number | null {
  const total = imagePeak + textPeak;
  return total > 0 ? imagePeak / total : null;
}

export class Details {
  readonly element: HTMLElement;
  readonly #candidates = element("div", { class: "tam-candidates" });
  readonly #share = element("div", { class: "tam-share" });
  readonly #note = element("div", { class: "tam-note" });
  readonly #imagePart = element("span", { class: "tam-image-part" });

  readonly #caption: Caption;

  constructor(caption: Caption) {
    this.#caption = caption;
    this.#share.append(
      element("span", { text: "image" }),
      element("span", { class: "tam-share-bar" }, [this.#imagePart]),
      element("span", { text: "text" }),
    );
    const row = element("div", { class: "tam-row" }, [
      caption.element,
      this.#candidates,
      this.#share,
    ]);
    this.element = element("div", { class: "tam-details" }, [row, this.#note]);
  }

  /** Only a note, where no token is in view. */
  clear(note: string): void {
    this.#draw([], null, note);
  }

  drawToken(token: Token, evidence: Evidence, note: string): void {
    this.#draw(candidates(token), imageShare(evidence), note);
    this.#share.title =
      `${percent(imageShare(evidence) ?? 0)} image: strongest visual token against strongest word ` +
      "before this one (residual activation : relevance)";
  }

  drawSpan(text: string, count: number, note: string): void {
    this.#draw([], null, note);
    this.#caption.draw(text, count);
  }

  #draw(chips: HTMLElement[], share: number | null, note: string): void {
    this.#caption.draw(null, 0);
    this.#candidates.replaceChildren(...chips);
    this.#share.hidden = share === null;
    this.#imagePart.style.setProperty("--tam-part", (share ?? 0).toFixed(3));
    this.#note.textContent = note;
  }
}

function candidates(token: Token): HTMLElement[] {
  return token.candidates.map(({ id, text, probability }) => {
    const name = element("span", { class: "tam-word", text: text.trim() || JSON.stringify(text) });
    const value = element("span", {
      class: "tam-probability",
      text: shortProbability(probability),
    });
    const chip = element("span", { class: "tam-candidate", title: percent(probability) }, [
      name,
      value,
    ]);
    chip.classList.toggle("tam-chosen", id === token.id);
    chip.style.setProperty("--tam-probability", probability.toFixed(3));
    return chip;
  });
}
