/** The state of one view: settings shared with Python through the model, the preview its own. */
import type { Pair } from "../links";
import type { Rect } from "../wire";

/** What anywidget's model offers, as far as it is used here. */
export interface Model {
  get(name: string): unknown;
  set(name: string, value: unknown): void;
  save_changes(): void;
  on(event: string, callback: () => void): void;
  off(event: string, callback: () => void): void;
}

/** The traits of `tam_widgets.widgets.Explorer` that both sides may change. */
export interface Settings {
  readonly selected: readonly Pair[];
  readonly method: string;
  readonly eci: number;
  readonly kernel_size: number;
  readonly opacity: number;
  readonly colormap: string;
  readonly scale: "token" | "shared";
  readonly cut: number;
  readonly cells: boolean;
  /** What pointing and clicking takes. */
  readonly unit: "token" | "word";
  readonly aggregate: Aggregate;
  /** Panel, image, then left, top, right, bottom in pixels of the full-size image; [] for none. */
  readonly box: Box | readonly [];
  /** Panel, token, and the alternative shown in its place; [] for none. */
  readonly instead: Instead | readonly [];
  /** Whether token minus alternative is shown. */
  readonly contrast: boolean;
  readonly frame: number;
  readonly thumbnail: boolean;
}

/** How the maps of several tokens become one. */
export type Aggregate = "max" | "mean" | "first" | "sum";

export type Box = readonly [
  panel: number,
  image: number,
  left: number,
  top: number,
  right: number,
  bottom: number,
];

/** The box on a panel's pictures, or null. */
export function boxIn({ box }: Settings, panel: number): { image: number; rect: Rect } | null {
  if (box.length === 0 || box[0] !== panel) return null;
  const [, image, left, top, right, bottom] = box;
  return { image, rect: [left, top, right, bottom] };
}

export type Instead = readonly [panel: number, token: number, alternative: number];

export type SettingName = keyof Settings;

const DEFAULTS: Settings = {
  selected: [],
  method: "tam",
  eci: 1,
  kernel_size: 3,
  opacity: 0.75,
  colormap: "viridis",
  scale: "token",
  cut: 0,
  cells: false,
  unit: "token",
  aggregate: "max",
  box: [],
  instead: [],
  contrast: false,
  frame: 0,
  thumbnail: false,
};

const NAMES = Object.keys(DEFAULTS) as SettingName[];

/** At most one message in this many milliseconds goes to the kernel while a control is dragged. */
const SEND_EVERY = 100;

/** Hears the name of what has changed. */
export type Listener = (changed: SettingName | "preview") => void;

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

export class Store {
  #settings: Settings = DEFAULTS;
  #preview: Pair | null = null;
  #candidate: Instead | null = null;
  #sendTimer: number | undefined;
  #unsent = false;
  readonly #model: Model;
  readonly #listeners = new Set<Listener>();
  readonly #observed: [event: string, callback: () => void][] = [];

  constructor(model: Model, signal: AbortSignal) {
    this.#model = model;
    for (const name of NAMES) {
      const changed = () => this.#take(name);
      changed();
      model.on(`change:${name}`, changed);
      this.#observed.push([`change:${name}`, changed]);
    }
    signal.addEventListener("abort", () => this.#close(), { once: true });
  }

  get settings(): Settings {
    return this.#settings;
  }

  /** The token pointed at or focused: local to this view, never sent to the kernel. */
  get preview(): Pair | null {
    return this.#preview;
  }

  set preview(pair: Pair | null) {
    if (same(pair, this.#preview)) return;
    this.#preview = pair;
    this.#notify("preview");
  }

  /** What is pointed at among the alternatives of a token, −1 the token itself; local, too. */
  get candidate(): Instead | null {
    return this.#candidate;
  }

  set candidate(candidate: Instead | null) {
    if (same(candidate, this.#candidate)) return;
    this.#candidate = candidate;
    this.#notify("preview");
  }

  /** Calls back, at once and in order, after every change of settings or preview. */
  subscribe(listener: Listener): void {
    this.#listeners.add(listener);
  }

  set<N extends SettingName>(name: N, value: Settings[N]): void {
    if (same(value, this.#settings[name])) return;
    this.#model.set(name, value);
    this.#take(name);
    this.#send();
  }

  /** Locks tokens, or frees them where one of them is locked and no other token is. */
  toggle(pairs: readonly Pair[]): void {
    const { selected } = this.#settings;
    const among = (pair: Pair, all: readonly Pair[]) => all.some((other) => same(other, pair));
    const locked = selected.length > 0 && selected.every((pair) => among(pair, pairs));
    this.lock(locked ? [] : pairs);
  }

  /** Locks these tokens and no other; what stood in another's place goes. */
  lock(pairs: readonly Pair[]): void {
    this.set("instead", []);
    this.set("selected", pairs);
  }

  #take(name: SettingName): void {
    const value = this.#model.get(name) ?? DEFAULTS[name];
    if (same(value, this.#settings[name])) return;
    this.#settings = { ...this.#settings, [name]: value };
    this.#notify(name);
  }

  #notify(changed: SettingName | "preview"): void {
    for (const listener of this.#listeners) listener(changed);
  }

  /** The first change goes out at once, later ones together when the pause is over. */
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
