/** Decides which tokens each panel shows, from what is pointed at and what is locked. */
import type { Evidence } from "../attribution";
import type { Links, Pair } from "../links";
import type { Alternative, Panel } from "../wire";
import type { Words } from "../words";
import type { Counterfactual } from "./store";

export interface Shown {
  /** Tokens whose aggregated map is drawn; empty for none. */
  readonly tokens: readonly number[];
  /** Whether another panel shows a word that this panel lacks. */
  readonly missing: boolean;
  /** Whether the tokens are locked, here or in the panel whose word this one shows. */
  readonly locked: boolean;
}

/** What is said of a map in place of the tokens' own. */
export interface Replaced {
  /** Of what the legend says it is. */
  readonly quantity?: string;
  /** The evidence behind it; that of the tokens' own map otherwise. */
  readonly evidence?: Evidence;
  /** Relevance of the context to the tokens, row by row; likewise. */
  readonly relevance?: readonly Float32Array[];
}

/** What a panel draws. */
export interface Sight extends Shown, Replaced {
  /** Index of the alternative shown in the token's place; null for none. */
  readonly alternative: number | null;
  /** Whether another panel shows an alternative that this panel's token lacks. */
  readonly lacking: boolean;
  /** Whether the alternative's map is subtracted from the token's. */
  readonly contrast: boolean;
  /** Null for nothing. */
  readonly map: Float32Array | null;
}

/** What a person points at, and what is locked. */
export interface Choice {
  readonly preview: Pair | null;
  readonly selected: readonly Pair[];
  readonly granularity: "token" | "word";
}

/** Tokens of one panel. */
type Span = readonly [panel: number, tokens: readonly number[]];

const NOTHING: Shown = { tokens: [], missing: false, locked: false };

export const NO_SIGHT: Sight = {
  ...NOTHING,
  alternative: null,
  lacking: false,
  contrast: false,
  map: null,
};

/** What the views of a comparison know about words. */
export interface Text {
  readonly links: Links;
  /** Words, panel by panel. */
  readonly words: readonly Words[];
  /** Tokens that each panel shows before anybody chose one. */
  readonly atRest: readonly (readonly number[])[];
}

function follow(
  [from, tokens]: Span,
  panel: number,
  granularity: Choice["granularity"],
  links: Links,
): Shown {
  const one = tokens.length === 1 && granularity === "token";
  const piece = one ? links.twin([from, tokens[0]], panel) : null;
  const found = one ? (piece === null ? [] : [piece]) : links.twins([from, tokens], panel);
  return { tokens: found, missing: found.length === 0, locked: false };
}

/** The tokens that pointing at one selects. */
export function tokensAt(
  token: number,
  granularity: Choice["granularity"],
  words: Words,
): readonly number[] {
  return granularity === "word" ? words.of(token) : [token];
}

function lockedIn(panel: number, selected: readonly Pair[]): readonly number[] {
  return selected.filter(([at]) => at === panel).map(([, token]) => token);
}

/**
 * A preview takes precedence over locked tokens, and a panel's own lock over the twin of another
 * panel's. A preview without a twin here leaves this panel's own lock visible.
 */
export function shownIn(panel: number, choice: Choice, { links, words, atRest }: Text): Shown {
  const { preview, selected, granularity } = choice;
  const pointed: Span | null = preview && [
    preview[0],
    tokensAt(preview[1], granularity, words[preview[0]]),
  ];
  if (pointed?.[0] === panel) return { ...NOTHING, tokens: pointed[1] };
  const previewed = pointed ? follow(pointed, panel, granularity, links) : NOTHING;
  if (previewed.tokens.length > 0) return previewed;
  const own = lockedIn(panel, selected);
  if (own.length > 0) return { tokens: own, missing: false, locked: true };
  if (pointed) return previewed;
  const last = selected.at(-1)?.[0];
  return last === undefined
    ? { ...NOTHING, tokens: atRest[panel] }
    : { ...follow([last, lockedIn(last, selected)], panel, granularity, links), locked: true };
}

const key = (text: string) => text.trim().toLowerCase();

/**
 * Index of the alternative that a panel shows in its token's place; null for none, −1 if another
 * panel shows one in the linked token's place, and here is none of the same text. One that is
 * pointed at takes precedence over the chosen one, which only replaces a locked token.
 */
export function alternativeIn(
  panel: number,
  { tokens, locked }: Shown,
  candidate: Counterfactual | null,
  chosen: Counterfactual | readonly [],
  { links, panels }: Pick<Text, "links"> & { readonly panels: readonly Panel[] },
): number | null {
  const [at = -1, token = -1, number = -1] = candidate ?? chosen;
  if (number < 0 || !(locked || candidate)) return null;
  const own = at === panel ? token : links.twin([at, token], panel);
  if (own === null || !tokens.includes(own)) return null;
  if (at === panel) return tokens.length === 1 ? number : null;
  const text = key(panels[at].alternatives[number].text);
  const same = (other: Alternative) => other.token === own && key(other.text) === text;
  return tokens.length === 1 ? panels[panel].alternatives.findIndex(same) : -1;
}
