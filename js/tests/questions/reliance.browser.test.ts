import { describe, expect, it } from "vitest";
import { inWords } from "../../src/questions/reliance-in-words";
import type { Panel } from "../../src/wire";
import { click, hover, unhover } from "../events";
import { at, PROMPT, panel } from "../view/made";
import type { Opened } from "../view/opened";
import { withKernel } from "./kernel";

/** Of "A red airplane over sea.": the red airplane is in the picture. */
const FULL = [null, null, 0.9, 0.96, 0.8, 0.5, 0.9, 0.7, 1, 1];
const BLANK = [null, null, 0.95, 0.03, 0.001, 0.5, 0.45, 0.7, 1, 1];
const SHARE = FULL.map((p, i) => (p === null ? null : Math.max(0, 1 - (BLANK[i] ?? 0) / p)));
const KNOWN = { reliance: { full: FULL, blank: BLANK, share: SHARE, measured: true } };
const KEY = "bar: the picture’s share of the word’s probability";

/** Lengths of the bars that are seen, as shares of their words. */
function bars(view: Opened, of = 0): Record<string, number> {
  const found: Record<string, number> = {};
  for (const item of view.panel(of).querySelectorAll<HTMLElement>(".tam-token")) {
    const text = item.lastElementChild as HTMLElement;
    const bar = getComputedStyle(text, "::after");
    if (bar.content !== '""') continue;
    const word = text.getBoundingClientRect().width - 2;
    found[text.textContent ?? ""] = Math.round((100 * Number.parseFloat(bar.width)) / word) / 100;
  }
  return found;
}

const known = async (more: object = {}) =>
  withKernel([await panel()], { _known: [KNOWN], ...more });
const described = (view: Opened, token: string) =>
  view.token(at(token)).getAttribute("aria-description");

describe("reliance that is known", () => {
  it("is a bar under every answer word, as long as the picture’s share", async () => {
    const { view, sent } = await known();
    expect(bars(view)).toEqual({ A: 0, red: 0.97, air: 1, plane: 0, over: 0.5, sea: 0, ".": 0 });
    expect(view.button("reliance").getAttribute("aria-pressed")).toBe("true");
    expect(view.text(".tam-reliance")).toContain(KEY);
    expect(sent).toEqual([]);
  });

  it("is told in numbers of the words in view", async () => {
    const { view } = await known({ granularity: "word" });
    const numbers = () => view.text(".tam-reliance-numbers").trim();
    expect(numbers()).toBe("");
    hover(view.token(at(" red")));
    expect(numbers()).toBe("“red”: with the picture .96, without it .03");
    hover(view.token(at(" air")));
    expect(numbers()).toBe("“airplane”: with the picture .40, without it <.01");
    hover(view.token(0));
    expect(numbers()).toBe("");
    click(view.token(at(" over")));
    unhover(view.find(".tam-strip"));
    expect(numbers()).toBe("“over”: with the picture .90, without it .45");
  });

  it("can be hidden, in Python too", async () => {
    const { view } = await known();
    click(view.button("reliance"));
    expect(view.state.reliance).toBe(false);
    expect(bars(view)).toEqual({});
    expect(view.button("reliance").getAttribute("aria-pressed")).toBe("false");
    expect(view.text(".tam-reliance")).not.toContain(KEY);
    expect(described(view, " red")).toBe("probability .53");
    view.model.set("reliance", true);
    expect(bars(view).red).toBe(0.97);
  });

  it("is shown of a check only when it is asked for", async () => {
    const ofCheck = { reliance: { ...KNOWN.reliance, measured: false } };
    const { view, sent, press } = await known({ _known: [ofCheck] });
    const pressed = () => view.button("reliance").getAttribute("aria-pressed");
    expect([bars(view), pressed()]).toEqual([{}, "false"]);
    await press("reliance");
    expect([bars(view).red, pressed()]).toEqual([0.97, "true"]);
    await press("reliance");
    expect([bars(view), pressed()]).toEqual([{}, "false"]);
    await press("reliance");
    expect(bars(view).red).toBe(0.97);
    expect(sent).toEqual([]);
  });

  it("is said of each word to those who do not see the bars", async () => {
    const { view } = await known();
    expect(described(view, " red")).toBe("probability with the picture .96, without it .03");
    expect(view.token(0).getAttribute("aria-description")).toBeNull();
  });

  it("gives way to the bars of a box, and says so", async () => {
    const { view } = await known({ box: [0, 0, 0, 0, 40, 30] });
    expect(bars(view)).toEqual({});
    expect(view.text(".tam-reliance")).toContain("While there is a box, bars show what lies in it");
    view.model.set("box", []);
    expect(bars(view).red).toBe(0.97);
    expect(view.text(".tam-reliance")).toContain(KEY);
  });

  it("stands in the panels where it is known", async () => {
    const panels: Panel[] = [await panel(), await panel()];
    const { view } = await withKernel(panels, { _known: [{}, KNOWN], _questions: [[], []] });
    expect(bars(view, 0)).toEqual({});
    expect(bars(view, 1).red).toBe(0.97);
    const [none, own] = view.all('button[data-question="reliance"]');
    expect([none.hidden, own.hidden]).toEqual([true, false]);
  });

  it("keeps within the strip, which does not begin to scroll", async () => {
    const { view } = await known({ selected: [[0, at(" over")]] });
    const strip = view.find(".tam-strip");
    expect(strip.scrollHeight).toBe(strip.clientHeight);
  });
});

describe("reliance that is not known", () => {
  const unknown = async () =>
    withKernel([await panel()], { _known: [{}], _questions: [["reliance"]] });

  it("is measured when it is asked for, and then shown", async () => {
    const { view, sent, say, press } = await unknown();
    expect(bars(view)).toEqual({});
    await press("reliance");
    expect(sent).toMatchObject([{ kind: "question", name: "reliance", panel: 0 }]);
    expect(view.text(".tam-reliance")).toContain("Reading the answer with a blank picture …");
    view.model.set("_known", [KNOWN]);
    say("done");
    await expect.poll(() => view.text(".tam-reliance"), { interval: 5 }).not.toContain("Reading");
    expect(bars(view).red).toBe(0.97);
    expect(view.button("reliance").getAttribute("aria-pressed")).toBe("true");
  });

  it("is stopped by pressing again", async () => {
    const { view, sent, say, press } = await unknown();
    await press("reliance");
    await press("reliance");
    expect(sent[1]).toEqual({ kind: "stop", id: sent[0].id });
    say("stopped");
    await expect.poll(() => view.text(".tam-reliance").trim(), { interval: 5 }).toBe("");
  });

  it("says why there is none, and can be asked for again", async () => {
    const { view, sent, say, press } = await unknown();
    await press("reliance");
    say("failed", { message: "out of memory" });
    await expect.poll(() => view.text(".tam-reliance"), { interval: 5 }).toContain("out of memory");
    expect(view.text(".tam-failed")).toBe("out of memory");
    await press("reliance");
    expect(sent).toHaveLength(2);
    expect(view.text(".tam-reliance")).not.toContain("out of memory");
  });
});

it("is told of several tokens as of one after another", () => {
  const { reliance } = KNOWN;
  expect(inWords(reliance, [at(" red"), at(" over")])).toBe("with the picture .86, without it .01");
  expect(inWords(reliance, [PROMPT.length - 1, at(" red")])).toBe("");
  expect(inWords(reliance, [])).toBe("");
});
