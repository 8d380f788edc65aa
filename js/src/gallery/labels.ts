/** Texts of the cards and of the open sample. */

import { run_names as names } from "../../../tam_widgets/contract.json";
import { textOf } from "../texts";
import type { Note } from "./filters";
import type { GalleryData, Measurement, Noun, Sample, Summary } from "./samples";
import { scoreOf } from "./samples";

const MINUS = "−";

/** Two decimals, or a dash if there is no value. */
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

/** Names of the runs if there are two. */
export const RUN_NAMES = names;

/** How the difference of the two is written. */
export const DIFFERENCE = `${names[1]} − ${names[0]}`;

export function summaryText({ f1_iou, low, high, failed }: Summary): string {
  const interval =
    low === null || high === null || low === high
      ? ""
      : ` (${twoDecimals(low)}–${twoDecimals(high)})`;
  const lost = failed > 0 ? `, ${grouped(failed)} ${textOf("not_measured")}` : "";
  return `F1-IoU ${twoDecimals(f1_iou)}${interval}${lost}`;
}

export function signatureNames({ signatures }: GalleryData, run: Measurement): string[] {
  return run.signatures.map((i) => signatures[i].name);
}

/** The description of a sample for screen readers. */
export function described(
  one: Sample,
  focus: readonly (number | undefined)[],
  data: GalleryData,
  score: number,
  note: Note | undefined,
): string {
  const two = one.runs.length > 1;
  const parts = one.runs.map((run, i) => {
    const name = two ? `${RUN_NAMES[i]}: ` : "";
    if (!run) return name + textOf("no_sample");
    if (run.error) return name + textOf("not_measured");
    const noun = run.nouns[focus[i] ?? -1];
    const value = `${data.scores[score].label} ${twoDecimals(scoreOf(one, i, score))}`;
    const said = [value, noun ? saidOf(noun) : "", ...signatureNames(data, run)];
    return name + said.filter(Boolean).join(", ");
  });
  const tags = note?.tags.length ? `tagged ${note.tags.join(", ")}` : "";
  return [one.id, ...parts, tags, note?.note ? "with a note" : ""].filter(Boolean).join("; ");
}
