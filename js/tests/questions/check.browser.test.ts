import axe from "axe-core";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Checked } from "../../src/questions/checked";
import type { Panel } from "../../src/wire";
import { click, drawn, enter, hover, press, unhover } from "../events";
import { at, HEIGHT, image, panel, WIDTH } from "../view/made";
import { withKernel } from "./kernel";
import { beginning, checked, ends, flip, unfinished } from "./made-checks";

const RED = at(" red");

/** A picture that is blue on its left half and yellow on its right. */
async function picture(): Promise<Panel> {
  const canvas = new OffscreenCanvas(WIDTH, HEIGHT);
  const context = canvas.getContext("2d") as OffscreenCanvasRenderingContext2D;
  for (const [colour, left] of [
    ["#0000ff", 0],
    ["#ffff00", WIDTH / 2],
  ] as const) {
    context.fillStyle = colour;
    context.fillRect(left, 0, WIDTH / 2, HEIGHT);
  }
  const blob = await canvas.convertToBlob();
  const data = new Uint8Array(await blob.arrayBuffer());
  return panel({ images: [await image({ data })] });
}

const locked = { selected: [[0, RED]] };
const model = async (more: object = {}) =>
  withKernel([await picture()], { _questions: [["check"]], _known: [{}], ...locked, ...more });
const known = async (entries: readonly Checked[], more: object = {}) =>
  withKernel([await picture()], {
    _questions: [[]],
    _known: [{ check: { entries, left_out: 0 } }],
    ...locked,
    ...more,
  });

type View = Awaited<ReturnType<typeof model>>["view"];

const buttonOf = (view: View) => view.find<HTMLButtonElement>('button[data-question="check"]');
const line = (view: View, name: string) =>
  view.find(`.tam-curve .tam-line-${name}`).getAttribute("d") as string;
const points = (view: View) => view.all(".tam-curve-points circle").length;
const slider = (view: View) => view.find<HTMLInputElement>('.tam-check input[type="range"]');
const value = (view: View) => view.text(".tam-check-value");

/** The colour at a place of the filled parts, in shares of the picture; "" where none is. */
function filled(view: View, x: number, y: number): string {
  const [canvas] = view.all("canvas.tam-filled") as HTMLCanvasElement[];
  if (!canvas) return "";
  const context = canvas.getContext("2d") as CanvasRenderingContext2D;
  const { data } = context.getImageData(x * canvas.width, y * canvas.height, 1, 1);
  return data[3] === 0 ? "" : [...data.subarray(0, 3)].join(" ");
}

describe("the button", () => {
  it("is there at a locked word of the answer that a model can be asked about", async () => {
    const { view } = await model();
    expect(buttonOf(view).textContent).toBe("check this");
    expect(buttonOf(view).title).toContain("“red”");
    view.model.set("selected", [[0, 0]]); // of the prompt
    expect(buttonOf(view).hidden).toBe(true);
    view.model.set("selected", []);
    expect(buttonOf(view).hidden).toBe(true);
  });

  it("says what is known, without a model", async () => {
    const { view } = await known([checked()]);
    expect(buttonOf(view).textContent).toBe("checked");
    view.model.set("selected", [[0, at(" sea")]]);
    expect(buttonOf(view).hidden).toBe(true);
    view.model.set("selected", []);
    expect(buttonOf(view).textContent).toBe("checked words");
  });
});

