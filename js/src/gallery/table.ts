/** Samples as a table, exactly as `tam_widgets/views/gallery/table.py` makes it. */
import type { Notes } from "./filters";
import { RUN_NAMES, signatureNames } from "./labels";
import type { GalleryData, Measurement } from "./samples";

/** First characters of cells that a spreadsheet takes for formulas. */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;

type Cell = string | number | null | readonly (string | readonly (string | number | null)[])[];

export type Row = Readonly<Record<string, Cell>>;

/** The answers of the runs to each sample; null where a run has none. */
export type Answers = ReadonlyMap<string, readonly (string | null)[]>;

/** One row per sample and run that has it, in the order of the ids. */
export function rowsOf(
  data: GalleryData,
  notes: Notes,
  ids: readonly string[],
  answers: Answers,
): Row[] {
  const samples = new Map(data.samples.map((one) => [one.id, one]));
  return ids.flatMap((id) =>
    (samples.get(id)?.runs ?? []).flatMap((measured, i) => {
      if (!measured) return [];
      const { model, method } = data.runs[i];
      const { tags, note } = notes[id] ?? { tags: [], note: "" };
      const answer = answers.get(id)?.[i] ?? null;
      const about = { sample: id, run: RUN_NAMES[i], model, method };
      return { ...about, ...valuesOf(data, measured), answer, tags, note };
    }),
  );
}

function valuesOf(data: GalleryData, measured: Measurement): Row {
  const scores = data.scores.map(({ name }, i) => [name, measured.scores[i]]);
  return {
    ...Object.fromEntries(scores),
    signatures: signatureNames(data, measured),
    words: measured.nouns.map(({ text, category, iou }) => [
      text,
      data.categories[category] ?? null,
      iou,
    ]),
    missed: measured.missed.map((i) => data.categories[i]),
    error: measured.error,
  };
}

export function jsonOf(rows: readonly Row[]): string {
  return `${JSON.stringify(rows, null, 1)}\n`;
}

/** Lists are joined with "; ", and no cell is a formula to a spreadsheet. */
export function csvOf(rows: readonly Row[]): string {
  const names = Object.keys(rows[0] ?? {});
  const lines = rows.map((row) => names.map((name) => escaped(textOf(row[name]))));
  return [names, ...lines].map((cells) => `${cells.join(",")}\n`).join("");
}

function textOf(cell: Cell): string | number {
  if (cell === null) return "";
  if (typeof cell === "string" || typeof cell === "number") return cell;
  return cell
    .map((part) => (typeof part === "string" ? part : `${part[0]} ${part[2] ?? "–"}`))
    .join("; ");
}

function escaped(cell: string | number): string {
  if (typeof cell === "number") return String(cell);
  const lines = cell.replace(/\r\n?/g, "\n");
  const safe = FORMULA.test(cell) ? `'${lines}` : lines;
  return /[",\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
