/** Words that panels share: finds the twin of a token in another panel. */
import type { Decoded, Occurrence } from "./wire";

/** A token of a panel. */
export type Pair = readonly [panel: number, token: number];

interface Place {
  readonly group: Decoded["links"][number];
  /** Which occurrence of the word within its panel, and which piece of that occurrence. */
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

  /** Whether a token's word occurs in another panel. */
  has([panel, token]: Pair): boolean {
    return this.#places.has(`${panel}:${token}`);
  }

  /**
   * The same occurrence and piece of the word in another panel, or the last one if that panel has
   * fewer; null if the word does not occur there.
   */
  twin([panel, token]: Pair, other: number): number | null {
    const place = this.#places.get(`${panel}:${token}`);
    const tokens = place && this.#word(place, other);
    return tokens ? tokens[Math.min(place.piece, tokens.length - 1)] : null;
  }

  /** All tokens, in order, of the twin words in another panel. */
  twins([panel, tokens]: Occurrence, other: number): number[] {
    const places = tokens.map((token) => this.#places.get(`${panel}:${token}`));
    const found = places.flatMap((place) => (place && this.#word(place, other)) ?? []);
    return [...new Set(found)].sort((a, b) => a - b);
  }

  #word({ group, occurrence }: Place, other: number): readonly number[] | null {
    const occurrences = group.filter(([at]) => at === other);
    return occurrences[Math.min(occurrence, occurrences.length - 1)]?.[1] ?? null;
  }
}
