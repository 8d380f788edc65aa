/** Turns a golden case (hidden states and classifier) into the record that maps are made of. */
import type { AttributionRecord } from "../src/attribution";
import { type Array_, readNpz } from "./npz";

export interface GoldenCase {
  readonly record: AttributionRecord;
  readonly rawActivations: ArrayLike<number>;
  readonly expected: Uint8Array;
  readonly reference: Uint8Array;
  readonly promptCount: number;
}

/** relu(hidden[positions] · classifier[id]), in double precision, stored as float32. */
function project(
  hidden: Array_,
  positions: number[],
  classifier: Array_,
  id: number,
): Float32Array {
  const width = hidden.shape[1];
  return Float32Array.from(positions, (position) => {
    let sum = 0;
    for (let c = 0; c < width; c++)
      sum += hidden.data[position * width + c] * classifier.data[id * width + c];
    return Math.max(sum, 0);
  });
}

function predictedClass(hidden: Array_, position: number, classifier: Array_): number {
  let best = 0;
  let largest = Number.NEGATIVE_INFINITY;
  const width = hidden.shape[1];
  for (let id = 0; id < classifier.shape[0]; id++) {
    let logit = 0;
    for (let c = 0; c < width; c++)
      logit += hidden.data[position * width + c] * classifier.data[id * width + c];
    if (logit > largest) [best, largest] = [id, logit];
  }
  return best;
}

const range = (start: number, end: number) =>
  Array.from({ length: end - start }, (_, i) => start + i);

/** A video (frames, h, w) is one grid a frame; several images are listed one after the other. */
function grids({ shape, data }: Array_): { rows: number; cols: number }[] {
  const sizes = Array.from(data);
  if (shape.length === 2)
    return range(0, shape[0]).map((n) => ({ rows: sizes[2 * n], cols: sizes[2 * n + 1] }));
  const [cols, rows, frames = 1] = sizes.reverse();
  return range(0, frames).map(() => ({ rows, cols }));
}

function concatRows(rows: Float32Array[], width: number): Float32Array {
  const all = new Float32Array(rows.length * width);
  rows.forEach((values, i) => {
    all.set(values, i * width);
  });
  return all;
}

const concat = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Uint8Array.from([...Array.from(a), ...Array.from(b)]);

export function goldenCase(path: string): GoldenCase {
  const file = readNpz(path);
  const { hidden, lm_head: classifier } = file;
  const inputs = Array.from(file.input_ids.data);
  const answers = Array.from(file.answer_ids.data);
  const [promptStart, promptEnd] = Array.from(file.prompt_span.data);
  const [imageStart, imageEnd] = Array.from(file.image_span.data);
  const visual = range(imageStart, imageEnd);
  const ids = [...inputs.slice(promptStart, promptEnd), ...answers];
  const promptCount = promptEnd - promptStart;
  const positions = [
    ...range(promptStart, promptEnd),
    ...answers.map((_, i) => inputs.length - 1 + i),
  ];
  const classes = [predictedClass(hidden, promptStart, classifier), ...ids.slice(1)];
  const lastInput = inputs[inputs.length - 1];
  const rows = (at: number[]) => classes.map((id) => project(hidden, at, classifier, id));
  const record: AttributionRecord = {
    tokens: ids.map((id, i) => ({ id, kind: i < promptCount ? "prompt" : "answer" })),
    grids: grids(file.vision_shape),
    activations: concatRows(rows(visual), visual.length),
    relevance: concatRows(rows(positions), positions.length),
    firstClass: classes[0],
    referenceActivation: project(hidden, visual, classifier, lastInput),
    referenceRelevance: project(hidden, positions, classifier, lastInput),
  };
  const prompt = file.expected_prompt_maps.data;
  return {
    record,
    rawActivations: file.raw_activations.data,
    expected: concat(prompt, file.expected_answer_maps.data),
    reference: concat(prompt, file.reference_answer_maps.data),
    promptCount,
  };
}
