/** One explanation: its images, its words, its figures. */
import { decimal, element } from "../dom";
import { type PlacedGrid, place } from "../geometry";
import { peak } from "../peak";
import type { Maps } from "../state/maps";
import { type Shown, shownIn, type Text } from "../state/shown";
import { boxIn, type Store } from "../state/store";
import type { Panel, Rect, StoredImage } from "../wire";
import { Brush } from "./brush";
import { ImageView, type Overlay } from "./image";
import { Legend } from "./legend";
import type { Strip } from "./strip";
import { TextView } from "./text";

/** What all panels of a view share. */
export interface Shared extends Text {
  readonly store: Store;
  readonly maps: Maps;
  readonly signal: AbortSignal;
  /** Moves the keyboard from a panel's token to another panel. */
  readonly leave: (panel: number, token: number, direction: -1 | 1) => void;
}

export class PanelView {
  readonly element: HTMLElement;
  readonly #panel: Panel;
  readonly #index: number;
  readonly #shared: Shared;
  readonly #grids: readonly PlacedGrid[];
  readonly #images: readonly ImageView[];
  readonly #legend = new Legend();
  readonly #text: TextView;
  readonly #brushes: readonly Brush[];

  constructor(panel: Panel, index: number, shared: Shared) {
    this.#panel = panel;
    this.#index = index;
    this.#shared = shared;
    this.#grids = place(panel.grids);
    this.#images = panel.images.map((image, i) => this.#imageView(image, i));
    this.#text = new TextView(panel, index, shared);
    this.#brushes = this.#images.map((_, i) => this.#brush(i));
    this.element = element("section", { class: "tam-panel", aria: { label: panel.title } }, [
      this.#title(),
      this.#pictures(),
      this.#text.element,
    ]);
  }

  /** Resolves when all pictures are decoded. */
  async load(): Promise<void> {
    await Promise.all(this.#images.map((image) => image.load(this.#shared.signal)));
    this.strip.revealAnswer();
  }

  get strip(): Strip {
    return this.#text.strip;
  }

  /** Draws the state of the moment. */
  draw(): void {
    const shown = this.#shown();
    const map = this.#map(shown);
    const overlay = map && this.#overlay(map);
    for (const image of this.#images) image.draw(overlay);
    this.#drawLegend(shown.tokens, overlay);
    this.#text.draw(shown, map);
    this.#drawFrames();
  }

  /** Draws the box; nothing else has changed. */
  drawBox(): void {
    this.#text.drawBox();
    this.#drawFrames();
  }

  #drawFrames(): void {
    const box = boxIn(this.#shared.store.settings, this.#index);
    this.#brushes.forEach((brush, i) => {
      brush.draw(box?.image === i ? box.rect : null);
    });
  }

  #brush(image: number): Brush {
    const { store, signal } = this.#shared;
    const events = {
      box: (rect: Rect | null) => store.set("box", rect ? [this.#index, image, ...rect] : []),
      point: (cell: number | null) => this.#text.light(image, cell),
    };
    return new Brush(this.#images[image].canvas, `Picture ${image + 1}`, events, signal);
  }

  /** The map on view, for a threshold computed from it; null where nothing is shown. */
  shownMap(): { map: Float32Array; end: number } | null {
    const map = this.#map(this.#shown());
    return map && { map, end: this.#overlay(map).end };
  }

  #shown(): Shown {
    const { store } = this.#shared;
    return shownIn(this.#index, { ...store.settings, preview: store.preview }, this.#shared);
  }

  #map({ tokens }: Shown): Float32Array | null {
    return this.#shared.maps.joint(this.#index, tokens, this.#shared.store.settings);
  }

  /** Colours end at the map's maximum, or at 1 for all maps: only a sum exceeds that. */
  #overlay(map: Float32Array): Overlay {
    const { colormap, opacity, cut, cells, scale } = this.#shared.store.settings;
    const top = peak(map);
    const end = scale === "shared" ? Math.max(1, top) : top;
    return { map, end, colormap, opacity, cut, cells };
  }

  #drawLegend(tokens: readonly number[], overlay: Overlay | null): void {
    const { store, maps } = this.#shared;
    const peaks = tokens.map((token) => {
      return maps.of(this.#index, token, store.settings).evidence.rawPeak;
    });
    const shared = store.settings.scale === "shared" && overlay?.end === 1;
    this.#legend.draw(overlay && { ...overlay, rawPeak: peak(peaks), shared });
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
