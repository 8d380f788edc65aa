/** Under the words: what else the model might have said, and how much came from the image. */
import type { Evidence } from "../attribution";
import { element } from "../dom";
import type { Token } from "../wire";

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

  constructor() {
    this.#share.append(
      element("span", { text: "image" }),
      element("span", { class: "tam-share-bar" }, [this.#imagePart]),
      element("span", { text: "text" }),
    );
    const row = element("div", { class: "tam-row" }, [this.#candidates, this.#share]);
    this.element = element("div", { class: "tam-details" }, [row, this.#note]);
  }

  /** Shows one token's figures, or only a note where no token is in view. */
  draw(token: Token | null, evidence: Evidence | null, note: string): void {
    this.#note.textContent = note;
    this.#candidates.replaceChildren(...(token ? candidates(token) : []));
    const share = evidence && imageShare(evidence);
    this.#share.hidden = share === null;
    if (share === null) return;
    this.#imagePart.style.setProperty("--tam-part", share.toFixed(3));
    this.#share.title =
      `${percent(share)} image: strongest visual token against strongest word before this one ` +
      "(residual activation : relevance)";
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
