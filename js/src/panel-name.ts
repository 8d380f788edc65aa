/** What tells the panels of a view apart. */
import type { Shared } from "./view/shared";

/** A panel's own method, as menus call it; empty while all panels show the same. */
export function ownMethod({ store, maps }: Pick<Shared, "store" | "maps">, panel: number): string {
  const settings = store.of(panel);
  return settings.methods.length > 0 ? maps.method(settings).label : "";
}

/** A panel's model, and its method if it has its own. */
export function panelName(
  shared: Pick<Shared, "store" | "maps" | "panels">,
  panel: number,
): string {
  const own = ownMethod(shared, panel);
  const { title } = shared.panels[panel];
  return own ? `${title}, ${own}` : title;
}
