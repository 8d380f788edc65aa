/** How the maps of several tokens become one. */
import type { Aggregate } from "./state/store";

const largest = (maps: readonly Float32Array[], v: number) =>
  maps.reduce((most, map) => Math.max(most, map[v]), 0);

const total = (maps: readonly Float32Array[], v: number) =>
  maps.reduce((sum, map) => sum + map[v], 0);

/** One map from at least one; a sum may exceed 1. */
export function aggregate(maps: readonly Float32Array[], how: Aggregate): Float32Array {
  const [first] = maps;
  if (maps.length === 1 || how === "first") return first;
  const value = how === "max" ? largest : total;
  const share = how === "mean" ? maps.length : 1;
  return first.map((_, v) => value(maps, v) / share);
}
