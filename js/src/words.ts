/** Words of one panel: which tokens are the pieces of one word. */
import type { Token } from "./wire";

export class Words {
  readonly #of: readonly (readonly number[])[];
  readonly #starts: readonly number[];

  /** @param words tokens word by word, as the wire lists them */
  constructor(words: readonly (readonly number[])[], tokens: number) {
    const pieces = Array.from({ length: tokens }, (_, token) => new Set([token]));
    for (const word of words)
      for (const token of word) for (const piece of word) pieces[token].add(piece);
    this.#of = pieces.map((set) => [...set].sort((a, b) => a - b));
    this.#starts = [...new Set(words.map(([first]) => first))].sort((a, b) => a - b);
  }

  /** All pieces of the words that a token belongs to; the token alone where it is in none. */
  of(token: number): readonly number[] {
    return this.#of[token] ?? [token];
  }

  /** First token of the next word, or where there is none the first or last token of all. */
  next(token: number, by: -1 | 1): number {
    const found =
      by > 0
        ? this.#starts.find((start) => start > token)
        : this.#starts.findLast((start) => start < token);
    return found ?? (by > 0 ? this.#of.length - 1 : 0);
  }
}

/** What tokens say together, without the space around; a gap between them shows as an ellipsis. */
export function spanText(tokens: readonly Token[], span: readonly number[]): string {
  const inOrder = [...new Set(span)].sort((a, b) => a - b);
  const text = inOrder.map((token, i) => {
    const before = inOrder[i - 1] ?? token - 1;
    const apart = token !== before + 1 || (i > 0 && tokens[token].kind !== tokens[before].kind);
    return apart ? ` … ${tokens[token].text}` : tokens[token].text;
  });
  return text.join("").replace(/\s+/g, " ").trim();
}
