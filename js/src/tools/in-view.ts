/** The word in view, and its map under any settings. */
import { scale as scales } from "../../../tam_widgets/contract.json";
import { type PlacedGrid, place } from "../geometry";
import { gridsOn, type Layer, layerOf, peakOf, shownGrids } from "../layer";
import type { Maps } from "../state/maps";
import { tokensAt } from "../state/shown";
import type { ExplorerSettings } from "../state/store";
import type { Overlay } from "../view/paint";
import type { Opened } from "../view/tools";
import type { Panel, StoredImage, Token } from "../wire";
import { spanText } from "../words";

/** The settings on which maps depend. */
const MATHEMATICS = ["method", "eci", "kernel_size", "border"] as const;

/** Tokens of one panel, shown as one map. */
export interface Span {
  readonly panel: number;
  readonly tokens: readonly number[];
}

/** Whether a token is text of the answer with a letter or a digit. */
export function isReadable({ kind, special, text }: Token): boolean {
  return kind === "answer" && !special && /[\p{L}\p{N}]/u.test(text);
}

/** One picture, or frame, under a map. */
export interface Drawn {
  readonly stored: StoredImage;
  readonly layer: Layer;
  readonly overlay: Overlay | null;
}

export interface Mapped extends Drawn {
  readonly overlay: Overlay;
}

/** Maps of an explorer under settings that need not be its own. */
export class Drawings {
  readonly opened: Opened;
  readonly #maps: Maps;
  readonly #layers = new Map<string, Layer>();
  readonly #grids: readonly PlacedGrid[][];

  constructor(opened: Opened) {
    this.opened = opened;
    // the explorer's own maps are dropped whenever they are asked for under other settings
    this.#maps = opened.maps.another();
    this.#grids = opened.panels.map(({ grids }) => place(grids));
  }

  panel({ panel }: Span): Panel {
    return this.opened.panels[panel];
  }

  text(span: Span): string {
    return spanText(this.panel(span).tokens, span.tokens);
  }

  /** The visible grids of a panel: the tiles or the thumbnail. */
  grids(panel: number, thumbnail: boolean): readonly PlacedGrid[] {
    return shownGrids(this.#grids[panel], thumbnail);
  }

  /** Null if there is no such map. */
  map({ panel, tokens }: Span, settings: ExplorerSettings): Float32Array | null {
    const shown = this.opened.store.of(panel);
    const own = MATHEMATICS.every((name) => settings[name] === shown[name]);
    const maps = own ? this.opened.maps : this.#maps;
    return maps.has(panel, settings, tokens) ? maps.joint(panel, tokens, settings) : null;
  }

  /** The picture on which the map is strongest, under the map. */
  of(span: Span, settings: ExplorerSettings): Mapped | null {
    const map = this.map(span, settings);
    return map && this.under(span, map, settings, this.#maps.method(settings).signed);
  }

  /** The map of another word in the token's place, or the token's minus it. */
  ofAlternative(span: Span, settings: ExplorerSettings): Mapped {
    const [, , other = 0] = settings.counterfactual;
    const map = this.#maps.counterfactual(span.panel, other, settings.contrast, settings);
    return this.under(span, map, settings, settings.contrast);
  }

  /** The picture on which a map is strongest, under that map. */
  under(span: Span, map: Float32Array, settings: ExplorerSettings, diverging: boolean): Mapped {
    const { colormap, opacity, threshold, cells, scale, thumbnail } = settings;
    const grids = this.grids(span.panel, thumbnail);
    const peaks = grids.map((grid) => peakOf(map, [grid]));
    const top = Math.max(0, ...peaks);
    const image = grids[Math.max(0, peaks.indexOf(top))]?.image ?? 0;
    const end = Math.max(scale === "shared" ? 1 : scales.least_end, top);
    const overlay = { map, end, colormap, opacity, threshold, cells, diverging };
    const stored = this.panel(span).images[image];
    return { stored, layer: this.#layer(span.panel, image, thumbnail), overlay };
  }

  /** A picture of a panel, given by its index, under a map or none. */
  on(panel: number, image: number, overlay: Overlay | null): Drawn {
    const { thumbnail } = this.opened.store.settings;
    const stored = this.opened.panels[panel].images[image];
    return { stored, layer: this.#layer(panel, image, thumbnail), overlay };
  }

  #layer(panel: number, image: number, thumbnail: boolean): Layer {
    const key = `${panel} ${image} ${thumbnail}`;
    const known = this.#layers.get(key);
    if (known) return known;
    const grids = shownGrids(gridsOn(this.#grids[panel], image), thumbnail);
    const made = layerOf(this.opened.panels[panel].images[image], grids);
    this.#layers.set(key, made);
    return made;
  }
}

/** Follows the word in view, and stays with the last one when the pointer leaves it. */
export class InView {
  readonly #drawings: Drawings;
  #last: Span | null = null;

  constructor(drawings: Drawings) {
    this.#drawings = drawings;
  }

  /** Null if the answer has no words. */
  get span(): Span | null {
    const { store, words, views } = this.#drawings.opened;
    const { preview, settings } = store;
    const panel = preview?.[0] ?? settings.selected.at(-1)?.[0];
    if (preview) {
      const tokens = tokensAt(preview[1], settings.granularity, words[preview[0]]);
      this.#last = { panel: preview[0], tokens };
    } else if (panel !== undefined) {
      const own = settings.selected.filter(([at]) => at === panel);
      this.#last = { panel, tokens: own.map(([, token]) => token) };
    }
    if (this.#last) return this.#last;
    const rest = views.findIndex((view) => view.sight().tokens.length > 0);
    return rest < 0 ? null : { panel: rest, tokens: views[rest].sight().tokens };
  }
}
