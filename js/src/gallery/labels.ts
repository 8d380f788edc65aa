/** What cards and the open case say. */

import type { Note } from "./filters";
import type { Case, Cases, Measured, Noun, Summary } from "./samples";
import { scoreOf } from "./samples";

const MINUS = "−";

/** Two decimals, or a dash where there is no value. */
export function twoDecimals(value: number | null | undefined): string {
  return value === null || value === undefined ? "–" : value.toFixed(2).replace("-", MINUS);
}

/** A difference with its sign. */
export function signed(value: number): string {
  return `${value < 0 ? MINUS : "+"}${Math.abs(value).toFixed(2)}`;
}

export const grouped = (count: number) => count.toLocaleString("en");

export function saidOf({ text, iou }: Noun): string {
  return `${text} ${twoDecimals(iou)}`;
}

/** Names of the sides where there are two. */
export const SIDES = ["A", "B"] as const;

export function summaryText({ f1_iou, low, high, failed }: Summary): string {
  const interval =
    low === null || high === null || low === high
      ? ""
      : ` (${twoDecimals(low)}–${twoDecimals(high)})`;
  const lost = failed > 0 ? `, ${grouped(failed)} not measured` : "";
  return `F1-IoU ${twoDecimals(f1_iou)}${interval}${lost}`;
}

export function signatureNames({ signatures }: Cases, side: Measured): string[] {
  return side.signatures.map((i) => signatures[i].name);
}

/** What a screen reader says of a case. */
export function described(
  one: Case,
  focus: readonly (number | undefined)[],
  cases: Cases,
  score: number,
  note: Note | undefined,
): string {
  const two = one.sides.length > 1;
  const parts = one.sides.map((side, i) => {
    const name = two ? `${SIDES[i]}: ` : "";
    if (!side) return `${name}no such sample`;
    if (side.error) return `${name}not measured`;
    const noun = side.nouns[focus[i] ?? -1];
    const value = `${cases.scores[score].label} ${twoDecimals(scoreOf(one, i, score))}`;
    return name + [value, noun ? saidOf(noun) : "", ...signatureNames(cases, side)].join(", ");
  });
  const tags = note?.tags.length ? `tagged ${note.tags.join(", ")}` : "";
  return [one.id, ...parts, tags, note?.note ? "with a note" : ""].filter(Boolean).join("; ");
}
