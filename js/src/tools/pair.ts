/** Two panels of a comparison, and what both models saw of their pictures. */

import { place } from "../geometry";
import { gridsOn, type Layer, layerOf, shownGrids } from "../layer";
import { mediaOf } from "../media";
import { ownMethod, panelName } from "../panel-name";
import type { Opened } from "../view/tools";
import type { Grid } from "../wire";
import { type Agreement, agreementOf } from "./agreement";
import { commonRaster, type Raster, Sampler, seenByBoth } from "./common-raster";

/** One picture, or frame, that both panels show. */
export interface Common {
  /** Index of the picture in the first panel. */
  readonly image: number;
  readonly raster: Raster;
  /** What each model saw it through, in words: "24 × 24". */
  readonly shapes: readonly [string, string];
  /** Whether each cell of the raster was seen by both. */
  readonly both: readonly boolean[];
  readonly samplers: readonly [Sampler, Sampler];
}

type Maps = readonly [ArrayLike<number>, ArrayLike<number>];

const times = (rows: number, cols: number) => `${rows}\u00a0×\u00a0${cols}`;

function shapeOf({ surfaces }: Layer): string {
  const [only, ...others] = surfaces;
  return others.length === 0 ? times(only.rows, only.cols) : `${surfaces.length} tiles`;
}

export class Pair {
  readonly panels: readonly [first: number, second: number];
  readonly #opened: Opened;
  readonly #known = new Map<string, Common | null>();

  constructor(opened: Opened, first: number, second: number) {
    this.#opened = opened;
    this.panels = [first, second];
  }

  /** What tells the panels apart: models, methods, both, or else their numbers too. */
  get titles(): readonly [string, string] {
    const { panels } = this.#opened;
    const same = panels.every((panel) => panel === panels[0]);
    const all = panels.map(
      (_, i) => (same && ownMethod(this.#opened, i)) || panelName(this.#opened, i),
    );
    const twice = new Set(all).size < all.length;
    const [first, second] = this.panels.map((panel) =>
      twice ? `${all[panel]} (panel ${panel + 1})` : all[panel],
    );
    return [first, second];
  }

  /** The picture of the second panel that is a picture of the first; −1 if there is none. */
  twin(image: number): number {
    return this.#opened.twinImage(this.panels[0], image, this.panels[1]);
  }

  /** Pictures in view of the first panel, of a video the current frame. */
  inView(): number[] {
    const { panels, store } = this.#opened;
    return mediaOf(panels[this.panels[0]].images).map(({ first, count, isVideo, start }) => {
      const frame = Math.min(count - 1, Math.max(0, store.settings.frame - start));
      return isVideo ? first + frame : first;
    });
  }

  /** What both saw of a picture of the first panel; null if they saw no common part. */
  on(image: number): Common | null {
    const key = `${image} ${this.#opened.store.settings.thumbnail}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const made = this.#find(image);
    this.#known.set(key, made);
    return made;
  }

  #find(image: number): Common | null {
    const { panels, store } = this.#opened;
    const places = [image, this.twin(image)];
    if (places[1] < 0) return null;
    const grids = this.panels.map((panel, i) =>
      gridsOn(shownGrids(place(panels[panel].grids), store.settings.thumbnail), places[i]),
    );
    const raster = commonRaster(grids[0], grids[1]);
    if (!raster) return null;
    const samplers = [new Sampler(grids[0], raster), new Sampler(grids[1], raster)] as const;
    const both = seenByBoth(...samplers);
    const [first, second] = grids.map((own, i) =>
      shapeOf(layerOf(panels[this.panels[i]].images[places[i]], own)),
    );
    return both.includes(true) ? { image, raster, shapes: [first, second], both, samplers } : null;
  }

  /** How far two maps agree, over all common pictures; null if there is no common part. */
  agreement(maps: Maps): Agreement | null {
    const { images } = this.#opened.panels[this.panels[0]];
    const common = images.flatMap((_, image) => this.on(image) ?? []);
    if (common.length === 0) return null;
    const [first, second] = maps.map((map, i) => {
      const values = common.map(({ samplers, both }) =>
        samplers[i as 0 | 1].values(map).filter((_, cell) => both[cell]),
      );
      return Float64Array.from(values.flatMap((part) => [...part]));
    });
    return agreementOf(first, second);
  }

  /**
   * The first map minus the second on the common raster, 0 where not both saw the picture.
   * @param ends what each map is divided by
   */
  difference({ samplers, both }: Common, maps: Maps, ends: readonly number[]): Float32Array {
    const [first, second] = maps.map((map, i) => samplers[i as 0 | 1].values(map));
    return Float32Array.from(both, (seen, cell) =>
      seen ? first[cell] / ends[0] - second[cell] / ends[1] : 0,
    );
  }
}

/** In words, from what to what the two grids were resampled. */
export function resampling({ shapes: [first, second], raster }: Common): string {
  const common = times(raster.rows, raster.cols);
  if (first === second && first === common) return `both are ${common}`;
  return `${first} and ${second} resampled to ${common}`;
}

/** A common raster as the only grid of a picture. */
export function asGrid({ image, raster }: Common): Grid {
  return { ...raster, image, time: null, frames: 1, thumbnail: false };
}
