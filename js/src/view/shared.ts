/** What the panels of one view share. */
import type { Method } from "../methods";
import type { Maps } from "../state/maps";
import type { Text } from "../state/shown";
import type { ExplorerStore, TwinImage } from "../state/store";
import type { Panel } from "../wire";
import type { VideoView } from "./video";

/** Passed to every panel and its parts. */
export interface Shared extends Text {
  readonly store: ExplorerStore;
  readonly maps: Maps;
  readonly methods: readonly Method[];
  readonly panels: readonly Panel[];
  readonly twinImage: TwinImage;
  /** Shows videos; null where there are none. */
  readonly Video: typeof VideoView | null;
  readonly signal: AbortSignal;
  /** Moves focus from a panel's token to another panel. */
  readonly leave: (panel: number, token: number, direction: -1 | 1) => void;
}
