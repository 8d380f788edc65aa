/** A small made-up gallery. */
import { decodeCases, type WireCases } from "../../src/gallery/samples";

type WireCase = WireCases["cases"][number];
type WireSide = NonNullable<WireCase["sides"][number]>;
type Words = WireSide["w"];

export function measured(value: number | null, w: Words = [], more: object = {}): WireSide {
  return { s: [value, null], g: [], w, k: w.length - 1, m: [], ...more };
}

export function wire(cases: readonly WireCase[]): WireCases {
  const summary = { f1_iou: 0.4, low: 0.3, high: 0.5, obj_iou: 0.3, func_iou: 0.7 };
  const side = { model: "m", method: "tam", models: ["m"], methods: ["tam"] };
  const about = { summary: { ...summary, samples: cases.length, failed: 0 }, ...side };
  return {
    version: 1,
    dataset: "made",
    scores: [
      { name: "f1_iou", label: "F1-IoU" },
      { name: "recall", label: "recall" },
    ],
    signatures: [
      { name: "text-driven", meaning: "text outweighs the image" },
      { name: "object missed", meaning: "not named" },
    ],
    categories: ["cat", "dog", "hot dog"],
    sides: [
      { title: "A", ...about },
      { title: "B", ...about },
    ],
    cases,
  };
}

/** Five samples; the last was not measured, the fourth by one side only. */
export const CASES = decodeCases(
  wire([
    { id: "a", sides: [measured(0.5, [["Cat", 0, 0.5]]), measured(0.9)] },
    { id: "b", sides: [measured(0.1, [["dog", 1, 0.1]], { g: [0], m: [0] }), measured(0.2)] },
    {
      id: "c",
      sides: [
        measured(0.3, [
          ["hot dog", 2, 0.4],
          ["dogs", 1, 0.2],
          ["dog", 1, 0.6],
        ]),
        measured(0.1),
      ],
    },
    { id: "d", sides: [measured(0.3, [["table", -1, null]], { g: [0, 1] }), null] },
    { id: "e", sides: [measured(null, [], { e: "the image cannot be read" }), measured(0.7)] },
  ]),
);
