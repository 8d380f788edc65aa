/** What the panels of one view share. */
import type { Maps } from "../state/maps";
import type { Text } from "../state/shown";
import type { ExplorerStore } from "../state/store";
import type { VideoView } from "./video";

/** Passed to every panel and its parts. */
export interface Shared extends Text {
  readonly store: ExplorerStore;
  readonly maps: Maps;
  /** Shows videos; null where there are none. */
  readonly Video: typeof VideoView | null;
  readonly signal: AbortSignal;
  /** Moves focus from a panel's token to another panel. */
  readonly leave: (panel: number, token: number, direction: -1 | 1) => void;
}
