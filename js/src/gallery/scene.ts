/** Everything that a drawing of the gallery depends on. */

import { type Filters, type Notes, passing } from "./filters";
import { focusOf } from "./focus";
import type { Wanted } from "./messages";
import { ordered } from "./order";
import { type GalleryData, type Sample, scoreIndex } from "./samples";
import type { GallerySettings } from "./settings";

export interface Scene {
  readonly data: GalleryData;
  /** Indices of the samples shown, in order. */
  readonly order: readonly number[];
  readonly filters: Filters;
  readonly notes: Notes;
  readonly selection: readonly string[];
  /** Index of the score. */
  readonly score: number;
  readonly overlay: boolean;
  readonly outline: boolean;
}

export function sceneOf(data: GalleryData, settings: GallerySettings): Scene {
  const { filters, notes, selection, overlay, outline, sort, descending } = settings;
  const score = scoreIndex(data, settings.score);
  const found = passing(filters, { data, notes, score });
  const order = ordered(found, data, { sort, descending, score });
  return { data, order, filters, notes, selection, score, overlay, outline };
}

/** The same order under other notes or another selection, drawn otherwise. */
export function withSettings(scene: Scene, settings: GallerySettings): Scene {
  const { notes, selection, overlay, outline } = settings;
  return { ...scene, notes, selection, overlay, outline };
}

/** The pictures that a sample needs. */
export function wantedOf({ data, filters }: Scene, one: Sample): Wanted {
  return [one.id, ...(focusOf(one, data, filters) as [number, number?])];
}

/** The pictures that a position in the order needs. */
export function wantedAt(scene: Scene, at: number): Wanted {
  return wantedOf(scene, scene.data.samples[scene.order[at]]);
}