describe("a check that runs", () => {
  it("asks at once, draws the points as they come, and ends with a verdict", async () => {
    const { view, sent, say, press } = await model({ method: "cam" });
    await press("check");
    expect(sent).toMatchObject([{ name: "check", panel: 0, tokens: [RED], method: "cam" }]);
    say("running", { done: 2, total: 62, data: beginning() });
    expect(view.text(".tam-check .tam-set .tam-output")).toBe("2 of 62");
    expect(points(view)).toBe(3);
    expect(line(view, "band")).toBe("");
    expect(line(view, "random")).toBe("");
    expect(view.text(".tam-check-verdict")).toBe("");
    say("running", { done: 62, total: 62, data: unfinished() });
    expect(points(view)).toBe(5);
    expect(line(view, "band")).toMatch(/^M.*Z$/);
    say("done", { data: checked({ label: "plain CAM", method: "cam" }) });
    await drawn();
    expect(view.text(".tam-check-verdict")).toContain("faster than random orders do: area .21");
    expect(view.button("check again").hidden).toBe(false);
    expect(view.find(".tam-check progress").checkVisibility()).toBe(false);
  });

  it("can be stopped, and what was drawn stays", async () => {
    const { view, sent, say, press } = await model();
    await press("check");
    say("running", { done: 2, total: 62, data: beginning() });
    click(view.button("stop"));
    expect(sent[1].kind).toBe("stop");
    say("stopped");
    await drawn();
    expect(view.text('.tam-check [role="status"]')).toContain("Stopped: this curve is unfinished");
    expect(points(view)).toBe(3);
    expect(view.button("start").checkVisibility()).toBe(true);
    expect(view.all(".tam-failed")).toEqual([]);
  });

  it("leaves no empty axes if only its ends were read", async () => {
    const { view, say, press } = await model();
    await press("check");
    say("running", { done: 2, total: 62, data: ends() });
    expect(view.find(".tam-check-result").checkVisibility()).toBe(true);
    click(view.button("stop"));
    await drawn();
    expect(view.text('.tam-check [role="status"]')).toContain("nothing of this check is kept");
    expect(view.find(".tam-check-result").checkVisibility()).toBe(false);
    expect(view.text(".tam-check-word")).toBe("“red”");
  });

  it("has one button of its name, and another inside that starts it", async () => {
    const { view, sent, press } = await known([checked()], {
      _questions: [["check"]],
    });
    await press("check");
    view.model.set("selected", [[0, at(" sea")]]);
    const names = view.all("button").map(({ textContent }) => textContent);
    expect(names.filter((name) => name === "check this")).toHaveLength(1);
    click(view.button("start"));
    expect(sent).toMatchObject([{ name: "check", tokens: [at(" sea")] }]);
  });

  it("is not offered again for the same map", async () => {
    const own = checked({ fill: "mean", settings: { eci: 1, kernel_size: 3, border: "repeat" } });
    const { view, press } = await known([own], { _questions: [["check"]] });
    const offered = () =>
      view
        .all(".tam-check > .tam-set > button")
        .flatMap((one) => (one.checkVisibility() ? [one.textContent] : []));
    await press("check");
    expect(offered()).toEqual([]);
    view.model.set("eci", 0.5);
    expect(offered()).toEqual(["check again"]);
    view.model.set("eci", 1);
    view.model.set("layer", 1);
    expect(offered()).toEqual(["check again"]);
    view.model.set("layer", 0);
    view.model.set("opacity", 0.5);
    expect(offered()).toEqual([]);
    view.model.set("method", "cam");
    expect(offered()).toEqual(["check plain CAM"]);
  });

  it("says why it failed, and can be asked again", async () => {
    const { view, sent, say, press } = await model();
    await press("check");
    say("failed", { message: "no map of it" });
    await drawn();
    expect(view.text('.tam-check [role="status"]')).toBe("no map of it");
    expect(view.text(".tam-failed")).toBe("no map of it");
    expect(view.all(".tam-check-result")[0].hidden).toBe(true);
    const again = view.all(".tam-check button").find((one) => one.textContent === "start");
    click(again as HTMLElement);
    expect(sent).toHaveLength(2);
  });

  it("keeps what was drawn when the kernel is gone, also when it is asked in vain", async () => {
    const { view, sent, say, press, die } = await model();
    await press("check");
    say("running", { done: 2, total: 62, data: beginning() });
    die();
    await drawn();
    expect(view.text('.tam-check [role="status"]')).toContain("kernel of this view is gone");
    const again = view.all(".tam-check button").find((one) => one.textContent === "start");
    click(again as HTMLElement);
    await drawn();
    expect(points(view)).toBe(3);
    expect(view.text('.tam-check [role="status"]')).toContain("kernel of this view is gone");
    expect(sent).toHaveLength(1);
  });

  it("is stopped when the region is closed", async () => {
    const { sent, press } = await model();
    await press("check");
    await press("check");
    expect(sent.map(({ kind }) => kind)).toEqual(["question", "stop"]);
  });

  it("stays with its word while another is locked", async () => {
    const { view, say, press } = await model();
    await press("check");
    say("running", { done: 2, total: 62, data: beginning() });
    view.model.set("selected", [[0, at(" sea")]]);
    expect(view.text(".tam-check-word")).toContain("“red”");
    say("done", { data: checked() });
    await drawn();
    expect(view.text(".tam-check-word")).toContain("“red”");
    view.model.set("selected", [[0, at(" over")]]);
    expect(view.text(".tam-check-word")).toContain("“over”");
  });

  it("takes a word of pieces together", async () => {
    const tokens = [at(" air"), at("plane")];
    const { view, sent, say, press } = await model({ selected: tokens.map((i) => [0, i]) });
    await press("check");
    expect(sent[0].tokens).toEqual(tokens);
    say("done", { data: checked({ tokens }) });
    await drawn();
    expect(view.text(".tam-curve text")).toContain("“airplane”");
    expect(view.text(".tam-check")).toContain("product of its 2 pieces’");
  });
});

