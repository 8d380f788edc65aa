/** Texts of the cards and of the open sample. */

import { run_names as names } from "../../../tam_widgets/contract.json";
import { textOf } from "../texts";
import type { GalleryData, Measurement, Noun, Summary } from "./samples";

const MINUS = "−";

/** Two decimals, or a dash if there is no value. */
export function twoDecimals(value: number | null | undefined): string {
  return value === null || value === undefined ? "–" : value.toFixed(2).replace("-", MINUS);
}

/** A difference with its sign. */
export function signed(value: number): string {
  const size = Math.abs(value).toFixed(2);
  return size === "0.00" ? size : `${value < 0 ? MINUS : "+"}${size}`;
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
