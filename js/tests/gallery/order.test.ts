import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { type Filters, type Notes, passing } from "../../src/gallery/filters";
import { ordered, type Sort } from "../../src/gallery/order";
import { decodeGallery, scoreIndex, type WireGallery } from "../../src/gallery/samples";

interface GallerySettings {
  readonly score: string;
  readonly sort: Sort;
  readonly descending: boolean;
  readonly filters: Filters;
}

const file = new URL("../../../tests/fixtures/gallery_order.json", import.meta.url);
const made = JSON.parse(readFileSync(file, "utf8")) as {
  listing: WireGallery;
  notes: Notes;
  settings: GallerySettings[];
  shown: string[][];
};
const data = decodeGallery(made.listing);

test.each(made.settings.map((settings, i) => [settings, made.shown[i]] as const))(
  "%j shows what Python shows",
  (settings, shown) => {
    const score = scoreIndex(data, settings.score);
    const found = passing(settings.filters, { data, notes: made.notes, score });
    const order = ordered(found, data, { ...settings, score });
    expect(order.map((i) => data.samples[i].id)).toEqual(shown);
  },
);
