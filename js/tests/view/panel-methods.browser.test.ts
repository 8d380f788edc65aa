/** Panels of a comparison, each shown by a method of its own. */
import axe from "axe-core";
import { describe, expect, it } from "vitest";
import type { Method } from "../../src/methods";
import type { Panel } from "../../src/wire";
import { choose, click, drawn, hover, press } from "../events";
import { at, panel, withAlternatives } from "./made";
import { METHODS, type Opened, open } from "./opened";

const MINE: Method = {
  name: "mine",
  label: "my method",
  source: "a paper",
  options: [],
  signed: false,
  inBrowser: false,
  alternatives: false,
};
const RED = at(" red");
const ALL = [...METHODS, MINE];

/** A panel that carries maps of a method, which are those of the next words. */
function carrying(made: Panel): Panel {
  const visual = made.activations.length / made.tokens.length;
  const mine = made.activations.map((_, i) => (made.activations[i + visual] ?? 0) / 3);
  return { ...made, maps: { mine } };
}

/** One explanation by several methods. */
async function sideBySide(
  methods: readonly string[],
  settings: Record<string, unknown> = {},
  made?: Panel,
): Promise<Opened> {
  const one = made ?? carrying(await panel());
  const panels = methods.map(() => one);
  const links = one.words.map((tokens) => panels.map((_, i) => [i, tokens] as const));
  return open(panels, { methods, selected: [[0, RED]], ...settings }, links, ALL);
}

const menus = (view: Opened) =>
  view.all(".tam-title select") as readonly HTMLElement[] as readonly HTMLSelectElement[];
const values = (view: Opened) => menus(view).map(({ value }) => value);
const all = (view: Opened) => view.setting<HTMLSelectElement>("method");
const quantities = (view: Opened) =>
  view.all(".tam-panel .tam-quantity").map(({ textContent }) => textContent);

describe("panels with methods of their own", () => {
  it("show each its map of the same word, and name it in legends and to screen readers", async () => {
    const view = await sideBySide(["tam", "cam", "mine"]);
    const overlays = [0, 1, 2].map((i) => view.overlay(i));
    expect(new Set(overlays).size).toBe(3);
    expect([0, 1, 2].map((i) => view.shown(i))).toEqual([[RED], [RED], [RED]]);
    expect(quantities(view)).toEqual([
      "TAM for “red”",
      "plain CAM for “red”",
      "my method for “red”",
    ]);
    const labels = view.all(".tam-panel").map((one) => one.getAttribute("aria-label"));
    expect(labels).toEqual([
      "model-a, TAM",
      "model-a, plain CAM, panel 2",
      "model-a, my method, panel 3",
    ]);
    const strips = view.all(".tam-strip").map((one) => one.getAttribute("aria-label"));
    expect(strips).toEqual(labels.map((label) => `Words of ${label}`));
  });

  it("show what one panel alone shows by that method", async () => {
    const view = await sideBySide(["cam", "mine"]);
    for (const [i, method] of ["cam", "mine"].entries()) {
      const alone = await sideBySide(["tam", "tam"], { methods: [], method });
      expect(view.overlay(i)).toBe(alone.overlay(i));
    }
  });

  it("follow the pointer together, and have no word that another lacks", async () => {
    const view = await sideBySide(["tam", "mine"]);
    const before = [view.overlay(0), view.overlay(1)];
    hover(view.token(at(" sea"), 1));
    expect([view.shown(0), view.shown(1)]).toEqual([[at(" sea")], [at(" sea")]]);
    expect(view.overlay(0)).not.toBe(before[0]);
    expect(view.overlay(1)).not.toBe(before[1]);
    expect(view.all(".tam-alone")).toEqual([]);
  });

  it("begin their texts at the same height", async () => {
    const view = await sideBySide(["tam", "mine"]);
    view.root.style.width = "900px";
    await drawn();
    const tops = view.all(".tam-text").map((one) => one.getBoundingClientRect().top);
    expect(tops[0]).toBe(tops[1]);
  });

  it("say where a method has no map of another word in the token's place", async () => {
    const made = carrying(await withAlternatives(RED));
    const view = await sideBySide(["tam", "mine"], { counterfactual: [0, RED, 0] }, made);
    const notes = view.all(".tam-details > .tam-note").map(({ textContent }) => textContent);
    expect(notes).toEqual([
      "The map of “ship” in the place of “red”.",
      "There is no map of that other word here.",
    ]);
  });

  it("have no faults in accessibility", async () => {
    const view = await sideBySide(["tam", "cam", "mine"]);
    const { violations } = await axe.run(view.root);
    expect(violations.map(({ id }) => id)).toEqual([]);
  });
});

describe("the menu of a panel", () => {
  it("is there only while panels have methods of their own", async () => {
    const view = await sideBySide(["tam", "cam"], { methods: [] });
    expect(menus(view).map(({ hidden }) => hidden)).toEqual([true, true]);
    expect(quantities(view)).toEqual(["evidence for “red”", "evidence for “red”"]);
    view.model.set("methods", ["tam", "mine"]);
    expect(menus(view).map(({ hidden }) => hidden)).toEqual([false, false]);
    expect(values(view)).toEqual(["tam", "mine"]);
  });

  it("changes its panel alone", async () => {
    const view = await sideBySide(["tam", "cam"]);
    const before = [view.overlay(0), view.overlay(1)];
    choose(menus(view)[1], "mine");
    expect(view.state.methods).toEqual(["tam", "mine"]);
    expect(view.overlay(0)).toBe(before[0]);
    expect(view.overlay(1)).not.toBe(before[1]);
    expect(view.panel(1).getAttribute("aria-label")).toBe("model-a, my method, panel 2");
  });

  it("keeps what is typed from the notebook", async () => {
    const view = await sideBySide(["tam", "cam"]);
    let heard = false;
    view.root.addEventListener("keydown", () => {
      heard = true;
    });
    menus(view)[0].focus();
    press("ArrowDown");
    expect(heard).toBe(false);
  });
});

