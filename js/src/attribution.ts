/**
 * Token Activation Map (TAM, arXiv 2506.23270) from raw activations and relevance: estimated
 * causal inference, joint normalisation and the rank Gaussian filter. The only copy of these
 * equations in the browser; `tam_widgets.attribution` is the one in Python.
 */
import { cancelled as CANCELLED, no_weight as NO_WEIGHT } from "../../tam_widgets/contract.json";
import { peak } from "./peak";
import { type Border, checkKernel, rankGaussianFilter } from "./rank-gaussian";

/** What a map is computed from: raw traces of the model, not the model itself. */
export interface AttributionRecord {
  /** Explained tokens, prompt first. Equal ids are the same word. */
  readonly tokens: readonly { readonly id: number; readonly kind: "prompt" | "answer" }[];
  /** Grids of visual tokens, in the order of the columns of `activations`. */
  readonly grids: readonly { readonly rows: number; readonly cols: number }[];
  /** relu(H[visual] · W[y_i]), token by token: [tokens, visual]; empty if there are maps alone. */
  readonly activations: Float32Array;
  /** relu(H[p_k] · W[y_i]), row i, column k: [tokens, tokens]. */
  readonly relevance: Float32Array;
  /** The first answer token's two rows under the last input id's class, as published. */
  readonly referenceActivation?: Float32Array;
  readonly referenceRelevance?: Float32Array;
  /** The class that explains the first prompt token; without it, its own id. */
  readonly firstClass?: number | null;
  /** Messages of a conversation; without them, one prompt and its answer. */
  readonly turns?: readonly (readonly [role: string, start: number, stop: number])[];
}

export interface AttributionOptions {
  /** Strength of the estimated causal inference, 0 to 1; true is 1, false is 0. */
  readonly eci?: number | boolean;
  /** Whether the rank Gaussian filter runs. */
  readonly rgf?: boolean;
  /** Side of the filter's window: odd, no larger than the smallest grid. */
  readonly kernelSize?: number;
  /** "reference": the first answer token is explained as in the published code. */
  readonly compat?: null | "reference";
  /** What the filter sees beyond a grid: the grid mirrored, as published, or its border again. */
  readonly border?: Border;
  /**
   * Which context tokens count as the same word and are left out of the interference: those
   * explained by the same class, or those with the same id, as published and in reference mode.
   */
  readonly leaveOut?: "class" | "id";
}

/** The largest float32. */
const LARGEST = (2 - 2 ** -23) * 2 ** 127;

/** How one token's evidence splits between the image and the text before it. */
export interface Evidence {
  /** The activation without the interference: [visual]. */
  readonly residual: Float32Array;
  /** Largest residual. */
  readonly imagePeak: number;
  /** Largest relevance of a context token. */
  readonly textPeak: number;
  /** Peak of the raw activation. */
  readonly rawPeak: number;
}

/** Number of visual tokens. */
export function visualCount(record: AttributionRecord): number {
  return record.grids.reduce((sum, grid) => sum + grid.rows * grid.cols, 0);
}

function answerStart(record: AttributionRecord): number {
  const start = record.tokens.findIndex((token) => token.kind === "answer");
  return start < 0 ? record.tokens.length : start;
}

/** One row of a matrix, or its replacement for the first answer token in reference mode. */
function rowOf(
  record: AttributionRecord,
  token: number,
  name: "activations" | "relevance",
  compat: AttributionOptions["compat"],
): Float32Array {
  const width = name === "relevance" ? record.tokens.length : visualCount(record);
  if (compat === "reference" && token === answerStart(record)) {
    const reference = name === "relevance" ? record.referenceRelevance : record.referenceActivation;
    if (!reference) throw new TypeError("compat 'reference' needs the record's reference rows");
    return reference;
  }
  return record[name].subarray(token * width, (token + 1) * width);
}

/**
 * Relevance of the context tokens to a token: of all tokens before it, or with `joint` and for a
 * prompt token of its whole prompt, as the normalisation needs.
 */
export function contextRelevance(
  record: AttributionRecord,
  token: number,
  compat: AttributionOptions["compat"] = null,
  joint = false,
): Float32Array {
  const end = joint ? contextEnd(record, token) : token;
  return rowOf(record, token, "relevance", compat).subarray(0, end);
}

/** End of the context: the prompt's end for a token of a prompt, the token itself otherwise. */
function contextEnd(record: AttributionRecord, token: number): number {
  const start = answerStart(record);
  const turns = record.turns ?? [["user", 0, start]];
  const turn = turns.find(([, from, stop]) => from <= token && token < stop);
  return turn?.[0] === "user" ? turn[2] : token;
}

/** What identifies a token's word: the class that explains it, or its id. */
function wordOf(
  { tokens, firstClass }: AttributionRecord,
  token: number,
  { compat, leaveOut }: AttributionOptions,
): number {
  const byId = leaveOut === "id" || compat === "reference";
  return token === 0 && !byId ? (firstClass ?? tokens[0].id) : tokens[token].id;
}

/** A class in a token's place: its id and its rows up to that token. */
export interface Explained {
  readonly id: number;
  /** [visual] */
  readonly activation: Float32Array;
  /** Of the tokens before it. */
  readonly relevance: Float32Array;
}

/** A token as its own class explains it. */
export function explained(
  record: AttributionRecord,
  token: number,
  options: AttributionOptions,
): Explained {
  return {
    id: wordOf(record, token, options),
    activation: rowOf(record, token, "activations", options.compat),
    relevance: contextRelevance(record, token, options.compat),
  };
}

