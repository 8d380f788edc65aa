/**
 * Another word in an answer token's place: its map, and the contrast between the two. Everything
 * before that place is the same, so only the classifier row differs;
 * `tam_widgets.attribution.alternatives` is the Python counterpart.
 */
import {
  type AttributionOptions,
  contextRelevance,
  type Explained,
  filterGrids,
  normalise,
  residualOf,
  visualCount,
} from "./attribution";
import { peak } from "./peak";
import type { Panel } from "./wire";

/** What alternatives are computed from. */
export type AlternativeRecord = Pick<
  Panel,
  | "tokens"
  | "firstClass"
  | "grids"
  | "activations"
  | "relevance"
  | "alternatives"
  | "alternativeActivations"
  | "alternativeRelevance"
>;

/** The rows of an alternative, one per piece. */
function pieces(record: AlternativeRecord, number: number): Explained[] {
  const { alternatives, alternativeActivations, alternativeRelevance, tokens } = record;
  const first = alternatives.slice(0, number).reduce((sum, { ids }) => sum + ids.length, 0);
  const visual = visualCount(record);
  const { ids, token } = alternatives[number];
  return ids.map((id, piece) => {
    const row = first + piece;
    return {
      id,
      activation: alternativeActivations.subarray(row * visual, (row + 1) * visual),
      relevance: alternativeRelevance.subarray(row * tokens.length, row * tokens.length + token),
    };
  });
}

function largest(maps: readonly Float32Array[]): Float32Array {
  return maps[0].map((_, v) => maps.reduce((most, map) => Math.max(most, map[v]), 0));
}

/** The map, 0 to 1, of an alternative given by its index; the largest value over its pieces. */
export function alternativeMap(
  record: AlternativeRecord,
  number: number,
  options: AttributionOptions = {},
): Float32Array {
  const maps = pieces(record, number).map((row) => {
    const residual = residualOf(record, row, options);
    return filterGrids(record, normalise([residual], [row.relevance])[0], options);
  });
  return largest(maps);
}

/** From 0 to 1 where the image supports the token, from 0 to −1 where it supports the other. */
export function contrastMap(
  record: AlternativeRecord,
  number: number,
  options: AttributionOptions = {},
): Float32Array {
  const { token } = record.alternatives[number];
  const visual = visualCount(record);
  const own = {
    id: record.tokens[token].id,
    activation: record.activations.subarray(token * visual, (token + 1) * visual),
    relevance: contextRelevance(record, token),
  };
  const rows = [own, ...pieces(record, number)];
  const residuals = rows.map((row) => residualOf(record, row, options));
  const scaled = normalise(
    residuals,
    rows.map(({ relevance }) => relevance),
  );
  const [first, ...others] = scaled.map((map) => filterGrids(record, map, options));
  const other = largest(others);
  return first.map((value, v) => value - other[v]);
}

/** Relevance of earlier tokens to an alternative, piece by piece. */
export function relevanceOf(record: AlternativeRecord, number: number): Float32Array[] {
  return pieces(record, number).map(({ relevance }) => relevance);
}

/** The largest raw activation of an alternative. */
export function rawPeak(record: AlternativeRecord, number: number): number {
  return Math.max(...pieces(record, number).map(({ activation }) => peak(activation)));
}
