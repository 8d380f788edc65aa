/** Maps of all panels under the current settings, computed on demand and cached. */
import { aggregate } from "../aggregate";
import { alternativeMap, contrastMap } from "../alternatives";
import { type Evidence, evidence, mapOf, visualCount } from "../attribution";
import { attributionOptions, type MapSettings, type Method, methodNamed } from "../methods";
import type { Panel } from "../wire";
import type { Aggregate } from "./store";

/** A token's map, and the evidence behind it. */
export interface TokenMap {
  /** 0 to 1 for every visual token; −1 to 1 if the method is signed. */
  readonly map: Float32Array;
  /** Null if the map is not computed here. */
  readonly evidence: Evidence | null;
}

/** Milliseconds that a map may take: none is started with less idle time left. */
const ONE_MAP = 5;

/** Safari has no idle callback: there, short timers stand in for it. */
function whenIdle(work: (deadline: Pick<IdleDeadline, "timeRemaining">) => void): void {
  if (typeof requestIdleCallback !== "undefined") {
    requestIdleCallback(work);
    return;
  }
  setTimeout(() => {
    const end = performance.now() + 2 * ONE_MAP;
    work({ timeRemaining: () => end - performance.now() });
  }, 20);
}

/** Maps of one panel under the same settings. */
interface Cache {
  readonly settings: string;
  /** By token. */
  readonly made: TokenMap[];
  readonly counterfactuals: Map<string, Float32Array>;
  joint?: { readonly key: string; readonly map: Float32Array };
}

export class Maps {
  readonly #panels: readonly Panel[];
  readonly #methods: readonly Method[];
  readonly #caches: Cache[] = [];
  #prepare: (panel: number) => void = () => {};

  constructor(panels: readonly Panel[], methods: readonly Method[]) {
    this.#panels = panels;
    this.#methods = methods;
  }

  /** The same without a cache in common: maps under other settings drop those of the panel. */
  another(): Maps {
    return new Maps(this.#panels, this.#methods);
  }

  /** The method of the settings. */
  method({ method }: MapSettings): Method {
    return methodNamed(this.#methods, method);
  }

  /** Whether a panel has maps of the method of the settings, if tokens are given for one of them. */
  has(panel: number, settings: MapSettings, tokens: readonly number[] = []): boolean {
    const { inBrowser, name } = this.method(settings);
    const { activations, maps, mapTokens } = this.#panels[panel];
    if (inBrowser) return activations.length > 0;
    if (!Object.hasOwn(maps, name)) return false;
    const some = tokens.length > 0 && Object.hasOwn(mapTokens, name);
    return !some || tokens.some((token) => mapTokens[name].includes(token));
  }

  of(panel: number, token: number, settings: MapSettings): TokenMap {
    const { made } = this.#cache(panel, settings);
    made[token] ??= this.#make(this.#panels[panel], token, settings);
    return made[token];
  }

  /**
   * Computes the maps of all tokens while the browser is idle, now and after every change of
   * settings, so that hovering finds them ready.
   * @param settings those of a panel
   * @param progress called after each batch of maps
   */
  prepare(
    settings: (panel: number) => MapSettings,
    progress: () => void,
    signal: AbortSignal,
  ): void {
    let waiting: [number, number][] = [];
    let asked = false;
    const ask = () => {
      if (!asked && waiting.length > 0 && !signal.aborted) whenIdle(work);
      asked = waiting.length > 0;
    };
    const work = (deadline: Pick<IdleDeadline, "timeRemaining">) => {
      while (waiting.length > 0 && deadline.timeRemaining() > ONE_MAP && !signal.aborted) {
        const [panel, token] = waiting.pop() as [number, number];
        this.of(panel, token, settings(panel));
      }
      progress();
      asked = false;
      ask();
    };
    this.#prepare = (panel) => {
      waiting = waiting.filter(([at]) => at !== panel);
      this.#panels[panel].tokens.forEach((_, token) => {
        waiting.push([panel, token]);
      });
      ask();
    };
    this.#panels.forEach((_, panel) => {
      this.#prepare(panel);
    });
  }

  /** The cached maps of a panel, token by token; computes none. */
  ready(panel: number, settings: MapSettings): readonly (Float32Array | undefined)[] {
    const { made } = this.#cache(panel, settings);
    return this.#panels[panel].tokens.map((_, token) => made[token]?.map);
  }

  /** The aggregated map of several tokens; null if there are none. */
  joint(
    panel: number,
    tokens: readonly number[],
    settings: MapSettings & { readonly aggregate: Aggregate },
  ): Float32Array | null {
    const maps = tokens.map((token) => this.of(panel, token, settings).map);
    if (maps.length < 2) return maps[0] ?? null;
    const key = `${tokens} ${settings.aggregate}`;
    const cache = this.#cache(panel, settings);
    if (cache.joint?.key !== key) cache.joint = { key, map: aggregate(maps, settings.aggregate) };
    return cache.joint.map;
  }

  /** The map of an alternative, or with `contrast` the token's map minus it. */
  counterfactual(
    panel: number,
    number: number,
    contrast: boolean,
    settings: MapSettings,
  ): Float32Array {
    const { counterfactuals } = this.#cache(panel, settings);
    const key = `${number}:${contrast}`;
    const known = counterfactuals.get(key);
    if (known) return known;
    const compute = contrast ? contrastMap : alternativeMap;
    const map = compute(this.#panels[panel], number, attributionOptions(settings));
    counterfactuals.set(key, map);
    return map;
  }

  #make(panel: Panel, token: number, settings: MapSettings): TokenMap {
    const { inBrowser, name } = this.method(settings);
    if (!inBrowser || !panel.activations.length)
      return { map: carried(panel, token, name), evidence: null };
    const options = attributionOptions(settings);
    const found = evidence(panel, token, options);
    return { map: mapOf(panel, token, found, options), evidence: found };
  }

  /** A panel's maps; those of other settings, which would pile up on dragging, are dropped. */
  #cache(panel: number, { method, eci, kernel_size, border }: MapSettings): Cache {
    const settings = `${method} ${eci} ${kernel_size} ${border}`;
    if (this.#caches[panel]?.settings !== settings) {
      this.#caches[panel] = { settings, made: [], counterfactuals: new Map() };
      this.#prepare(panel);
    }
    return this.#caches[panel];
  }
}

/** A token's row of the maps that a panel carries; all zeros if it carries none. */
function carried(panel: Panel, token: number, method: string): Float32Array {
  const visual = visualCount(panel);
  if (!Object.hasOwn(panel.maps, method)) return new Float32Array(visual);
  return panel.maps[method].subarray(token * visual, (token + 1) * visual);
}
