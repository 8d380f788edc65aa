/** Words of one panel: which tokens are the pieces of one word. */
import type { Token } from "./wire";

export class Words {
  readonly #of: readonly (readonly number[])[];
  readonly #starts: readonly number[];

  /** @param words the tokens of each word */
  constructor(words: readonly (readonly number[])[], tokens: number) {
    const pieces = Array.from({ length: tokens }, (_, token) => new Set([token]));
    for (const word of words)
      for (const token of word) for (const piece of word) pieces[token].add(piece);
    this.#of = pieces.map((set) => [...set].sort((a, b) => a - b));
    this.#starts = [...new Set(words.map(([first]) => first))].sort((a, b) => a - b);
  }

  /** All tokens of the words that a token belongs to; only itself if it belongs to none. */
  of(token: number): readonly number[] {
    return this.#of[token] ?? [token];
  }

  /** First token of the next word, or the first or last token of all if there is none. */
  next(token: number, by: -1 | 1): number {
    const found =
      by > 0
        ? this.#starts.find((start) => start > token)
        : this.#starts.findLast((start) => start < token);
    return found ?? (by > 0 ? this.#of.length - 1 : 0);
  }
}

/** The joined text of tokens, trimmed; an ellipsis stands for each gap. */
export function spanText(tokens: readonly Token[], span: readonly number[]): string {
  const inOrder = [...new Set(span)].sort((a, b) => a - b);
  const text = inOrder.map((token, i) => {
    const before = inOrder[i - 1] ?? token - 1;
    const apart = token !== before + 1 || (i > 0 && tokens[token].kind !== tokens[before].kind);
    return apart ? ` … ${tokens[token].text}` : tokens[token].text;
  });
  return text.join("").replace(/\s+/g, " ").trim();
}
