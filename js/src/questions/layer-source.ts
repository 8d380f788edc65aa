/** Fetches tokens at all layers: from the page, or from the kernel, one question at a time. */
import { LruCache } from "../lru-cache";
import type { Buffer } from "../wire";
import type { Reply, Running } from "./client";
import { decodeToken, type SentLayers, type TokenLayers } from "./layer-data";
import type { Place } from "./question";

export const NAME = "layers";

/** Most tokens that are kept decoded: of a long answer with many cells they fill some megabytes. */
const KEPT = 48;

/** Tokens of one panel at all layers. */
export class LayerSource {
  readonly #place: Place;
  readonly #decoded = new LruCache<TokenLayers>(KEPT);
  #layers: readonly number[] = [];
  #running: Running | null = null;

  constructor(place: Place) {
    this.#place = place;
  }

  /** Numbers of the layers, the last one at the end; empty until they are known. */
  get layers(): readonly number[] {
    return this.#layers;
  }

  /** Whether all tokens can be had. */
  offers(tokens: readonly number[]): boolean {
    if (this.#place.asks(NAME)) return true;
    const sent = this.#carried?.tokens ?? [];
    return tokens.every((token) => sent.some((one) => one.token === token));
  }

  /** Tokens at all layers; null if some are not here yet. */
  get(tokens: readonly number[]): readonly TokenLayers[] | null {
    if (this.#carried) this.#read(tokens);
    const found = tokens.map((token) => this.#decoded.get(String(token)));
    return found.every((one) => one !== undefined) ? found : null;
  }

  /**
   * Asks the kernel for tokens; while it still answers another question, does nothing.
   * @returns the question, or null
   */
  ask(tokens: readonly number[]): Promise<void> | null {
    if (this.#running) return null;
    const running = this.#place.ask(NAME, { tokens });
    this.#running = running;
    return running.answer
      .then((reply) => this.#take(reply))
      .finally(() => {
        this.#running = null;
      });
  }

  stop(): void {
    this.#running?.stop();
  }

  get #carried(): SentLayers | undefined {
    return this.#place.known<SentLayers>(NAME);
  }

  /** Decodes tokens that the page carries. */
  #read(tokens: readonly number[]): void {
    const { layers, tokens: sent } = this.#carried as SentLayers;
    this.#layers = layers;
    const buffers = this.#place.model.get("_buffers") as readonly Buffer[];
    for (const one of sent)
      if (tokens.includes(one.token) && !this.#decoded.get(String(one.token)))
        this.#keep(one, buffers);
  }

  #take({ data, buffers }: Reply): void {
    const { layers, tokens } = data as SentLayers;
    this.#layers = layers;
    for (const one of tokens) this.#keep(one, buffers);
  }

  #keep(one: SentLayers["tokens"][number], buffers: readonly Buffer[]): void {
    const count = this.#place.panel.tokens.length;
    this.#decoded.set(String(one.token), decodeToken(one, buffers[one.buffer], count));
  }
}
