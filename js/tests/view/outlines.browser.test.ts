import "../../src/gallery/gallery.css";
import { describe, expect, it } from "vitest";
import type { Outline } from "../../src/wire";
import { click, drawn } from "../events";
import { at, image, panel } from "./made";
import { type Opened, open } from "./opened";

const SQUARE = [100, 100, 400, 100, 400, 500];
const outline = (name: string, tokens: number[], more: Partial<Outline> = {}): Outline => ({
  name,
  rings: [SQUARE],
  tokens,
  image: 0,
  ...more,
});
const OUTLINES = [
  outline("airplane", [at(" air"), at("plane")]),
  outline("sea", [at(" sea")]),
  outline("cat", []),
];

/** What can be seen, with its kind. */
const seen = (view: Opened, picture = 0) =>
  [...view.all(".tam-stage")[picture].querySelectorAll(".tam-outlines > g")].flatMap((line, i) =>
    getComputedStyle(line).display === "none" ? [] : [`${i} ${line.getAttribute("class")}`.trim()],
  );

describe("true outlines", () => {
  it("are those of the object that the word in view names", async () => {
    const view = await open([await panel({ outlines: OUTLINES })], {
      selected: [[0, at("plane")]],
    });
    expect(seen(view)).toEqual(["0"]);
    const [under, line] = view.find(".tam-outlines > g").children;
    expect(line.getAttribute("d")).toBe("M100 100 400 100 400 500z");
    expect(under.getAttribute("d")).toBe(line.getAttribute("d"));
    view.model.set("selected", [[0, at(" sea")]]);
    expect(seen(view)).toEqual(["1"]);
  });

  it("are all, faintly, where no word names one, and dashed where the answer has none", async () => {
    const all = ["0 tam-faint", "1 tam-faint", "2 tam-faint tam-unnamed"];
    const view = await open([await panel({ outlines: OUTLINES })]);
    expect(seen(view)).toEqual(all);
    view.model.set("selected", [[0, at(" over")]]);
    expect(seen(view)).toEqual(all);
  });

  it("lie on their own picture of several", async () => {
    const images = [await image(), await image({ width: 40 })];
    const view = await open([
      await panel({ images, outlines: [outline("sea", [at(" sea")], { image: 1 })] }),
    ]);
    expect([seen(view, 0), seen(view, 1)]).toEqual([[], ["0 tam-faint"]]);
  });

  it("cover the picture as large as it is", async () => {
    const view = await open([await panel({ outlines: OUTLINES })]);
    const [stage, lines] = [".tam-stage", ".tam-outlines"].map((name) =>
      view.find(name).getBoundingClientRect(),
    );
    expect([lines.width, lines.height]).toEqual([stage.width, stage.height]);
  });

  it("are switched off and on where there are any", async () => {
    const view = await open([await panel({ outlines: OUTLINES })]);
    expect(view.button("outline").getAttribute("aria-pressed")).toBe("true");
    click(view.button("outline"));
    await drawn();
    expect([view.state.outline, seen(view)]).toEqual([false, []]);
    const without = await open([await panel()]);
    expect(without.all("button").map(({ textContent }) => textContent)).not.toContain("outline");
    expect(without.all(".tam-outlines")).toEqual([]);
  });
});