describe("the toolbar's menu", () => {
  it("shows all panels by one method, and brings back those that they had", async () => {
    const view = await sideBySide(["tam", "mine"]);
    expect(all(view).selectedOptions[0].text).toBe("each panel’s own");
    for (const method of ["cam", "mine"]) {
      choose(all(view), method);
      expect([view.state.method, view.state.methods]).toEqual([method, []]);
      expect(all(view).value).toBe(method);
      expect(menus(view).map(({ hidden }) => hidden)).toEqual([true, true]);
    }
    choose(all(view), "");
    expect(view.state.methods).toEqual(["tam", "mine"]);
    expect(view.state.method).toBe("mine");
  });

  it("gives panels menus of their own in any comparison", async () => {
    const view = await sideBySide(["cam", "cam"], { methods: [], method: "cam" });
    choose(all(view), "");
    expect(view.state.methods).toEqual(["cam", "cam"]);
    expect(menus(view).map(({ hidden }) => hidden)).toEqual([false, false]);
  });

  it("has no such choice where there is one panel", async () => {
    const view = await open([await panel()]);
    expect([...all(view).options].map(({ value }) => value)).not.toContain("");
  });

  it.each([
    [["mine", "tam"], false, false],
    [["mine", "cam"], true, false],
    [["mine", "mine"], true, true],
  ])("leaves ECI on for %s if a panel takes it", async (methods, disabled, hidden) => {
    const view = await sideBySide(methods);
    expect(view.setting("eci").disabled).toBe(disabled);
    expect(view.setting("eci").closest<HTMLElement>(".tam-control")?.hidden).toBe(hidden);
  });
});

describe("tools", () => {
  async function use(view: Opened, tool: string): Promise<void> {
    click(view.button(tool));
    await expect.poll(() => view.all(".tam-drawer").length, { interval: 5 }).toBe(1);
    await drawn();
  }

  it("compare two methods by their names, and follow the menus", async () => {
    const view = await sideBySide(["tam", "mine", "cam"]);
    await use(view, "difference");
    expect(view.text(".tam-sides")).toBe("orange: more in TAMblue: more in my method");
    const pairs = () =>
      [...view.find<HTMLSelectElement>(".tam-figures select").options].map(({ text }) => text);
    expect(pairs()).toEqual(["TAM − my method", "TAM − plain CAM", "my method − plain CAM"]);
    const number = view.text(".tam-numbers-of-word");
    choose(menus(view)[1], "tam-no-eci");
    await expect.poll(() => view.text(".tam-sides")).toContain("more in TAM without ECI");
    expect(pairs()[0]).toBe("TAM − TAM without ECI");
    expect(view.text(".tam-numbers-of-word")).not.toBe(number);
    const picture = view.find<HTMLImageElement>(".tam-differences .tam-photo");
    expect(picture.alt).toBe("Difference of TAM and TAM without ECI");
  });

  it("tell methods of the same name apart by their panels", async () => {
    const view = await sideBySide(["tam", "tam"]);
    await use(view, "difference");
    expect(view.text(".tam-sides")).toBe(
      "orange: more in TAM (panel 1)blue: more in TAM (panel 2)",
    );
    expect(view.text(".tam-numbers-of-word")).toContain("correlation 1.00, overlap 1.00");
  });

  it("name a row of all words by model and method, and draw its own maps", async () => {
    const view = await sideBySide(["tam", "mine"]);
    await use(view, "all words");
    const titles = () => view.all(".tam-row-title").map(({ textContent }) => textContent);
    expect(titles()).toEqual(["model-a, TAM", "model-a, my method"]);
    choose(menus(view)[0], "cam");
    await drawn();
    expect(titles()[0]).toBe("model-a, plain CAM");
  });

  it("write the code that makes this view", async () => {
    const view = await sideBySide(["tam", "mine"], { selected: [] });
    await use(view, "copy");
    const code = () => view.text(".tam-code");
    expect(code()).toBe('view = tw.compare(ex, methods=["tam", "mine"])');
    choose(all(view), "cam");
    expect(code()).toBe('view = tw.compare(ex, ex, method="cam")');
  });

  it("show a panel's own method in the help, whose pictures change all panels", async () => {
    const view = await sideBySide(["tam", "mine"], { selected: [[1, RED]] });
    await use(view, "?");
    const pictures = view.all(".tam-lesson:first-child .tam-choice-picture");
    expect(pictures.map(({ textContent }) => textContent)).toEqual([
      "TAM",
      "plain CAM",
      "my method",
    ]);
    click(pictures[1]);
    expect([view.state.method, view.state.methods]).toEqual(["cam", []]);
    await drawn();
    expect(pictures[1].getAttribute("aria-pressed")).toBe("true");
  });
});
