/** Settings that a view shares with Python, each a trait of the model. */

/** The part of anywidget's model that all views use. */
export interface Model {
  get(name: string): unknown;
  set(name: string, value: unknown): void;
  save_changes(): void;
  on(event: string, callback: () => void): void;
  off(event: string, callback: () => void): void;
}

/** Shortest interval in milliseconds between messages to the kernel. */
const SEND_EVERY = 100;

/** Default values by name, of the settings that the contract lists. */
export function defaultsOf(
  settings: Readonly<Record<string, { readonly default: unknown }>>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(settings).map(([name, setting]) => [name, setting.default]),
  );
}

export const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

export class Traits<S extends object> {
  #values: S;
  #sendTimer: number | undefined;
  #unsent = false;
  readonly #defaults: S;
  readonly #model: Model;
  readonly #listeners = new Set<(changed: keyof S) => void>();
  readonly #observed: [event: string, callback: () => void][] = [];

  /** @param defaults a value for every trait, used if the model has none */
  constructor(model: Model, defaults: S, signal: AbortSignal) {
    this.#model = model;
    this.#defaults = defaults;
    this.#values = defaults;
    for (const name of Object.keys(defaults) as (keyof S & string)[]) {
      const changed = () => this.#take(name);
      changed();
      model.on(`change:${name}`, changed);
      this.#observed.push([`change:${name}`, changed]);
    }
    signal.addEventListener("abort", () => this.#close(), { once: true });
  }

  get values(): S {
    return this.#values;
  }

  /** Calls the listener synchronously after every change. */
  subscribe(listener: (changed: keyof S) => void): void {
    this.#listeners.add(listener);
  }

  set<N extends keyof S & string>(name: N, value: S[N]): void {
    if (same(value, this.#values[name])) return;
    this.#model.set(name, value);
    this.#take(name);
    this.#send();
  }

  #take(name: keyof S & string): void {
    const value = this.#model.get(name) ?? this.#defaults[name];
    if (same(value, this.#values[name])) return;
    this.#values = { ...this.#values, [name]: value };
    for (const listener of this.#listeners) listener(name);
  }

  /** Sends the first change immediately, and later ones together after the interval. */
  #send(): void {
    if (this.#sendTimer !== undefined) {
      this.#unsent = true;
      return;
    }
    this.#model.save_changes();
    this.#sendTimer = window.setTimeout(() => {
      this.#sendTimer = undefined;
      if (this.#unsent) this.#flush();
    }, SEND_EVERY);
  }

  #flush(): void {
    this.#unsent = false;
    this.#send();
  }

  #close(): void {
    window.clearTimeout(this.#sendTimer);
    for (const [event, callback] of this.#observed) this.#model.off(event, callback);
    this.#listeners.clear();
    if (this.#unsent) this.#model.save_changes();
  }
}
