import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ENTRIES, entryNamed, otherForms, parted } from "../../src/glossary/entries";
import { files } from "../../src/glossary/markdown";
import { PICTURES } from "../../src/glossary/pictures";

const DOCS = new URL("../../../docs/", import.meta.url);

const links = (text: string) =>
  parted(text).flatMap(({ text, entry }) => (entry ? [`${text} → ${entry.name}`] : []));

describe("glossary", () => {
  it("has a picture for each entry, and an entry for each picture", () => {
    expect(Object.keys(PICTURES).sort()).toEqual(ENTRIES.map(({ name }) => name).sort());
  });

  it("names what there is as related, and nothing itself", () => {
    for (const { name, see } of ENTRIES) {
      expect(see.map((other) => entryNamed(other).name)).toEqual(see);
      expect(see).not.toContain(name);
    }
  });

  it("has no form twice", () => {
    const forms = ENTRIES.flatMap(({ term, also }) => [term, ...also]).map((form) =>
      form.toLowerCase(),
    );
    expect(new Set(forms).size).toBe(forms.length);
  });

  it.each(ENTRIES.map(({ term, text }) => [term, text]))("says %s in one sentence", (_, text) => {
    expect(text).toMatch(/^[A-Z“].*[.]$/);
    expect(text.slice(0, -1)).not.toMatch(/[.!?] [A-Z]/);
    expect(text.split(" ").length).toBeLessThan(35);
  });

  it("names no plurals as other forms", () => {
    expect(otherForms(entryNamed("class-activation"))).toBe("CAM, raw activation, activation");
  });

  it("is in the documentation as it is here: `npm run glossary` writes it", () => {
    const made = files();
    for (const [path, text] of made)
      expect(readFileSync(new URL(path, DOCS), "utf8"), path).toBe(text);
    const pictures = readdirSync(new URL("images/glossary", DOCS));
    expect(pictures.length).toBe(made.size - 1);
  });
});

describe("a text with terms", () => {
  it("is parted at their first mentions, the longer ones first", () => {
    expect(links("Attention rollout follows attention; rollout is no deletion.")).toEqual([
      "Attention rollout → rollout",
      "attention → attention",
      "deletion → deletion",
    ]);
  });

  it("does not take a part of a word for a term", () => {
    expect(links("tokeniser, contextual, Obj-IoUs, deletions")).toEqual([]);
  });

  it("stays the same text", () => {
    const text = "At 0, ECI takes nothing away: the map is that of CAM.";
    expect(
      parted(text)
        .map((piece) => piece.text)
        .join(""),
    ).toBe(text);
  });
});
