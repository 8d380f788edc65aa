/** What a check removes from the frames of a video. */
import { expect, it } from "vitest";
import type { Panel } from "../../src/wire";
import { click, drawn, enter } from "../events";
import { at, grid, image, panel, png } from "../view/made";
import type { Opened } from "../view/opened";
import { withKernel } from "./kernel";
import { base64, checked } from "./made-checks";

const COLOURS = ["#102030", "#405060", "#708090", "#a0b0c0"];
const CELLS = 48;

/** Two grids of two frames each, after a picture if there is one; every image has one colour. */
async function video(pictures = 0): Promise<Panel> {
  const frames = COLOURS.map(async (colour, i) =>
    image({ video: 0, time: i / 10, data: await png(80, 60, colour) }),
  );
  const still = Array.from({ length: pictures }, async () => image());
  const grids = [0, 2].map((first) => grid({ image: pictures + first, frames: 2 }));
  return panel({
    images: await Promise.all([...still, ...frames]),
    grids: [...still.map((_, i) => grid({ image: i })), ...grids],
  });
}

/** Removes one grid after the other, in the order of their numbers given. */
const steps = (...order: number[]) =>
  base64(Uint16Array.from(order.flatMap((step) => Array<number>(CELLS).fill(step))));

async function opened(own: Panel, order: readonly number[], more: object = {}): Promise<Opened> {
  const entry = checked({ steps: steps(...order), fill: "mean", ...more });
  const { view, press } = await withKernel([own], {
    _questions: [[]],
    _known: [{ check: { entries: [entry], left_out: 0 } }],
    selected: [[0, at(" red")]],
  });
  await press("check");
  return view;
}

const step = (view: Opened, number: number) =>
  enter(view.find<HTMLInputElement>('.tam-check input[type="range"]'), number);
const frame = (view: Opened, number: number) =>
  enter(view.find<HTMLInputElement>(".tam-slider"), number);

/** The colour in the middle of a medium's filled parts; "" where none is. */
function filled(view: Opened, medium = 0): string {
  const stage = view.all(".tam-stage")[medium];
  const canvas = stage.querySelector<HTMLCanvasElement>("canvas.tam-filled");
  if (!canvas) return "";
  const context = canvas.getContext("2d") as CanvasRenderingContext2D;
  const middle = [canvas.width / 2, canvas.height / 2] as const;
  const { data } = context.getImageData(...middle, 1, 1);
  const hex = [...data.subarray(0, 3)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return data[3] === 0 ? "" : `#${hex}`;
}

it("greys each frame as its own grid is removed, with the frame's own mean", async () => {
  const view = await opened(await video(), [3, 1]);
  step(view, 1);
  const seen = [0, 1, 2, 3].map((number) => {
    frame(view, number);
    return filled(view);
  });
  expect(seen).toEqual(["", "", COLOURS[2], COLOURS[3]]);
  step(view, 3);
  frame(view, 0);
  expect(filled(view)).toBe(COLOURS[0]);
  click(view.button("insertion"));
  step(view, 1);
  expect(filled(view)).toBe(COLOURS[0]);
  frame(view, 3);
  expect(filled(view)).toBe("");
});

it("follows a video that plays or is led to its peak", async () => {
  const view = await opened(await video(), [3, 1]);
  step(view, 1);
  expect(filled(view)).toBe("");
  view.model.set("frame", 2);
  await drawn();
  expect(filled(view)).toBe(COLOURS[2]);
});

it("greys a picture beside a video", async () => {
  const view = await opened(await video(1), [1, 3, 2]);
  step(view, 1);
  expect([filled(view, 0), filled(view, 1)]).toEqual(["#008080", ""]);
  frame(view, 2);
  step(view, 2);
  expect([filled(view, 0), filled(view, 1)]).toEqual(["#008080", COLOURS[2]]);
});

it("removes squares of every frame apart", async () => {
  const squares = Array.from({ length: 4 }, (_, i) => Array<number>(4).fill(i === 1 ? 1 : 3));
  const view = await opened(await video(), [], {
    units: "squares",
    squares: 2,
    steps: base64(Uint16Array.from(squares.flat())),
  });
  step(view, 1);
  const seen = [0, 1, 2].map((number) => {
    frame(view, number);
    return filled(view);
  });
  expect(seen).toEqual(["", COLOURS[1], ""]);
});
