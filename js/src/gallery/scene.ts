/** All that a drawing of the grid depends on. */

import { type Filters, type Notes, passing } from "./filters";
import { focusOf } from "./focus";
import type { Wanted } from "./messages";
import { ordered } from "./order";
import { type Case, type Cases, scoreIndex } from "./samples";
import type { GallerySettings } from "./settings";

export interface Scene {
  readonly cases: Cases;
  /** Indices of the cases shown, in order. */
  readonly order: readonly number[];
  readonly filters: Filters;
  readonly notes: Notes;
  readonly selection: readonly string[];
  /** Index of the score. */
  readonly score: number;
  readonly overlay: boolean;
}

export function sceneOf(cases: Cases, settings: GallerySettings): Scene {
  const { filters, notes, selection, overlay, sort, descending } = settings;
  const score = scoreIndex(cases, settings.score);
  const found = passing(filters, { cases, notes, score });
  const order = ordered(found, cases, { sort, descending, score });
  return { cases, order, filters, notes, selection, score, overlay };
}

/** The same order under other notes, selection or overlay. */
export function withSettings(scene: Scene, { notes, selection, overlay }: GallerySettings): Scene {
  return { ...scene, notes, selection, overlay };
}

/** What pictures a case needs. */
export function wantedOf({ cases, filters }: Scene, one: Case): Wanted {
  return [one.id, ...(focusOf(one, cases, filters) as [number, number?])];
}

/** What pictures a place in the order needs. */
export function wantedAt(scene: Scene, at: number): Wanted {
  return wantedOf(scene, scene.cases.cases[scene.order[at]]);
}
