import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { type Filters, type Notes, passing } from "../../src/gallery/filters";
import { ordered, type Sort } from "../../src/gallery/order";
import { decodeCases, scoreIndex, type WireCases } from "../../src/gallery/samples";

interface GallerySettings {
  readonly score: string;
  readonly sort: Sort;
  readonly descending: boolean;
  readonly filters: Filters;
}

const file = new URL("../../../tests/fixtures/gallery_order.json", import.meta.url);
const made = JSON.parse(readFileSync(file, "utf8")) as {
  cases: WireCases;
  notes: Notes;
  settings: GallerySettings[];
  shown: string[][];
};
const cases = decodeCases(made.cases);

test.each(made.settings.map((settings, i) => [settings, made.shown[i]] as const))(
  "%j shows what Python shows",
  (settings, shown) => {
    const score = scoreIndex(cases, settings.score);
    const found = passing(settings.filters, { cases, notes: made.notes, score });
    const order = ordered(found, cases, { ...settings, score });
    expect(order.map((i) => cases.cases[i].id)).toEqual(shown);
  },
);