describe("the picture", () => {
  it("greys in step with the curve that is pointed at", async () => {
    const { view, press } = await known([checked()]);
    await press("check");
    expect(filled(view, 0.5, 0.05)).toBe("");
    const svg = view.find<SVGElement & HTMLElement>(".tam-curve svg");
    hover(svg, { x: 0.54 });
    expect(value(view)).toBe("50 % removed: “red” .10, random orders .70");
    expect(filled(view, 0.5, 0.05)).toBe("0 0 0");
    expect(filled(view, 0.5, 0.95)).toBe("");
    expect(view.find(".tam-stage").classList).toContain("tam-greyed");
    unhover(svg);
    expect(filled(view, 0.5, 0.05)).toBe("");
    click(svg); // the middle
    unhover(svg);
    expect(value(view)).toContain("50 %");
    expect(filled(view, 0.5, 0.05)).toBe("0 0 0");
  });

  it("follows the slider, and the other way round for insertion", async () => {
    const { view, press } = await known([checked({ fill: "mean" })]);
    await press("check");
    enter(slider(view), 1);
    expect(filled(view, 0.1, 0.1)).toBe("128 128 128");
    expect(filled(view, 0.1, 0.9)).toBe("");
    expect(slider(view).getAttribute("aria-valuetext")).toContain("25 % removed: “red” .20");
    enter(slider(view), 4);
    expect(filled(view, 0.1, 0.9)).toBe("128 128 128");
    click(view.button("insertion"));
    enter(slider(view), 1);
    expect(value(view)).toBe("25 % shown: “red” .80, random orders .50");
    expect(filled(view, 0.1, 0.1)).toBe("");
    expect(filled(view, 0.1, 0.9)).toBe("128 128 128");
  });

  it("gives way to the map of a word that is pointed at", async () => {
    const { view, press } = await known([checked()]);
    await press("check");
    enter(slider(view), 2);
    hover(view.token(at(" sea")));
    expect(view.all("canvas.tam-filled")).toHaveLength(0);
    unhover(view.find(".tam-strip"));
    expect(filled(view, 0.5, 0.05)).toBe("0 0 0");
  });

  it("is itself again when the region is closed", async () => {
    const { view, press: open } = await known([checked()]);
    await open("check");
    enter(slider(view), 2);
    slider(view).focus();
    press("Escape");
    expect(view.all("canvas.tam-filled")).toHaveLength(0);
    expect(view.find(".tam-stage").classList).not.toContain("tam-greyed");
  });

  it.each(["blur", "noise"])("says that %s is drawn approximately", async (fill) => {
    const { view, press } = await known([checked({ fill })]);
    await press("check");
    enter(slider(view), 2);
    expect(filled(view, 0.5, 0.05)).not.toBe("");
    expect(view.text(".tam-check")).toMatch(new RegExp(`${fill}.*It is drawn approximately`));
  });

  it("shows squares, and no pixels", async () => {
    const squares = checked({
      units: "squares",
      squares: 2,
      steps: btoa("\x01\0\x02\0\x03\0\x04\0"),
    });
    const { view, press } = await known([squares, checked({ units: "pixels", steps: "" })]);
    await press("check");
    enter(slider(view), 1);
    expect([filled(view, 0.2, 0.2), filled(view, 0.8, 0.2)]).toEqual(["0 0 0", ""]);
    const menu = view.find<HTMLSelectElement>(".tam-check select");
    menu.value = "1";
    menu.dispatchEvent(new Event("change", { bubbles: true }));
    enter(slider(view), 1);
    expect(view.all("canvas.tam-filled")).toHaveLength(0);
    expect(view.text(".tam-check")).toContain("single pixels");
  });

  it("shows the area whose removal changes the answer", async () => {
    const { view, press } = await known([flip("A cat.")]);
    await press("check");
    expect(view.text(".tam-check-verdict")).toContain("writes “A cat.”");
    expect(view.find(".tam-curve").checkVisibility()).toBe(false);
    enter(slider(view), 1);
    expect(filled(view, 0.05, 0.05)).toBe("0 0 0");
  });
});

