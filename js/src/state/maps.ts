/** Maps of all panels under the settings of the moment, computed when first asked for. */
import { type Evidence, evidence, mapOf } from "../attribution";
import { attributionOptions } from "../methods";
import type { Panel } from "../wire";

export interface MapSettings {
  readonly method: string;
  readonly eci: number;
  readonly kernel_size: number;
}

/** A token's map and what it was made from. */
export interface TokenMap {
  /** 0 to 1 for every visual token. */
  readonly map: Float32Array;
  readonly evidence: Evidence;
}

/** Milliseconds that a map may take; with less left of an idle moment none is begun. */
const ONE_MAP = 5;

export class Maps {
  readonly #panels: readonly Panel[];
  readonly #made = new Map<string, TokenMap>();
  #settings = "";

  constructor(panels: readonly Panel[]) {
    this.#panels = panels;
  }

  of(panel: number, token: number, settings: MapSettings): TokenMap {
    this.#keepOnly(settings);
    const key = `${panel}:${token}`;
    const known = this.#made.get(key);
    if (known) return known;
    const made = this.#make(this.#panels[panel], token, settings);
    this.#made.set(key, made);
    return made;
  }

  /** Computes maps of all tokens in the browser's idle moments, so that a first hover finds them. */
  prepare(settings: () => MapSettings, signal: AbortSignal): void {
    if (typeof requestIdleCallback === "undefined") return;
    const waiting = this.#panels.flatMap((panel, i) => panel.tokens.map((_, token) => [i, token]));
    const work = (deadline: IdleDeadline) => {
      while (waiting.length > 0 && deadline.timeRemaining() > ONE_MAP && !signal.aborted) {
        const [panel, token] = waiting.pop() as [number, number];
        this.of(panel, token, settings());
      }
      if (waiting.length > 0 && !signal.aborted) requestIdleCallback(work);
    };
    requestIdleCallback(work);
  }

  /** The joint map of several tokens: the largest value of each cell; null for no token. */
  joint(panel: number, tokens: readonly number[], settings: MapSettings): Float32Array | null {
    const [first, ...others] = tokens.map((token) => this.of(panel, token, settings).map);
    if (!first || others.length === 0) return first ?? null;
    return first.map((value, v) => others.reduce((most, map) => Math.max(most, map[v]), value));
  }

  #make(panel: Panel, token: number, { method, eci, kernel_size }: MapSettings): TokenMap {
    const options = attributionOptions(method, eci, kernel_size);
    const found = evidence(panel, token, options);
    return { map: mapOf(panel, token, found, options), evidence: found };
  }

  /** Maps of other settings are dropped: while a control is dragged they would pile up. */
  #keepOnly({ method, eci, kernel_size }: MapSettings): void {
    const settings = `${method} ${eci} ${kernel_size}`;
    if (settings === this.#settings) return;
    this.#settings = settings;
    this.#made.clear();
  }
}
