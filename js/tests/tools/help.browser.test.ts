import { describe, expect, it, onTestFinished } from "vitest";
import { choose, click, drawn, hover, press, unhover } from "../events";
import { at, grid, panel } from "../view/made";
import type { Opened } from "../view/opened";
import { contrasted, faults, miniatures, openAtRest, openTool } from "./opened";

function lesson(view: Opened, title: string): HTMLElement {
  const found = view
    .all(".tam-lesson")
    .find((one) => one.querySelector("h3")?.textContent === title && !one.hidden);
  if (!found) throw new Error(`${title}: there is no such lesson`);
  return found;
}

const samples = (of: HTMLElement) => [...of.querySelectorAll<HTMLElement>(".tam-choice-picture")];

describe("help", () => {
  it("shows the word in view under other settings", async () => {
    const view = await openTool("help");
    expect(view.text(".tam-drawer")).toContain("With “red” as the example");
    for (const title of ["colour map", "opacity", "cells", "window"]) {
      const seen = miniatures(lesson(view, title));
      expect(new Set(seen).size, title).toBe(seen.length);
    }
  });

  it("follows the word that is pointed at, and stays with it", async () => {
    const view = await openTool("help");
    const before = miniatures(lesson(view, "colour map"));
    hover(view.token(at(" sea")));
    await drawn();
    const after = miniatures(lesson(view, "colour map"));
    expect(view.text(".tam-drawer")).toContain("With “sea” as the example");
    expect(after.some((one) => before.includes(one))).toBe(false);
    unhover(view.find(".tam-strip"));
    await drawn();
    expect(miniatures(lesson(view, "colour map"))).toEqual(after);
  });

  it("takes another word from a menu, where the text is out of sight", async () => {
    const view = await openTool("help");
    const menu = view.find<HTMLSelectElement>(".tam-drawer select");
    expect(menu.selectedOptions[0].text).toBe("red");
    choose(menu, String(at(" sea")));
    await drawn();
    expect(view.text(".tam-drawer")).toContain("With “sea” as the example");
    expect(view.shown()).toEqual([at(" sea")]);
  });

  it("leaves the explorer's own maps as they are", async () => {
    const view = await openTool("help");
    const before = view.overlay();
    click(view.token(at(" red")));
    await drawn();
    expect(view.overlay()).toBe(before);
  });

  it("chooses the setting of a picture that is pressed", async () => {
    const view = await openTool("help");
    const [first, second] = samples(lesson(view, "ECI"));
    click(second);
    await drawn();
    expect(view.state.eci).toBe(0.5);
    expect([first, second].map((one) => one.ariaPressed)).toEqual(["false", "true"]);
    expect(view.setting("eci").value).toBe("0.5");
  });

  it("says what a wide window smears on this grid", async () => {
    const view = await openTool("help");
    expect(lesson(view, "window").textContent).toContain(
      "6\u00a0×\u00a08 cells: a window of 7 covers 88 %",
    );
  });

  it("says of a word whether it has several tokens", async () => {
    const view = await openTool("help");
    expect(lesson(view, "words").textContent).toContain("a single token");
    hover(view.token(at(" air")));
    await drawn();
    expect(lesson(view, "words").textContent).toContain("has 2: “air”, “plane”");
    const [off, on] = miniatures(lesson(view, "words"));
    expect(off).not.toBe(on);
  });

  it("explains the contrast where there is another word", async () => {
    const view = await openTool("help", [await contrasted()]);
    expect(() => lesson(view, "contrast")).toThrow();
    hover(view.token(at(" sea")));
    await drawn();
    const [, , contrast] = samples(lesson(view, "contrast"));
    expect(new Set(miniatures(lesson(view, "contrast"))).size).toBe(3);
    click(contrast);
    expect(view.state).toMatchObject({ contrast: true, counterfactual: [0, at(" sea"), 0] });
    expect(view.locked()).toEqual([at(" sea")]);
  });

  it("explains thumbnails only where a picture has one", async () => {
    const left = grid({ rect: [0, 0, 40, 60], cols: 4 });
    const right = grid({ rect: [40, 0, 80, 60], cols: 4 });
    const tiled = await panel({ grids: [left, right, grid({ thumbnail: true })] });
    const view = await openTool("help", [tiled]);
    const [tiles, thumbnail] = miniatures(lesson(view, "thumbnail"));
    expect(tiles).not.toBe(thumbnail);
    const plain = await openTool("help");
    expect(() => lesson(plain, "thumbnail")).toThrow();
  });

  it("gives the numbers of the word in view", async () => {
    const view = await openTool("help");
    hover(view.token(at(" air")));
    await drawn();
    expect(lesson(view, "shaded words").textContent).toContain("redprepared “air”");
    expect(lesson(view, "strongest evidence").textContent).toMatch(/“air”: \d+ % picture/);
  });

  it("tells of reliance where it is known or can be measured, beside the evidence", async () => {
    const plain = await openTool("help");
    expect(() => lesson(plain, "reliance")).toThrow();
    const full = [null, null, 0.9, 0.96];
    const known = { reliance: { full, blank: [null, null, 0.9, 0.03], share: full } };
    const view = await openTool("help", undefined, { _known: [known] });
    expect(lesson(view, "reliance").textContent).toContain(
      "“red”: with the picture .96, without it .03.",
    );
    const asked = await openTool("help", undefined, { _known: [{}], _questions: [["reliance"]] });
    expect(lesson(asked, "reliance").textContent).toContain("with a blank picture");
  });

  it("opens the term of each word of the legend", async () => {
    const view = await openTool("help");
    const names = (title: string) =>
      [...lesson(view, title).querySelectorAll<HTMLElement>(".tam-term")].map(
        ({ dataset }) => dataset.name,
      );
    const opens = (title: string) => expect.poll(() => names(title), { interval: 5 });
    await opens("legend").toEqual(
      expect.arrayContaining(["evidence", "own-scale", "shared-scale", "raw-max"]),
    );
    await opens("shaded words").toContain("relevance");
    await opens("candidates").toContain("candidate");
    click(lesson(view, "legend").querySelector("[data-name=own-scale]") as HTMLElement);
    expect(view.text(".tam-opened-entry")).toContain("Colours that end at a map’s own maximum");
  });

  it("closes by Escape, and gives the keyboard back", async () => {
    const view = await openTool("help");
    const button = view.find('[data-tool="help"]');
    expect(document.activeElement).toBe(view.find(".tam-drawer"));
    expect(button.ariaExpanded).toBe("true");
    press("Escape");
    expect(view.all(".tam-drawer")).toEqual([]);
    expect(document.activeElement).toBe(button);
    expect(button.ariaExpanded).toBe(null);
  });

  it("keeps its keys from the notebook", async () => {
    const view = await openTool("help");
    let heard = 0;
    const listen = () => {
      heard += 1;
    };
    document.addEventListener("keydown", listen);
    view.find<HTMLElement>(".tam-choice-picture").focus();
    press("b");
    press("Escape");
    document.removeEventListener("keydown", listen);
    expect(heard).toBe(0);
  });

  it("makes room for another tool", async () => {
    const view = await openTool("help");
    click(view.find('[data-tool="copy"]'));
    await expect
      .poll(() => view.all(".tam-drawer").map((one) => one.dataset.tool))
      .toEqual(["copy"]);
    expect(view.find('[data-tool="help"]').ariaExpanded).toBe(null);
  });

  it("has its style in a shadow root too", async () => {
    const view = await openAtRest([await panel()]);
    const host = document.createElement("div");
    document.body.append(host);
    onTestFinished(() => host.remove());
    host.attachShadow({ mode: "open" }).append(view.root);
    click(view.find('[data-tool="help"]'));
    await expect.poll(() => view.all(".tam-lessons").length, { interval: 5 }).toBe(1);
    expect(getComputedStyle(view.find(".tam-lessons")).display).toBe("grid");
  });

  it("has no faults in accessibility", async () => {
    const view = await openTool("help", [await contrasted()]);
    hover(view.token(at(" sea")));
    await drawn();
    expect(await faults(view)).toEqual([]);
  });
});
