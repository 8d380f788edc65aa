/** What a check says of a map, in one plain sentence. */
import { shortProbability } from "../view/probability";
import type { Areas, Checked, Side } from "./checked";

/** Least probability that the picture must add for its removal to tell anything. */
const LEAST_GAIN = 0.05;

/** An area: a probability, or of relative ones a share, which may lie outside 0 to 1. */
export function short(value: number): string {
  if (value >= 1.005) return value.toFixed(2);
  return value <= -0.005 ? `−${short(-value)}` : shortProbability(value);
}

/** What is done to the share of the picture that a curve goes through. */
export const DONE: Readonly<Record<Side, string>> = { deletion: "removed", insertion: "shown" };

export const OTHER: Readonly<Record<Side, Side>> = {
  deletion: "insertion",
  insertion: "deletion",
};

const DOES: Readonly<Record<Side, (word: string) => string>> = {
  deletion: (word) => `Removing what the map marks first lowers “${word}”`,
  insertion: (word) => `Showing what the map marks first brings “${word}” back`,
};

/** The verdict; empty as long as the areas are not known. */
export function verdict(checked: Checked, side: Side, word: string): string {
  if (checked.answers) return answered(checked, word);
  if (!checked.areas) return "";
  const nothing = nothingToTest(checked, word);
  return nothing || compared(checked.areas[side], side, word);
}

function nothingToTest({ full, blank }: Checked, word: string): string {
  if (full - blank >= LEAST_GAIN) return "";
  const both = `${short(full)} with it, ${short(blank)} without`;
  return full <= blank
    ? `The picture does not make “${word}” more probable (${both}): there is nothing to test.`
    : `The picture carries little of “${word}” (${both}): there is nothing to test.`;
}

function compared(areas: Areas, side: Side, word: string): string {
  const { method, random, centre } = areas;
  const [mean, low, high] = random;
  if (method === null) return "";
  if (mean === null)
    return `The area under the curve is ${short(method)}; without random orders there is nothing to compare it with.`;
  const does = DOES[side](word);
  const better = (than: number | null) =>
    than !== null && (side === "deletion" ? method < than : method > than);
  const range = low === null || high === null ? "" : ` (${short(low)}–${short(high)})`;
  const numbers = `area ${short(method)} against ${short(mean)}${range}`;
  if (!better(mean))
    return `${does} no faster than random orders do: ${numbers}. This map is not shown to be true.`;
  if (!better(side === "deletion" ? (low ?? mean) : (high ?? mean)))
    return `${does} faster than random orders do on average, but these differ too much among themselves to be sure: ${numbers}.`;
  const faster = `${does} faster than random orders do: ${numbers}.`;
  const one = range ? "" : " One random order is little to compare with.";
  const middle =
    typeof centre === "number" && !better(centre)
      ? ` But starting from the centre does so as well (${short(centre)}).`
      : "";
  return faster + one + middle;
}

function answered({ shares, answers }: Checked, word: string): string {
  const share = `${Number((100 * shares[1]).toFixed(1))} %`;
  const { whole, removed, others } = answers as NonNullable<Checked["answers"]>;
  const [changed, count] = others;
  const beside =
    count > 0
      ? ` Of ${count} random areas of the same size, ${changed || "none"} change${changed < 2 ? "s" : ""} it.`
      : "";
  return whole === removed
    ? `Without the ${share} that the map of “${word}” marks first, the model still writes the same.${beside}`
    : `Without the ${share} that the map of “${word}” marks first, the model writes “${removed.trim()}” in place of “${whole.trim()}”.${beside}`;
}

const FILLS: Readonly<Record<string, string>> = {
  mean: "the picture’s mean colour",
  black: "black",
  blur: "the picture blurred",
  noise: "noise",
};

/** What stands where the picture was removed. */
export const inPlace = ({ fill }: Checked) =>
  `In the place of what is removed: ${FILLS[fill] ?? fill}.`;

/** All areas, in words. */
export function areasOf(checked: Checked, side: Side): string {
  const areas = checked.areas?.[side];
  if (!areas) return "";
  const [mean, low, high] = areas.random;
  const range = low === null || high === null ? "" : ` (${short(low)}–${short(high)})`;
  const rows: [string, number | null | undefined, string?][] = [
    [checked.label, areas.method],
    ["random orders", mean, range],
    ["centre first", areas.centre],
    ["true mask", areas.mask],
  ];
  const said = rows.flatMap(([name, value, more = ""]) =>
    typeof value === "number" ? `${name} ${short(value)}${more}` : [],
  );
  const what = checked.relative ? "Area, share of what the picture adds" : "Area under the curve";
  return `${what}: ${said.join(" · ")}`;
}
