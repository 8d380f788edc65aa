/** Maps of all panels under the settings of the moment, computed when first asked for. */
import { type Evidence, evidence, tokenActivationMap } from "../attribution";
import { attributionOptions } from "../methods";
import type { Panel } from "../wire";

export interface MapSettings {
  readonly method: string;
  readonly eci: number;
  readonly kernel_size: number;
}

export class Maps {
  readonly #panels: readonly Panel[];
  #settings = "";
  readonly #maps = new Map<string, Float32Array>();
  readonly #evidence = new Map<string, Evidence>();

  constructor(panels: readonly Panel[]) {
    this.#panels = panels;
  }

  /** A token's map, 0 to 1 for every visual token. */
  map(panel: number, token: number, settings: MapSettings): Float32Array {
    return this.#cached(this.#maps, tokenActivationMap, panel, token, settings);
  }

  /** How the token's evidence splits between image and text. */
  evidence(panel: number, token: number, settings: MapSettings): Evidence {
    return this.#cached(this.#evidence, evidence, panel, token, settings);
  }

  /** The joint map of several tokens: the largest value of each cell; null for no token. */
  joint(panel: number, tokens: readonly number[], settings: MapSettings): Float32Array | null {
    const [first, ...others] = tokens.map((token) => this.map(panel, token, settings));
    if (!first || others.length === 0) return first ?? null;
    return first.map((value, v) => others.reduce((most, map) => Math.max(most, map[v]), value));
  }

  #cached<T>(
    cache: Map<string, T>,
    compute: (record: Panel, token: number, options: ReturnType<typeof attributionOptions>) => T,
    panel: number,
    token: number,
    { method, eci, kernel_size }: MapSettings,
  ): T {
    this.#keepOnly(`${method} ${eci} ${kernel_size}`);
    const key = `${panel}:${token}`;
    const known = cache.get(key);
    if (known !== undefined) return known;
    const options = attributionOptions(method, eci, kernel_size);
    const made = compute(this.#panels[panel], token, options);
    cache.set(key, made);
    return made;
  }

  #keepOnly(settings: string): void {
    if (settings === this.#settings) return;
    this.#settings = settings;
    this.#maps.clear();
    this.#evidence.clear();
  }
}
