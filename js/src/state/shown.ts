/** Which tokens every panel shows, given what is pointed at and what is locked. */
import type { Links, Pair } from "../links";

export interface Shown {
  /** Tokens whose map is drawn, joined by their maximum; empty for none. */
  readonly tokens: readonly number[];
  /** Another panel's word is in view and this panel does not have it. */
  readonly missing: boolean;
}

const NOTHING: Shown = { tokens: [], missing: false };

function follow(pair: Pair, panel: number, links: Links): Shown {
  const twin = links.twin(pair, panel);
  return twin === null ? { tokens: [], missing: true } : { tokens: [twin], missing: false };
}

/**
 * A preview wins over what is locked, a panel's own lock over the twin of another panel's; a
 * preview without a twin here leaves this panel's own lock in view.
 */
export function shownIn(
  panel: number,
  preview: Pair | null,
  selected: readonly Pair[],
  links: Links,
): Shown {
  if (preview?.[0] === panel) return { tokens: [preview[1]], missing: false };
  const previewed = preview ? follow(preview, panel, links) : NOTHING;
  if (previewed.tokens.length > 0) return previewed;
  const locked = selected.filter(([at]) => at === panel).map(([, token]) => token);
  if (locked.length > 0) return { tokens: locked, missing: false };
  if (preview) return previewed;
  const last = selected.at(-1);
  return last ? follow(last, panel, links) : NOTHING;
}
