import { expect, it } from "vitest";
import { choose, drag, drawn, enter, press } from "../../events";
import { faults } from "../../tools/opened";
import { at, HEIGHT, image, WIDTH } from "../../view/made";
import { pixels } from "../../view/opened";
import { openWay, question, take } from "./made";

const RED = at(" red");
const LOCKED = { selected: [[0, RED]] };

const painter = (stage: Element) => stage.querySelector("canvas.tam-painter") as HTMLCanvasElement;

it("writes on from a candidate, which is another word than the token itself", async () => {
  const asked = await openWay(null, LOCKED);
  const names = asked.view.all(".tam-way .tam-word").map(({ textContent }) => textContent);
  expect(names).toEqual(["blue", '"\\n"']);
  await take(asked, "blue .20");
  expect(question(asked)).toMatchObject({
    name: "what-if",
    panel: 0,
    write_on: { token: RED, id: 501 },
  });
});

it("writes on from any word that is typed", async () => {
  const asked = await openWay(null, LOCKED);
  const field = asked.view.find<HTMLInputElement>(".tam-way input");
  enter(field, "green");
  field.focus();
  press("Enter");
  expect(question(asked)).toMatchObject({ write_on: { token: RED, word: "green" } });
});

it("says what is missing if no word is typed", async () => {
  const asked = await openWay(null, LOCKED);
  await take(asked, "write on from here");
  expect(asked.view.text(".tam-way")).toContain("or write one first");
  expect(question(asked)).toBeUndefined();
});

it("says that a word must be locked first, and follows the one that is", async () => {
  const asked = await openWay("write on from another word");
  const { view } = asked;
  expect(view.text(".tam-way")).toContain("Click a word of the answer");
  view.model.set("selected", [[0, 0]]); // a word of the prompt
  expect(view.text(".tam-way")).toContain("Click a word of the answer");
  view.model.set("selected", [[0, RED]]);
  expect(view.text(".tam-way")).toContain("In the place of “red”");
});

it("paints with a brush in pixels of the full-size image", async () => {
  const asked = await openWay("paint over");
  const stage = asked.view.find(".tam-stage");
  drag(painter(stage), { x: 0.25, y: 0.5 }, { x: 0.75, y: 0.5 });
  await drawn();
  choose(asked.view.find<HTMLSelectElement>(".tam-way select"), "black");
  await take(asked, "ask again");
  const radius = Math.round(0.06 * HEIGHT);
  expect(question(asked)?.paint).toEqual({
    image: 0,
    strokes: [
      {
        points: [
          [WIDTH / 4, HEIGHT / 2],
          [(3 * WIDTH) / 4, HEIGHT / 2],
        ],
        radius,
      },
    ],
    boxes: [],
    fill: "black",
  });
});

it("leaves the picture’s own box alone while a person paints", async () => {
  const { view } = await openWay("paint over");
  drag(painter(view.find(".tam-stage")), { x: 0.2, y: 0.2 }, { x: 0.8, y: 0.8 });
  expect(view.state.box ?? []).toEqual([]);
});

it("shows what will be filled, takes it back, and clears it", async () => {
  const asked = await openWay("paint over");
  const { view } = asked;
  const canvas = painter(view.find(".tam-stage"));
  const empty = pixels(canvas);
  await take(asked, "box");
  drag(canvas, { x: 0.1, y: 0.1 }, { x: 0.6, y: 0.6 });
  const one = pixels(canvas);
  expect(view.text(".tam-way [role=status]")).toBe("25 % of the picture will be painted over.");
  drag(canvas, { x: 0.7, y: 0.7 }, { x: 0.9, y: 0.9 });
  expect(new Set([empty, one, pixels(canvas)]).size).toBe(3);
  await take(asked, "undo");
  expect(pixels(canvas)).toBe(one);
  await take(asked, "clear");
  expect(pixels(canvas)).toBe(empty);
  await take(asked, "ask again");
  expect(question(asked)).toBeUndefined();
  expect(view.text(".tam-way")).toContain("Paint something over first.");
  await take(asked, "undo");
  expect(pixels(canvas)).toBe(one);
});

it("previews every fill differently", async () => {
  const photo = new OffscreenCanvas(WIDTH, HEIGHT);
  const context = photo.getContext("2d") as OffscreenCanvasRenderingContext2D;
  for (let x = 0; x < WIDTH; x += 4) {
    context.fillStyle = `hsl(${4 * x} 90% 50%)`;
    context.fillRect(x, 0, 4, HEIGHT);
  }
  const data = new Uint8Array(await (await photo.convertToBlob()).arrayBuffer());
  const { view } = await openWay("paint over", {}, { images: [await image({ data })] });
  const canvas = painter(view.find(".tam-stage"));
  drag(canvas, { x: 0.25, y: 0.5 }, { x: 0.75, y: 0.5 });
  const seen = ["mean", "blur", "black", "noise"].map((fill) => {
    choose(view.find<HTMLSelectElement>(".tam-way select"), fill);
    return pixels(canvas);
  });
  expect(new Set(seen).size).toBe(4);
});

it("adds boxes with the keyboard, and takes them back with the usual keys", async () => {
  const asked = await openWay("paint over");
  const { view } = asked;
  view.find(".tam-stage").focus();
  press("ArrowRight");
  press(" ");
  press("ArrowRight");
  press(" ");
  press("z", { ctrlKey: true });
  await take(asked, "ask again");
  expect(question(asked)?.paint).toMatchObject({ boxes: [[40, 30, 50, 40]] });
});

