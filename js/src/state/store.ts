/** The state of one view: settings are shared with Python, the preview is local. */
import { settings } from "../../../tam_widgets/contract.json";
import type { Pair } from "../links";
import type { MapSettings } from "../methods";
import type { Rect } from "../wire";
import { defaultsOf, type Model, same, Traits } from "./traits";

export type { Model };

/** The traits of `tam_widgets.views.Explorer` that both sides may change. */
export interface ExplorerSettings extends MapSettings {
  readonly selected: readonly Pair[];
  /** A method for each panel, in the place of `method`; [] for that in all of them. */
  readonly methods: readonly string[];
  readonly opacity: number;
  readonly colormap: string;
  readonly scale: "token" | "shared";
  readonly threshold: number;
  readonly cells: boolean;
  /** What pointing and clicking select. */
  readonly granularity: "token" | "word";
  readonly aggregate: Aggregate;
  /** Panel, image, then left, top, right, bottom in pixels of the full-size image; [] for none. */
  readonly box: Box | readonly [];
  /** Panel, token, and the alternative shown in its place; [] for none. */
  readonly counterfactual: Counterfactual | readonly [];
  /** Whether token minus alternative is shown. */
  readonly contrast: boolean;
  readonly frame: number;
  readonly thumbnail: boolean;
  /** Whether the true outlines of objects are drawn, where they are known. */
  readonly outline: boolean;
  /** Whether bars show how much of each word's probability the picture carries, where known. */
  readonly reliance: boolean;
  /** The decoder layer whose map of a locked word is shown; 0 for the last. */
  readonly layer: number;
}

/** Aggregation of the maps of several tokens into one. */
export type Aggregate = "max" | "mean" | "first" | "sum";

export type Box = readonly [
  panel: number,
  image: number,
  left: number,
  top: number,
  right: number,
  bottom: number,
];

/** Index, in another panel, of a panel's picture; −1 if it is not there. */
export type TwinImage = (panel: number, image: number, other: number) => number;

/** The box on a panel's pictures, drawn on it or on the same picture of another panel, or null. */
export function boxIn(
  { box }: ExplorerSettings,
  panel: number,
  twinImage: TwinImage,
): { image: number; rect: Rect } | null {
  if (box.length === 0) return null;
  const [from, drawnOn, left, top, right, bottom] = box;
  const image = twinImage(from, drawnOn, panel);
  return image < 0 ? null : { image, rect: [left, top, right, bottom] };
}

/** A place on a picture, in pixels of the full-size image. */
export interface Pointer {
  readonly panel: number;
  readonly image: number;
  readonly x: number;
  readonly y: number;
}

export type Counterfactual = readonly [panel: number, token: number, alternative: number];

export type SettingName = keyof ExplorerSettings;

const DEFAULTS = defaultsOf(settings) as unknown as ExplorerSettings;

/** What has changed. */
export type Change = SettingName | "preview" | "pointer";

export type Listener = (changed: Change) => void;

export class ExplorerStore {
  #preview: Pair | null = null;
  #candidate: Counterfactual | null = null;
  #pointer: Pointer | null = null;
  readonly #traits: Traits<ExplorerSettings>;
  readonly #listeners = new Set<Listener>();

  constructor(model: Model, signal: AbortSignal) {
    this.#traits = new Traits(model, DEFAULTS, signal);
    this.#traits.subscribe((name) => this.#notify(name));
    signal.addEventListener("abort", () => this.#listeners.clear(), { once: true });
  }

  get settings(): ExplorerSettings {
    return this.#traits.values;
  }

  /** The settings of one panel, whose method may be its own. */
  of(panel: number): ExplorerSettings {
    const { settings } = this;
    return { ...settings, method: settings.methods[panel] ?? settings.method };
  }

  /** The token that is pointed at or focused: local, never sent to the kernel. */
  get preview(): Pair | null {
    return this.#preview;
  }

  set preview(pair: Pair | null) {
    if (same(pair, this.#preview)) return;
    this.#preview = pair;
    this.#notify("preview");
  }

  /** The alternative that is pointed at, or −1 for the token itself: also local. */
  get candidate(): Counterfactual | null {
    return this.#candidate;
  }

  set candidate(candidate: Counterfactual | null) {
    if (same(candidate, this.#candidate)) return;
    this.#candidate = candidate;
    this.#notify("preview");
  }

  /** The place on a picture that is pointed at: also local. */
  get pointer(): Pointer | null {
    return this.#pointer;
  }

  set pointer(pointer: Pointer | null) {
    if (same(pointer, this.#pointer)) return;
    this.#pointer = pointer;
    this.#notify("pointer");
  }

  /** Calls the listener synchronously after every change of settings or of what is pointed at. */
  subscribe(listener: Listener): void {
    this.#listeners.add(listener);
  }

  set<N extends SettingName>(name: N, value: ExplorerSettings[N]): void {
    this.#traits.set(name, value);
  }

  /** Locks tokens, or unlocks them if only tokens among them are locked. */
  toggle(pairs: readonly Pair[]): void {
    const { selected } = this.settings;
    const among = (pair: Pair, all: readonly Pair[]) => all.some((other) => same(other, pair));
    const locked = selected.length > 0 && selected.every((pair) => among(pair, pairs));
    this.lock(locked ? [] : pairs);
  }

  /** Locks only these tokens, and removes any counterfactual. */
  lock(pairs: readonly Pair[]): void {
    this.set("counterfactual", []);
    this.set("selected", pairs);
  }

  #notify(changed: Change): void {
    for (const listener of this.#listeners) listener(changed);
  }
}
