/** One explanation: its images, its words, its figures. */
import { contextRelevance } from "../attribution";
import { decimal, element } from "../dom";
import { type PlacedGrid, place, strongestRegion } from "../geometry";
import type { Links } from "../links";
import type { Maps } from "../state/maps";
import { shownIn } from "../state/shown";
import type { Store } from "../state/store";
import type { Panel, StoredImage } from "../wire";
import { Details } from "./details";
import { ImageView, type Overlay } from "./image";
import { Legend } from "./legend";
import { Strip, type StripEvents } from "./strip";

/** What all panels of a view share. */
export interface Shared {
  readonly store: Store;
  readonly maps: Maps;
  readonly links: Links;
  readonly signal: AbortSignal;
  /** Moves the keyboard from a panel's token to another panel. */
  readonly leave: (panel: number, token: number, direction: -1 | 1) => void;
}

/** What to do first, on a touch screen or with a mouse. */
const invitation = () =>
  matchMedia("(hover: none)").matches ? "Tap a word." : "Move over a word.";

const peak = (values: Float32Array) => values.reduce((most, value) => Math.max(most, value), 0);

export class PanelView {
  readonly element: HTMLElement;
  readonly strip: Strip;
  readonly #panel: Panel;
  readonly #index: number;
  readonly #shared: Shared;
  readonly #grids: readonly PlacedGrid[];
  readonly #images: readonly ImageView[];
  readonly #legend = new Legend();
  readonly #details = new Details();

  constructor(panel: Panel, index: number, shared: Shared) {
    this.#panel = panel;
    this.#index = index;
    this.#shared = shared;
    this.#grids = place(panel.grids);
    this.#images = panel.images.map((image, i) => this.#imageView(image, i));
    this.strip = new Strip(panel, index, this.#events(), shared.signal);
    this.element = element("section", { class: "tam-panel", aria: { label: panel.title } }, [
      this.#title(),
      this.#pictures(),
      element("div", { class: "tam-text" }, [this.strip.element, this.#details.element]),
    ]);
  }

  /** Resolves when all pictures are decoded. */
  async load(): Promise<void> {
    await Promise.all(this.#images.map((image) => image.load(this.#shared.signal)));
  }

  /** Draws the state of the moment; returns the tokens drawn. */
  draw(): readonly number[] {
    const { store, maps, links } = this.#shared;
    const { settings, preview } = store;
    const inRange = settings.selected.filter(([, token]) => token >= 0);
    const { tokens, missing } = shownIn(this.#index, preview, inRange, links);
    const locked = inRange.filter(([at]) => at === this.#index).map(([, token]) => token);
    const map = maps.joint(this.#index, tokens, settings);
    const overlay = map && this.#overlay(map);
    for (const image of this.#images) image.draw(overlay);
    const token = tokens.at(-1);
    this.strip.mark(tokens, locked, token === undefined ? null : this.#weights(token));
    this.#drawFigures(token, overlay, missing);
    this.element.dataset.drawn = token === undefined ? "" : `${this.#index}:${token}`;
    return tokens;
  }

  /** The map on view, for a threshold computed from it; null where nothing is shown. */
  shownMap(): { map: Float32Array; end: number } | null {
    const { store, maps, links } = this.#shared;
    const { tokens } = shownIn(this.#index, store.preview, store.settings.selected, links);
    const map = maps.joint(this.#index, tokens, store.settings);
    return map && { map, end: this.#overlay(map).end };
  }

  #overlay(map: Float32Array): Overlay {
    const { colormap, opacity, cut, cells, scale } = this.#shared.store.settings;
    return { map, end: scale === "shared" ? 1 : peak(map), colormap, opacity, cut, cells };
  }

  /** Relevance of the context to a token, as shares of the largest. */
  #weights(token: number): Float32Array {
    const relevance = contextRelevance(this.#panel, token);
    const largest = peak(relevance) || 1;
    return relevance.map((value) => value / largest);
  }

  #drawFigures(token: number | undefined, overlay: Overlay | null, missing: boolean): void {
    const { store, maps } = this.#shared;
    const nothing = missing ? "no counterpart in this answer" : invitation();
    if (token === undefined || !overlay) {
      this.#legend.draw(null);
      this.#details.draw(null, null, nothing);
      return;
    }
    const { evidence } = maps.of(this.#index, token, store.settings);
    const { rawPeak } = evidence;
    this.#legend.draw({ ...overlay, rawPeak, shared: store.settings.scale === "shared" });
    const note =
      peak(overlay.map) > 0 ? "" : "Nothing in the image: the words before it explain it.";
    this.#details.draw(this.#panel.tokens[token], evidence, note);
  }

  #events(): StripEvents {
    const { store, leave } = this.#shared;
    return {
      preview: (token) => {
        store.preview = token === null ? null : [this.#index, token];
      },
      toggle: (token) => store.toggle([this.#index, token]),
      release: () => {
        store.preview = null;
        store.set("selected", []);
      },
      leave: (token, direction) => leave(this.#index, token, direction),
      describe: (token) => this.#describe(token),
    };
  }

  #describe(token: number): string {
    const { text, probability } = this.#panel.tokens[token];
    const { map } = this.#shared.maps.of(this.#index, token, this.#shared.store.settings);
    const said = probability === null ? "" : `, probability ${decimal(probability)}`;
    return `${text.trim() || "blank"}${said}, strongest at ${strongestRegion(map, this.#grids)}`;
  }

  #imageView(image: StoredImage, i: number): ImageView {
    const { images, title } = this.#panel;
    const grids = this.#grids.filter((grid) => grid.image === i);
    const time = grids[0]?.time;
    const caption = time
      ? `${decimal(time[0], 1)}–${decimal(time[1], 1)} s`
      : images.length > 1
        ? `image ${i + 1}`
        : "";
    const description = `Picture ${i + 1} of ${images.length} that ${title} answered about`;
    return new ImageView(image, grids, caption, description, this.#shared.signal);
  }

  #title(): HTMLElement {
    const { title, model } = this.#panel;
    const parts: HTMLElement[] = [element("h3", { text: title, title: model })];
    if (this.#images.some((view) => view.hasUnseen))
      parts.push(element("span", { class: "tam-unseen", text: "not seen by the model" }));
    return element("header", { class: "tam-title" }, parts);
  }

  #pictures(): HTMLElement {
    const figures = this.#images.map((view) => view.element);
    const images = element("div", { class: "tam-images" }, figures);
    images.classList.toggle("tam-several", figures.length > 1);
    const [first] = this.#panel.images;
    if (first) images.style.setProperty("--tam-aspect", String(first.width / first.height));
    return element("div", { class: "tam-pictures" }, [images, this.#legend.element]);
  }
}
