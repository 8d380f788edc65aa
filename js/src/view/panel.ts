/** One explanation: its images, text and details. */
import { rawPeak } from "../alternatives";
import { ENDS, LEAST_END } from "../colormaps";
import { button } from "../controls";
import { element } from "../dom";
import { type PlacedGrid, place } from "../geometry";
import { hasThumbnails, peakOf, shownGrids, valuesOf } from "../layer";
import type { Pair } from "../links";
import { peak } from "../peak";
import { alternativeIn, type Replaced, type Shown, type Sight, shownIn } from "../state/shown";
import { boxIn, type ExplorerSettings } from "../state/store";
import { textOf } from "../texts";
import type { Panel, Rect } from "../wire";
import { spanText } from "../words";
import { namesOf } from "./counterfactual";
import type { PictureView } from "./image";
import { Legend, type Scale } from "./legend";
import type { Overlay } from "./paint";
import { PictureGestures, type Place } from "./picture-gestures";
import { Pictures } from "./pictures";
import type { Shared } from "./shared";
import { TextView } from "./text";
import type { TokenStrip } from "./token-strip";

/** A map in place of the tokens' own. */
export interface Replacement extends Replaced {
  readonly map: Float32Array;
}

export class PanelView {
  readonly element: HTMLElement;
  readonly #panel: Panel;
  readonly #index: number;
  readonly #shared: Shared;
  readonly #grids: readonly PlacedGrid[];
  readonly #pictures: Pictures;
  readonly #thumbnail: HTMLButtonElement | null;
  readonly #legend: Legend;
  readonly #text: TextView;
  readonly #gestures: readonly PictureGestures[];
  /** Gives another map in place of that of some tokens, such as an earlier layer's, or null. */
  replaced: (tokens: readonly number[]) => Replacement | null = () => null;
  /** The cell that is pointed at, as an index into a token's map. */
  #pointed: number | undefined;

  constructor(panel: Panel, index: number, shared: Shared) {
    this.#panel = panel;
    this.#index = index;
    this.#shared = shared;
    this.#grids = place(panel.grids);
    const go = (frame: number) => shared.store.set("frame", frame);
    const { store, signal } = shared;
    const rescale = () =>
      store.set("scale", store.settings.scale === "shared" ? "token" : "shared");
    this.#legend = new Legend(rescale, signal);
    this.#pictures = new Pictures(panel, this.#grids, go, shared.Video, shared.signal);
    this.#thumbnail = hasThumbnails(this.#grids) ? this.#thumbnailButton() : null;
    const inView = (image: number) =>
      this.#pictures.views.find((view) => view.holds(image))?.image ?? image;
    this.#text = new TextView(panel, index, shared, () => this.#shownGrids(), inView);
    this.#gestures = this.#pictures.views.map((view) => this.#listenTo(view));
    const label = index > 0 ? `${panel.title}, panel ${index + 1}` : panel.title;
    this.element = element("section", { class: "tam-panel", aria: { label } }, [
      this.#title(),
      element("div", { class: "tam-pictures" }, [this.#pictures.element, this.#legend.element]),
      this.#text.element,
    ]);
  }

  /** Resolves when all pictures are decoded. */
  async load(): Promise<void> {
    await this.#pictures.load(this.#shared.signal);
    this.strip.revealAnswer();
  }

  get strip(): TokenStrip {
    return this.#text.strip;
  }

  get #settings(): ExplorerSettings {
    return this.#shared.store.of(this.#index);
  }

  /** Shows another frame of the videos; nothing else has changed. */
  showFrame(): void {
    this.#pictures.showFrame(this.#shared.store.settings);
    if (this.#box) this.drawBox();
  }

  /** Draws the current state. */
  draw(): void {
    const sight = this.sight();
    const overlay = sight.map && this.overlay(sight);
    const settings = this.#settings;
    this.#pictures.draw(settings, overlay);
    this.#thumbnail?.setAttribute("aria-pressed", String(settings.thumbnail));
    this.#legend.draw(overlay && this.scale(sight, overlay));
    this.#text.draw(sight);
    this.#drawFrames();
  }

  /** Draws the box; nothing else has changed. */
  drawBox(): void {
    this.#text.drawBox();
    this.#drawFrames();
  }

  get #box() {
    return boxIn(this.#shared.store.settings, this.#index, this.#shared.twinImage);
  }

  /** Shows the value at the place that is pointed at, on this or another panel's picture. */
  showPointer(): void {
    const at = this.#shared.store.pointer;
    const image = at ? this.#shared.twinImage(at.panel, at.image, this.#index) : -1;
    let pointed: number | undefined;
    for (const view of this.#pictures.views) {
      const place = view.image === image ? at : null;
      view.canvas.point(place);
      if (place) pointed = view.canvas.cellAt(place.x, place.y)?.index;
    }
    if (pointed !== this.#pointed) this.#text.light(image, pointed);
    this.#pointed = pointed;
  }

  #drawFrames(): void {
    const box = this.#box;
    this.#pictures.views.forEach((view, i) => {
      this.#gestures[i].draw(box && view.holds(box.image) ? box.rect : null);
    });
  }

