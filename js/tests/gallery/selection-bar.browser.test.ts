import { describe, expect, it, onTestFinished, vi } from "vitest";
import { click, drawn, press } from "../events";
import { SAMPLES } from "./made";
import { type OpenedGallery, open } from "./opened";

const single = SAMPLES.map(({ id, runs }) => ({ id, runs: runs.slice(0, 1) }));
const bar = (view: OpenedGallery) => view.find(".tam-selection");
const shown = (view: OpenedGallery) =>
  [...bar(view).querySelectorAll<HTMLElement>("button, input")]
    .filter((one) => one.offsetParent !== null)
    .map((one) => one.textContent || (one as HTMLInputElement).placeholder);

describe("the selection", () => {
  it("is of all that are shown, of several by clicks alone, or of none", async () => {
    const view = await open(single);
    expect(shown(view)).toEqual(["select all 5", "select several"]);
    click(view.button("select all 5"));
    expect(view.selection).toEqual(["c", "d", "a", "e", "b"]);
    await drawn();
    expect(view.text(".tam-selected-count")).toBe("5 selected");
    click(view.button("select none"));
    await drawn();
    click(view.button("select several"));
    for (const id of ["c", "a", "b", "a"]) {
      click(view.card(id));
      await drawn();
    }
    expect(view.selection).toEqual(["c", "b"]);
    click(view.button("select several"));
    click(view.card("d"));
    expect(view.selection).toEqual(["d"]);
  });

  it("has no tag to give where notes cannot be written", async () => {
    const view = await open(single, { selection: ["b"], _read_only: true });
    expect(shown(view).slice(2)).toEqual(["download CSV", "download JSON", "select none"]);
  });

  it("is tagged at once, which is said when Python has it", async () => {
    const view = await open(single, {
      selection: ["b", "c"],
      notes: { c: { tags: ["old"], note: "" } },
    });
    expect(shown(view)).toContain("tag 2 selected");
    const field = view.labelled("tag 2 selected");
    field.value = " odd  label ";
    field.focus();
    press("Enter");
    expect(view.kernel.requests("note")).toEqual([
      { kind: "note", ids: ["b"], tags: ["odd label"] },
      { kind: "note", ids: ["c"], tags: ["old", "odd label"] },
    ]);
    const state = () => bar(view).querySelector(".tam-selection-state")?.textContent;
    expect(state()).toBe("");
    const tags = ["odd label"];
    view.kernel.set("notes", { b: { tags, note: "" }, c: { tags: ["old", ...tags], note: "" } });
    await drawn();
    expect(state()).toBe("“odd label” added to 2");
  });

  it.each([
    [
      "CSV",
      "text/csv",
      /^sample,run,model,method,f1_iou,.*\nc,A,m,tam,0\.3,.*,"A hot dog, and dogs.",old,look\n$/s,
    ],
    ["JSON", "application/json", /^\[.*"answer": "A hot dog, and dogs\.".*\]\n$/s],
  ])("is downloaded as %s with the answers that Python sends", async (format, type, expected) => {
    const made: Blob[] = [];
    const create = vi.spyOn(URL, "createObjectURL").mockImplementation((blob) => {
      made.push(blob as Blob);
      return "blob:made";
    });
    const names: string[] = [];
    const follow = vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (
      this: HTMLAnchorElement,
    ) {
      names.push(this.download);
    });
    onTestFinished(() => {
      create.mockRestore();
      follow.mockRestore();
    });
    const notes = { c: { tags: ["old"], note: "look" } };
    const view = await open(single, { selection: ["c"], notes });
    click(view.button(`download ${format}`));
    expect(view.kernel.requests("answers")).toEqual([{ kind: "answers", ids: ["c"] }]);
    expect(made).toEqual([]);
    const samples = [{ id: "c", runs: ["A hot dog, and dogs."] }];
    view.kernel.answer({ kind: "answers", samples });
    view.kernel.answer({ kind: "answers", samples }); // asked for by another view
    expect(names).toEqual([`samples.${format.toLowerCase()}`]);
    expect(made[0].type).toBe(type);
    expect(await made[0].text()).toMatch(expected);
  });
});