/** Share of each earlier token in the interference; 0 for repeats of the token. */
export function contextWeights(
  record: AttributionRecord,
  { id, relevance }: Explained,
  options: AttributionOptions,
): Float32Array {
  let total = NO_WEIGHT;
  const own = relevance.map((value, k) => (wordOf(record, k, options) === id ? 0 : value));
  for (const value of own) total += value;
  return own.map((value) => value / total);
}

/** Interference: earlier activations weighted by relevance, without repeats of the token. */
export function interference(
  record: AttributionRecord,
  row: Explained,
  options: AttributionOptions,
): Float32Array {
  const estimate = new Float64Array(visualCount(record));
  contextWeights(record, row, options).forEach((weight, k) => {
    if (!weight) return;
    const earlier = rowOf(record, k, "activations", options.compat);
    for (let v = 0; v < estimate.length; v++) estimate[v] += weight * earlier[v];
  });
  return Float32Array.from(estimate);
}

/** Least-squares scale of the interference; 0 where there is none. */
export function leastSquares(activation: Float32Array, estimate: Float32Array): number {
  let cross = 0;
  let square = 0;
  for (let v = 0; v < estimate.length; v++) {
    cross += activation[v] * estimate[v];
    square += estimate[v] * estimate[v];
  }
  return square > 0 ? cross / square : 0;
}

/** A class's activation without the interference. */
export function residualOf(
  record: AttributionRecord,
  row: Explained,
  options: AttributionOptions,
): Float32Array {
  const { activation, relevance } = row;
  const strength = Number(options.eci ?? true);
  if (relevance.length === 0 || strength === 0) return Float32Array.from(activation);
  const estimate = interference(record, row, options);
  // the scale of a tiny estimate may exceed float32, and infinity times 0 is NaN
  const scale = Math.fround(Math.min(strength * leastSquares(activation, estimate), LARGEST));
  const residual = new Float32Array(activation.length);
  for (let v = 0; v < residual.length; v++)
    residual[v] = Math.max(activation[v] - Math.fround(scale * estimate[v]), 0);
  return peak(residual) <= CANCELLED * peak(activation) ? residual.fill(0) : residual;
}

/**
 * The same from what the context does not explain of it: `activation − scale · interference`, which
 * holds for every strength.
 */
export function residualFrom(
  activation: Float32Array,
  unexplained: Float32Array,
  strength: number,
): Float32Array {
  const residual = activation.map((value, v) =>
    Math.max((1 - strength) * value + strength * unexplained[v], 0),
  );
  return peak(residual) <= CANCELLED * peak(activation) ? residual.fill(0) : residual;
}

/** Evidence from the image and from the text for one token, before normalisation. */
export function evidence(
  record: AttributionRecord,
  token: number,
  options: AttributionOptions = {},
): Evidence {
  const own = explained(record, token, options);
  const residual = residualOf(record, own, options);
  return {
    residual,
    imagePeak: peak(residual),
    textPeak: peak(own.relevance),
    rawPeak: peak(own.activation),
  };
}

/** Scales residuals to 0..1 by the joint extremes of all residuals and relevances. */
export function normalise(
  residuals: readonly Float32Array[],
  relevances: readonly Float32Array[],
): Float32Array[] {
  let low = Number.POSITIVE_INFINITY;
  let high = 0;
  for (const values of [...residuals, ...relevances])
    for (let i = 0; i < values.length; i++) {
      if (values[i] < low) low = values[i];
      if (values[i] > high) high = values[i];
    }
  const range = Math.fround(high - low);
  return residuals.map((residual) =>
    range > 0
      ? residual.map((value) => Math.fround(value - low) / range)
      : new Float32Array(residual.length),
  );
}

/** Applies the rank Gaussian filter to each grid separately, if the options ask for it. */
export function filterGrids(
  record: AttributionRecord,
  map: Float32Array,
  { rgf = true, kernelSize = 3, compat, border }: AttributionOptions,
): Float32Array {
  if (!rgf) return map;
  const beyond = border ?? (compat ? "reflect" : undefined);
  const filtered = new Float32Array(map.length);
  let offset = 0;
  for (const { rows, cols } of record.grids) {
    rankGaussianFilter(map, rows, cols, kernelSize, { border: beyond, target: filtered, offset });
    offset += rows * cols;
  }
  return filtered;
}

/** A token's map from its evidence: joint normalisation, then filtering. */
export function mapOf(
  record: AttributionRecord,
  token: number,
  { residual }: Evidence,
  options: AttributionOptions = {},
): Float32Array {
  const relevance = contextRelevance(record, token, options.compat, true);
  return filterGrids(record, normalise([residual], [relevance])[0], options);
}

/** The map of one token, 0 to 1 for every visual token: cheap enough for a hover. */
export function tokenActivationMap(
  record: AttributionRecord,
  token: number,
  options: AttributionOptions = {},
): Float32Array {
  const { rgf = true, kernelSize = 3 } = options;
  if (!Number.isInteger(token) || token < 0 || token >= record.tokens.length)
    throw new RangeError(`token ${token}: expected 0 to ${record.tokens.length - 1}`);
  for (const { rows, cols } of rgf ? record.grids : []) checkKernel(kernelSize, rows, cols);
  return mapOf(record, token, evidence(record, token, options), options);
}

/** The maps of all tokens, prompt first: one Float32Array of values in 0..1 per token. */
export function tokenActivationMaps(
  record: AttributionRecord,
  options: AttributionOptions = {},
): Float32Array[] {
  return record.tokens.map((_, token) => tokenActivationMap(record, token, options));
}