it("adds a box that was drawn before", async () => {
  const asked = await openWay("paint over", { box: [0, 0, 10, 10, 30, 40] });
  await take(asked, "add the drawn box");
  await take(asked, "ask again");
  expect(question(asked)?.paint).toMatchObject({ boxes: [[10, 10, 30, 40]], fill: "mean" });
});

it("changes the picture that was painted on last", async () => {
  const images = [await image(), await image({ width: 40, height: 40 })];
  const asked = await openWay("paint over", {}, { images });
  const [first, second] = asked.view.all(".tam-stage");
  drag(painter(first), { x: 0.2, y: 0.2 }, { x: 0.4, y: 0.4 });
  drag(painter(second), { x: 0.5, y: 0.5 }, { x: 0.5, y: 0.5 });
  expect(asked.view.text(".tam-way")).toContain("image 2 will be painted over");
  await take(asked, "ask again");
  expect(question(asked)?.paint).toMatchObject({
    image: 1,
    strokes: [{ points: [[20, 20]], radius: 2 }],
  });
});

it("crops to the box", async () => {
  const asked = await openWay("crop");
  expect(asked.view.text(".tam-way")).toContain("Draw a box");
  drag(asked.view.find(".tam-stage"), { x: 0.25, y: 0.5 }, { x: 0.75, y: 1 });
  await take(asked, "crop and ask again");
  expect(question(asked)?.crop).toEqual({ image: 0, box: [20, 30, 60, 60] });
});

it("reads another answer, but not the same again", async () => {
  const asked = await openWay("read another answer");
  const field = asked.view.find<HTMLTextAreaElement>(".tam-way textarea");
  expect(field.value).toBe("A red airplane over sea.");
  await take(asked, "read this instead");
  expect(question(asked)).toBeUndefined();
  expect(asked.view.text(".tam-way")).toContain("Change the answer first.");
  enter(field, "A blue ship.");
  await take(asked, "read this instead");
  expect(question(asked)?.answer).toBe("A blue ship.");
});

it("waits, says how far the model is, and stops it", async () => {
  const asked = await openWay("read another answer");
  const { view, sent, say } = asked;
  enter(view.find<HTMLTextAreaElement>(".tam-way textarea"), "A blue ship.");
  await take(asked, "read this instead");
  expect(view.panel(0).textContent).toContain("Waiting for the model");
  expect(document.activeElement?.textContent).toBe("stop");
  say("waiting");
  expect(view.panel(0).textContent).toContain("Waiting for the model");
  say("running", { done: 0, total: 1 });
  expect(view.panel(0).textContent).toContain("The model reads …");
  say("running", { done: 3, total: 20 });
  expect(view.panel(0).textContent).toContain("The model writes:3 of at most 20 tokens");
  await take(asked, "stop");
  expect(sent.at(-1)).toMatchObject({ kind: "stop", id: question(asked)?.id });
  await expect.poll(() => view.text(".tam-question")).toContain("Stopped.");
  say("running", { done: 4, total: 20 });
  expect(view.text(".tam-question")).toMatch(/own\.Stopped\.stop(?:Terms: [^.]*\.)?$/);
  expect(view.button("stop").hidden).toBe(true);
});

it("keeps what was typed and painted when the model fails or is gone", async () => {
  const asked = await openWay("paint over");
  const { view, say, die } = asked;
  const canvas = painter(view.find(".tam-stage"));
  drag(canvas, { x: 0.25, y: 0.5 }, { x: 0.75, y: 0.5 });
  const before = pixels(canvas);
  await take(asked, "ask again");
  say("failed", { message: "the region hides all of the picture" });
  await expect.poll(() => view.panel(0).textContent).toContain("hides all of the picture");
  expect(view.text(".tam-failed")).toBe("the region hides all of the picture");
  expect(pixels(canvas)).toBe(before);
  await take(asked, "read another answer");
  enter(view.find<HTMLTextAreaElement>(".tam-way textarea"), "A blue ship.");
  await take(asked, "read this instead");
  die();
  await expect.poll(() => view.panel(0).textContent).toContain("The kernel of this view is gone");
  expect(view.find<HTMLTextAreaElement>(".tam-way textarea").value).toBe("A blue ship.");
  expect(view.find<HTMLFieldSetElement>(".tam-way").disabled).toBe(false);
});

it("keeps what was typed and painted when it is closed and opened again", async () => {
  const asked = await openWay("paint over");
  const stage = asked.view.find(".tam-stage");
  drag(painter(stage), { x: 0.25, y: 0.5 }, { x: 0.75, y: 0.5 });
  const before = pixels(painter(stage));
  await asked.press("what-if");
  expect(stage.querySelector("canvas.tam-painter")).toBeNull();
  await asked.press("what-if");
  expect(pixels(painter(stage))).toBe(before);
});

it("has no ways through a picture where there is none", async () => {
  const { view } = await openWay(
    null,
    {},
    { images: [], grids: [], activations: new Float32Array() },
  );
  expect(view.all(".tam-ways button").map(({ textContent }) => textContent)).toEqual([
    "write on from another word",
    "read another answer",
  ]);
});

for (const way of ["write on from another word", "paint over", "crop", "read another answer"])
  it(`is accessible: ${way}`, async () => {
    const { view } = await openWay(way, LOCKED);
    expect(await faults(view)).toEqual([]);
  });
