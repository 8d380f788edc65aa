/** Aggregation of the maps of several tokens into one. */
import type { Aggregate } from "./state/store";

/** One map from at least one; a sum may exceed 1. */
export function aggregate(maps: readonly Float32Array[], how: Aggregate): Float32Array {
  const [first, ...others] = maps;
  if (others.length === 0 || how === "first") return first;
  const joint = Float64Array.from(first);
  for (const map of others)
    for (let v = 0; v < joint.length; v++)
      joint[v] = how === "max" ? Math.max(joint[v], map[v]) : joint[v] + map[v];
  const share = how === "mean" ? maps.length : 1;
  return Float32Array.from(joint, (value) => value / share);
}
