import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { decodeGallery } from "../../src/gallery/samples";
import { csvOf, jsonOf, rowsOf } from "../../src/gallery/table";

const path = new URL("../../../tests/fixtures/gallery_table.json", import.meta.url);
const made = JSON.parse(readFileSync(path, "utf8"));
const data = decodeGallery(made.listing);
const answers = new Map<string, (string | null)[]>(Object.entries(made.answers));
const rows = rowsOf(data, made.notes, made.ids, answers);

describe("the table of a selection", () => {
  it("has the rows that Python makes, in their order", () => {
    expect(rows).toEqual(made.rows);
    expect(rows.map((row) => Object.keys(row))).toEqual(
      made.rows.map((row: object) => Object.keys(row)),
    );
    expect(JSON.parse(jsonOf(rows))).toEqual(made.rows);
  });

  it("is the CSV that Python writes, whole numbers aside", () => {
    const whole = (text: string) => text.replaceAll("1.0,", "1,").replaceAll(" 1.0", " 1");
    expect(csvOf(rows)).toBe(whole(made.csv));
  });

  it("of nothing is empty", () => {
    expect([csvOf([]), jsonOf([])]).toEqual(["\n", "[]\n"]);
  });
});
