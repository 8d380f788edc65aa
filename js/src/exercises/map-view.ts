/** The pictures of a panel under one map, with its legend. */
import { settings as contract } from "../../../tam_widgets/contract.json";
import { LEAST_END } from "../colormaps";
import { element } from "../dom";
import { type PlacedGrid, place, strongestRegion } from "../geometry";
import { peakOf, shownGrids } from "../layer";
import { textOf } from "../texts";
import { Legend } from "../view/legend";
import type { Overlay } from "../view/paint";
import { Pictures } from "../view/pictures";
import type { Panel } from "../wire";
import { spanText } from "../words";

/** A map, and the tokens whose it is. */
export interface Mapped {
  readonly map: Float32Array;
  readonly tokens: readonly number[];
}

/** The tiles of pictures that have both tiles and a thumbnail. */
const VIEW = { thumbnail: false, frame: 0 };

export class MapView {
  readonly element: HTMLElement;
  readonly pictures: Pictures;
  readonly #panel: Panel;
  readonly #grids: readonly PlacedGrid[];
  readonly #legend: Legend;
  readonly #place = element("p", { class: "tam-strongest" });
  #shared = false;
  #mapped: Mapped | null = null;
  #named = false;

  constructor(panel: Panel, signal: AbortSignal) {
    const grids = place(panel.grids);
    this.#panel = panel;
    this.#grids = shownGrids(grids, false);
    this.pictures = new Pictures(panel, grids, () => {}, null, signal);
    this.#legend = new Legend(() => {
      this.#shared = !this.#shared;
      this.draw(this.#mapped, this.#named);
    }, signal);
    this.element = element("div", { class: "tam-map-view" }, [
      element("div", { class: "tam-pictures" }, [this.pictures.element, this.#legend.element]),
      this.#place,
    ]);
    this.draw(null, false);
  }

  /** @param named whether the legend says whose map it is, and how strong */
  draw(mapped: Mapped | null, named: boolean): void {
    this.#mapped = mapped;
    this.#named = named;
    const overlay = mapped && this.#overlay(mapped.map);
    this.pictures.draw(VIEW, overlay);
    this.#place.hidden = !named;
    if (!mapped || !overlay || !named) {
      this.#legend.draw(null); // keeps its room
      return;
    }
    const { tokens, images } = this.#panel;
    const word = spanText(tokens, mapped.tokens);
    const shared = this.#shared && overlay.end === 1;
    const texts = { quantity: textOf("quantity", { word }), unit: textOf("unit") };
    this.#legend.draw({ ...overlay, ...texts, shared, rawPeaks: [], ends: null });
    const where = strongestRegion(mapped.map, this.#grids, images);
    this.#place.textContent = `“${word}” is strongest at: ${where}.`;
  }

  #overlay(map: Float32Array): Overlay {
    const { colormap, opacity, cells } = contract;
    const end = Math.max(this.#shared ? 1 : LEAST_END, peakOf(map, this.#grids));
    return {
      map,
      end,
      colormap: colormap.default,
      opacity: opacity.default,
      cells: cells.default,
      threshold: 0,
      diverging: false,
    };
  }
}
