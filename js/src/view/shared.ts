/** What the parts of a view have in common. */
import type { Maps } from "../state/maps";
import type { Text } from "../state/shown";
import type { ExplorerStore } from "../state/store";

/** What all panels of a view share. */
export interface Shared extends Text {
  readonly store: ExplorerStore;
  readonly maps: Maps;
  readonly signal: AbortSignal;
  /** Moves the keyboard from a panel's token to another panel. */
  readonly leave: (panel: number, token: number, direction: -1 | 1) => void;
}
