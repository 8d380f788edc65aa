/** Words that panels have in common: the twin of a token in another panel. */
import type { Decoded } from "./wire";

/** A token of a panel. */
export type Pair = readonly [panel: number, token: number];

interface Place {
  readonly group: Decoded["links"][number];
  /** Which occurrence of the word within its panel, which piece of that occurrence. */
  readonly occurrence: number;
  readonly piece: number;
}

export class Links {
  readonly #places = new Map<string, Place>();

  constructor(groups: Decoded["links"]) {
    for (const group of groups) this.#index(group);
  }

  #index(group: Decoded["links"][number]): void {
    const seen = new Map<number, number>();
    for (const [panel, tokens] of group) {
      const occurrence = seen.get(panel) ?? 0;
      seen.set(panel, occurrence + 1);
      tokens.forEach((token, piece) => {
        this.#places.set(`${panel}:${token}`, { group, occurrence, piece });
      });
    }
  }

  /**
   * The same word's same occurrence and piece in another panel (the last one where that panel has
   * fewer), or null where the word does not stand there.
   */
  twin([panel, token]: Pair, other: number): number | null {
    const place = this.#places.get(`${panel}:${token}`);
    const occurrences = place?.group.filter(([at]) => at === other) ?? [];
    if (!place || occurrences.length === 0) return null;
    const tokens = occurrences[Math.min(place.occurrence, occurrences.length - 1)][1];
    return tokens[Math.min(place.piece, tokens.length - 1)] ?? null;
  }
}
