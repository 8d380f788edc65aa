/** The map of locked tokens at one layer. */
import { aggregate } from "../aggregate";
import {
  type AttributionOptions,
  type Evidence,
  filterGrids,
  normalise,
  residualFrom,
} from "../attribution";
import { attributionOptions } from "../methods";
import { peak } from "../peak";
import type { ExplorerSettings } from "../state/store";
import type { Panel } from "../wire";
import type { TokenLayer } from "./layer-data";

/** A map with what is said of it. */
export interface LayerMap {
  readonly map: Float32Array;
  /** Of the first token; its raw peak is that of all. */
  readonly evidence: Evidence;
}

function mapOfToken(
  panel: Panel,
  token: number,
  layer: TokenLayer,
  options: AttributionOptions,
): LayerMap {
  const { activation, unexplained, relevance, relevant } = layer;
  const residual = residualFrom(activation, unexplained, Number(options.eci ?? 1));
  const [scaled] = normalise([residual], [Float32Array.from(relevant)]);
  return {
    map: filterGrids(panel, scaled, options),
    evidence: {
      residual,
      imagePeak: peak(residual),
      textPeak: peak(relevance.subarray(0, token)),
      rawPeak: peak(activation),
    },
  };
}

/** The aggregated map of some tokens, given each of them at one layer. */
export function layerMap(
  panel: Panel,
  tokens: readonly number[],
  layers: readonly TokenLayer[],
  settings: ExplorerSettings,
): LayerMap {
  const options = attributionOptions(settings);
  const made = tokens.map((token, i) => mapOfToken(panel, token, layers[i], options));
  const maps = made.map(({ map }) => map);
  const rawPeak = Math.max(...made.map(({ evidence }) => evidence.rawPeak));
  return {
    map: aggregate(maps, settings.aggregate),
    evidence: { ...made[0].evidence, rawPeak },
  };
}
