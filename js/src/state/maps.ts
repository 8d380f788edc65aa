/** Maps of all panels under the current settings, computed on demand and cached. */
import { aggregate } from "../aggregate";
import { alternativeMap, contrastMap } from "../alternatives";
import { type Evidence, evidence, mapOf } from "../attribution";
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

export class Maps {
  readonly #panels: readonly Panel[];
  readonly #methods: readonly Method[];
  readonly #made = new Map<string, TokenMap>();
  readonly #counterfactuals = new Map<string, Float32Array>();
  readonly #joint = new Map<number, { key: string; map: Float32Array }>();
  #settings = "";
  #prepare = () => {};

  constructor(panels: readonly Panel[], methods: readonly Method[]) {
    this.#panels = panels;
    this.#methods = methods;
  }

  /** The same without a cache in common: maps under other settings drop all that are cached. */
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
    const { maps, mapTokens } = this.#panels[panel];
    if (inBrowser || !Object.hasOwn(maps, name)) return inBrowser;
    const some = tokens.length > 0 && Object.hasOwn(mapTokens, name);
    return !some || tokens.some((token) => mapTokens[name].includes(token));
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

  /**
   * Computes the maps of all tokens while the browser is idle, now and after every change of
   * settings, so that hovering finds them ready.
   * @param progress called after each batch of maps
   */
  prepare(settings: () => MapSettings, progress: () => void, signal: AbortSignal): void {
    let waiting: [number, number][] = [];
    let asked = false;
    const ask = () => {
      if (!asked && waiting.length > 0 && !signal.aborted) whenIdle(work);
      asked = waiting.length > 0;
    };
    const work = (deadline: Pick<IdleDeadline, "timeRemaining">) => {
      while (waiting.length > 0 && deadline.timeRemaining() > ONE_MAP && !signal.aborted)
        this.of(...(waiting.pop() as [number, number]), settings());
      progress();
      asked = false;
      ask();
    };
    this.#prepare = () => {
      waiting = this.#panels.flatMap(({ tokens }, panel) =>
        tokens.map((_, token): [number, number] => [panel, token]),
      );
      ask();
    };
    this.#prepare();
  }

  /** The cached maps of a panel, token by token; computes none. */
  ready(panel: number, settings: MapSettings): readonly (Float32Array | undefined)[] {
    this.#keepOnly(settings);
    return this.#panels[panel].tokens.map((_, token) => this.#made.get(`${panel}:${token}`)?.map);
  }

  /** The aggregated map of several tokens; null if there are none. */
  joint(
    panel: number,
    tokens: readonly number[],
    settings: MapSettings & { readonly aggregate: Aggregate },
  ): Float32Array | null {
    const maps = tokens.map((token) => this.of(panel, token, settings).map);
    if (maps.length < 2) return maps[0] ?? null;
    const key = `${tokens} ${settings.aggregate} ${this.#settings}`;
    const known = this.#joint.get(panel);
    if (known?.key === key) return known.map;
    const map = aggregate(maps, settings.aggregate);
    this.#joint.set(panel, { key, map });
    return map;
  }

  /** The map of an alternative, or with `contrast` the token's map minus it. */
  counterfactual(
    panel: number,
    number: number,
    contrast: boolean,
    settings: MapSettings,
  ): Float32Array {
    this.#keepOnly(settings);
    const key = `${panel}:${number}:${contrast}`;
    const known = this.#counterfactuals.get(key);
    if (known) return known;
    const compute = contrast ? contrastMap : alternativeMap;
    const map = compute(this.#panels[panel], number, attributionOptions(settings));
    this.#counterfactuals.set(key, map);
    return map;
  }

  #make(panel: Panel, token: number, settings: MapSettings): TokenMap {
    const { inBrowser, name } = this.method(settings);
    if (!inBrowser) return { map: carried(panel, token, name), evidence: null };
    const options = attributionOptions(settings);
    const found = evidence(panel, token, options);
    return { map: mapOf(panel, token, found, options), evidence: found };
  }

  /** Drops maps of other settings, which would pile up while a control is dragged. */
  #keepOnly({ method, eci, kernel_size, border }: MapSettings): void {
    const settings = `${method} ${eci} ${kernel_size} ${border}`;
    if (settings === this.#settings) return;
    this.#settings = settings;
    this.#made.clear();
    this.#counterfactuals.clear();
    this.#prepare();
  }
}

/** A token's row of the maps that a panel carries; all zeros if it carries none. */
function carried(panel: Panel, token: number, method: string): Float32Array {
  const visual = panel.activations.length / panel.tokens.length;
  if (!Object.hasOwn(panel.maps, method)) return new Float32Array(visual);
  return panel.maps[method].subarray(token * visual, (token + 1) * visual);
}
