/** The traits of `tam_widgets.views.gallery.Gallery` that both sides may change. */
import { gallery_settings as settings } from "../../../tam_widgets/contract.json";
import { defaultsOf, type Traits } from "../state/traits";
import { type Filters, NO_FILTERS, type Notes } from "./filters";
import type { Sort } from "./order";

export interface GallerySettings {
  readonly notes: Notes;
  /** Ids of samples; the last one is open in the explorer. */
  readonly selection: readonly string[];
  readonly score: string;
  readonly sort: Sort;
  readonly descending: boolean;
  readonly filters: Filters;
  /** A model and a method per run. */
  readonly runs: readonly (readonly [model: string, method: string])[];
  /** Whether maps are drawn over the pictures. */
  readonly overlay: boolean;
  /** Whether true outlines are drawn over the pictures. */
  readonly outline: boolean;
}

export const DEFAULTS = defaultsOf(settings) as unknown as GallerySettings;

export type GalleryStore = Traits<GallerySettings>;

/** Filters that every sample passes. */
export function noFilters(runs: number): Filters {
  return { ...NO_FILTERS, ranges: new Array(runs).fill(null) };
}

/** Changes some of the filters. */
export function refine(store: GalleryStore, some: Partial<Filters>): void {
  store.set("filters", { ...store.values.filters, ...some });
}