  #listenTo(view: PictureView): PictureGestures {
    const { store, signal } = this.#shared;
    const events = {
      box: (rect: Rect | null) => store.set("box", rect ? [this.#index, view.image, ...rect] : []),
      point: (place: Place | null) => {
        store.pointer = place && { panel: this.#index, image: view.image, ...place };
      },
    };
    return new PictureGestures(view.canvas, view.name, events, signal);
  }

  /** The visible map, to compute a threshold from; null if there is none. */
  shownMap(): { map: Float32Array; end: number } | null {
    const sight = this.sight();
    const map = sight.map && valuesOf(sight.map, this.#shownGrids()).map(Math.abs);
    return map && { map, end: this.overlay(sight).end };
  }

  /** The tokens in view, given what is pointed at. */
  chosen(preview: Pair | null): Shown {
    return shownIn(this.#index, { ...this.#shared.store.settings, preview }, this.#shared);
  }

  /** What is in view. */
  sight(): Sight {
    const { store, maps } = this.#shared;
    const settings = this.#settings;
    const shown = this.chosen(store.preview);
    const { counterfactual } = settings;
    const found = alternativeIn(this.#index, shown, store.candidate, counterfactual, this.#shared);
    const lacking = found !== null && (found < 0 || !maps.method(settings).alternatives);
    const alternative = lacking ? null : found;
    const contrast = alternative !== null && settings.contrast;
    const sight = { ...shown, alternative, lacking, contrast };
    const replaced = alternative === null && this.replaced(shown.tokens);
    if (replaced) return { ...sight, ...replaced };
    if (!maps.has(this.#index, settings, shown.tokens)) return { ...sight, map: null };
    const map =
      alternative === null
        ? maps.joint(this.#index, shown.tokens, settings)
        : maps.counterfactual(this.#index, alternative, contrast, settings);
    return { ...sight, map };
  }

  /** The scale ends at the map's own maximum, or at 1 for all maps; only sums exceed 1. */
  overlay({ map, contrast }: Sight): Overlay {
    const settings = this.#settings;
    const { signed } = this.#shared.maps.method(settings);
    const { colormap, opacity, threshold, cells, scale } = settings;
    const values = map as Float32Array;
    const top = peakOf(values, this.#shownGrids());
    const end = Math.max(scale === "shared" ? 1 : LEAST_END, top);
    return { map: values, end, colormap, opacity, threshold, cells, diverging: contrast || signed };
  }

  scale({ tokens, alternative, contrast, evidence, ...sight }: Sight, overlay: Overlay): Scale {
    const { maps } = this.#shared;
    const settings = this.#settings;
    const own = tokens.flatMap(
      (token) => (evidence ?? maps.of(this.#index, token, settings).evidence)?.rawPeak ?? [],
    );
    const other = alternative === null ? [] : [rawPeak(this.#panel, alternative)];
    const rawPeaks = contrast
      ? [...own, ...other]
      : alternative === null
        ? own.slice(0, 1).map(() => peak(own))
        : other;
    const shared = settings.scale === "shared" && overlay.end === 1;
    const signed: Scale["ends"] = overlay.diverging ? ENDS : null;
    const ends = contrast ? namesOf(this.#panel, tokens[0], alternative as number) : signed;
    const { inBrowser, label } = maps.method(settings);
    const shown = spanText(this.#panel.tokens, tokens);
    const word =
      alternative === null || contrast ? shown : namesOf(this.#panel, tokens[0], alternative)[1];
    const alone = inBrowser && settings.methods.length === 0;
    const quantity =
      sight.quantity ?? textOf(alone ? "quantity" : "quantity_of", { word, method: label });
    const unit = inBrowser && !contrast ? textOf("unit") : "";
    return { ...overlay, shared, rawPeaks, ends, quantity: contrast ? "" : quantity, unit };
  }

  /** The visible grids: the tiles or the thumbnail. */
  #shownGrids(): readonly PlacedGrid[] {
    return shownGrids(this.#grids, this.#settings.thumbnail);
  }

  #title(): HTMLElement {
    const { title, model } = this.#panel;
    const parts: HTMLElement[] = [element("h2", { text: title, title: model })];
    if (this.#pictures.hasUnseen)
      parts.push(element("span", { class: "tam-unseen", text: "not seen by the model" }));
    if (this.#thumbnail) parts.push(this.#thumbnail);
    return element("header", { class: "tam-title" }, parts);
  }

  #thumbnailButton(): HTMLButtonElement {
    const { store, signal } = this.#shared;
    const title = "Shows the map of the downscaled whole picture instead of its tiles";
    const toggle = () => store.set("thumbnail", !store.settings.thumbnail);
    return button("thumbnail", title, toggle, signal);
  }
}
