/** A small made-up gallery. */
import { gallery_version } from "../../../tam_widgets/contract.json";
import { decodeGallery, type WireGallery } from "../../src/gallery/samples";

type WireMeasurement = NonNullable<WireGallery["samples"][number]["runs"][number]>;
type Words = WireMeasurement["w"];

export type MadeSample = WireGallery["samples"][number];

export function measured(value: number | null, w: Words = [], more: object = {}): WireMeasurement {
  return { s: [value, null], g: [], w, k: w.length - 1, m: [], ...more };
}

/** @param more of every run, such as the models that may be chosen */
export function wire(samples: readonly MadeSample[], more: object = {}): WireGallery {
  const summary = { f1_iou: 0.4, low: 0.3, high: 0.5, obj_iou: 0.3, func_iou: 0.7 };
  const run = { model: "m", method: "tam", models: ["m"], methods: ["tam"] };
  const about = { summary: { ...summary, samples: samples.length, failed: 0 }, ...run, ...more };
  const count = samples[0]?.runs.length ?? 1;
  return {
    version: gallery_version,
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
    runs: ["A", "B"].slice(0, count).map((title) => ({ title, ...about })),
    samples,
  };
}

/** Five samples; the last was not measured, the fourth by one run only. */
export const SAMPLES: readonly MadeSample[] = [
  { id: "a", runs: [measured(0.5, [["Cat", 0, 0.5]]), measured(0.9)] },
  { id: "b", runs: [measured(0.1, [["dog", 1, 0.1]], { g: [0], m: [0] }), measured(0.2)] },
  {
    id: "c",
    runs: [
      measured(0.3, [
        ["hot dog", 2, 0.4],
        ["dogs", 1, 0.2],
        ["dog", 1, 0.6],
      ]),
      measured(0.1),
    ],
  },
  { id: "d", runs: [measured(0.3, [["table", -1, null]], { g: [0, 1] }), null] },
  { id: "e", runs: [measured(null, [], { e: "the image cannot be read" }), measured(0.7)] },
];

export const DATA = decodeGallery(wire(SAMPLES));
