/** The same noun in the second run's answer, as in Python. */
import { expect, test } from "vitest";
import { NO_FILTERS } from "../../src/gallery/filters";
import { focusOf } from "../../src/gallery/focus";
import type { Measurement } from "../../src/gallery/samples";
import { fixture } from "../fixture";
import { DATA } from "./made";

type Named = readonly [text: string, category: number];

function measured(nouns: readonly Named[], worst: number): Measurement {
  const named = nouns.map(([text, category]) => ({ text, category, iou: null }));
  return { scores: [], signatures: [], nouns: named, worst, missed: [], error: null };
}

test.each(fixture<{ noun: Named; nouns: Named[]; twin: number | null }[]>("noun_twins"))(
  "of $noun among $nouns is $twin",
  ({ noun, nouns, twin }) => {
    const runs = [measured([["thing", -1], noun], 1), measured(nouns, -1)];
    expect(focusOf({ id: "a", runs }, DATA, NO_FILTERS)).toEqual([1, twin ?? -1]);
  },
);