it("shows the check of what is locked, of several the one that is chosen", async () => {
  const other = checked({ label: "plain CAM", method: "cam" });
  const { view, press } = await known([checked(), other, checked({ tokens: [at(" sea")] })]);
  await press("check");
  const menu = view.find<HTMLSelectElement>(".tam-check select");
  expect([...menu.options].map(({ text }) => text)).toEqual(["TAM · cells", "plain CAM · cells"]);
  menu.value = "1";
  menu.dispatchEvent(new Event("change", { bubbles: true }));
  expect(view.text(".tam-curve-key")).toContain("plain CAM");
  view.model.set("selected", [[0, at(" sea")]]);
  expect(view.text(".tam-check-word")).toBe("“sea” by TAM");
});

it("tells checks of one method apart by their fill", async () => {
  const { view, press } = await known([checked(), checked({ fill: "mean" })]);
  await press("check");
  const menu = view.find<HTMLSelectElement>(".tam-check select");
  const texts = [...menu.options].map(({ text }) => text);
  expect(texts).toEqual(["TAM · cells · black", "TAM · cells · mean"]);
});

it("shows the check of the panel’s method first, and asks for it where there is none", async () => {
  const other = checked({ label: "plain CAM", method: "cam" });
  const { view, press, sent } = await model({
    method: "cam",
    _known: [{ check: { entries: [checked(), other], left_out: 0 } }],
  });
  await press("check");
  expect(view.text(".tam-curve-key")).toContain("plain CAM");
  expect(view.button("check again").checkVisibility()).toBe(true);
  view.model.set("method", "tam-no-rgf");
  click(view.button("check TAM without RGF"));
  expect(sent).toMatchObject([{ method: "tam-no-rgf" }]);
});

it("keeps its height between deletion and insertion", async () => {
  const { view, press } = await known([checked()]);
  view.root.style.width = "420px";
  await press("check");
  const region = view.find(".tam-check");
  const { height } = region.getBoundingClientRect();
  const said = view.text(".tam-check-verdict");
  click(view.button("insertion"));
  expect(view.text(".tam-check-verdict")).not.toBe(said);
  expect(region.getBoundingClientRect().height).toBe(height);
});

it("has an axis that fits improbable words", async () => {
  const low = [0.04, 0.01, 0.01, 0.01, 0.01];
  const small = checked({
    full: 0.04,
    blank: 0.01,
    curves: { method: { deletion: low, insertion: low } },
    random: { count: 0 },
  });
  const { view, press } = await known([small]);
  await press("check");
  expect(view.text(".tam-curve")).toContain(".05");
  expect(view.text(".tam-curve-key")).not.toContain("random");
});

it.each(["light", "dark"])("says in %s what went wrong so that it can be read", async (theme) => {
  // the page’s own colours, which the view follows
  const [text, background] = theme === "dark" ? ["#eee", "#111"] : ["#111", "#fff"];
  Object.assign(document.body.style, { color: text, background });
  onTestFinished(() => document.body.removeAttribute("style"));
  const { view, say, press } = await model();
  await expect.poll(() => view.root.dataset.theme).toBe(theme);
  await press("check");
  const hint = getComputedStyle(view.find(".tam-note")).color;
  say("failed", { message: "no map of it" });
  await drawn();
  const { color, borderLeftStyle } = getComputedStyle(view.find(".tam-failed"));
  expect([color === hint, borderLeftStyle]).toEqual([false, "solid"]);
  const faults = async () => {
    const { violations } = await axe.run(view.find(".tam-failed"));
    return violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`);
  };
  await expect.poll(faults).toEqual([]); // colours fade
});

it.each(["light", "dark"])("can be used by everybody in %s", async (theme) => {
  const { view, press } = await known([checked()]);
  view.root.dataset.theme = theme;
  await press("check");
  enter(slider(view), 2);
  const { violations } = await axe.run(view.root);
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`)).toEqual([]);
});
