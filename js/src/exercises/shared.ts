/** What the parts of one exercise share. */
import { settings as contract } from "../../../tam_widgets/contract.json";
import { Maps } from "../state/maps";
import type { ExplorerSettings } from "../state/store";
import { defaultsOf, type Traits } from "../state/traits";
import type { Decoded, Panel } from "../wire";
import type { Mapped } from "./map-view";
import type { Question, State } from "./question";

export interface Shared {
  readonly question: Question;
  readonly panel: Panel;
  readonly state: Traits<State>;
  /** The map of some tokens by TAM, at a strength of the causal inference. */
  readonly mapOf: (tokens: readonly number[], eci?: number) => Mapped;
  readonly signal: AbortSignal;
}

/** One of the kinds of exercises. */
export interface KindView {
  readonly element: HTMLElement;
  readonly draw: () => void;
  /** Gives the keyboard to what is used first. */
  readonly focus: () => void;
  /** Resolves when its pictures are decoded. */
  readonly load: () => Promise<unknown>;
}

const DEFAULTS = defaultsOf(contract) as unknown as ExplorerSettings;

export function mapMaker({ panels, methods }: Decoded): Shared["mapOf"] {
  const maps = new Maps(panels, methods);
  return (tokens, eci = DEFAULTS.eci) => {
    const map = maps.joint(0, tokens, { ...DEFAULTS, method: "tam", eci });
    return { map: map as Float32Array, tokens };
  };
}
