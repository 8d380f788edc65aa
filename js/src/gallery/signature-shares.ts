/** How many samples show each failure signature. */
import type { GalleryData } from "./samples";

/** A signature that more than this share of the samples show tells them apart no longer. */
const COMMON = 0.5;

/** Share of the samples measured by a run that show a signature, by its name. */
export function sharesOf(
  { samples, signatures, runs: all }: GalleryData,
  run: number,
): Map<string, number> {
  const known = all[run]?.shares;
  if (known) return new Map(Object.entries(known));
  const counts = new Array<number>(signatures.length).fill(0);
  let measured = 0;
  for (const { runs } of samples) {
    const own = runs[run];
    if (!own || own.error) continue;
    measured += 1;
    for (const i of own.signatures) counts[i] += 1;
  }
  return new Map(signatures.map(({ name }, i) => [name, counts[i] / Math.max(1, measured)]));
}

/** Says of signatures that most samples of a run show how common they are. */
export function commonSignatures(data: GalleryData, run: number): Map<string, string> {
  const common = [...sharesOf(data, run)].filter(([, share]) => share > COMMON);
  return new Map(
    common.map(([name, share]) => [name, `${name} in ${Math.round(100 * share)} % of cases`]),
  );
}
