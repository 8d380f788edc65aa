import { expect, it, vi } from "vitest";
import { click, drag, enter, hover, press } from "../events";
import { at, grid, image, panel, png } from "./made";
import { type Opened, open, pixels } from "./opened";

/** A video, at ten frames a second if nothing else is asked; each grid covers two frames. */
async function video(frames: number, more: object = {}, rate = 10) {
  const colours = ["navy", "teal", "olive", "maroon", "purple", "green"];
  const images = await Promise.all(
    Array.from({ length: frames }, async (_, i) => ({
      ...(await image({ video: 0, time: i / rate })),
      data: await png(80, 60, colours[i % colours.length]),
    })),
  );
  const grids = Array.from({ length: frames / 2 }, (_, i) => grid({ image: 2 * i, frames: 2 }));
  return panel({ images, grids, ...more });
}

const slider = (view: Opened) => view.find<HTMLInputElement>(".tam-slider");
const frame = (view: Opened, panel = 0) => view.all(".tam-video")[panel].dataset.frame;
const play = (view: Opened) => view.find(".tam-play");

it("shows every frame with its own picture and its grid's map", async () => {
  const view = await open([await video(4)], { selected: [[0, at(" red")]] });
  const photo = view.find<HTMLCanvasElement>("canvas.tam-photo");
  const seen = [3, 2, 1, 0].map((number) => {
    enter(slider(view), number);
    expect(view.state.frame).toBe(number);
    expect(frame(view)).toBe(String(number));
    return [pixels(photo), view.overlay()];
  });
  expect(new Set(seen.map(([picture]) => picture)).size).toBe(4);
  expect(seen[0][1]).toBe(seen[1][1]);
  expect(seen[2][1]).toBe(seen[3][1]);
  expect(seen[0][1]).not.toBe(seen[2][1]);
});

it("tells place, time and strength of a frame", async () => {
  const view = await open([await video(4)], { frame: 2 });
  expect(view.text(".tam-when")).toBe("3/4 · 0.2 s");
  expect(slider(view).getAttribute("aria-valuetext")).toBe("frame 3 of 4, 0.2 s");
  expect(view.button("peak").disabled).toBe(true);
  hover(view.token(at(" red")));
  expect(slider(view).getAttribute("aria-valuetext")).toMatch(/, strength \d?\.\d\d$/);
});

it("leads to the frame in which a word is strongest", async () => {
  const view = await open([await video(4)], { selected: [[0, at(" red")]] });
  expect(view.find(".tam-timeline path").getAttribute("d")).toMatch(/^M0 1V/);
  click(view.button("peak")); // token 3 lights the second of the two grids
  expect(view.state.frame).toBe(2);
});

it("plays to the end, pauses on demand, and starts again from the beginning", async () => {
  const view = await open([await video(4)]);
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  try {
    click(play(view));
    expect(play(view).getAttribute("aria-label")).toBe("Pause");
    vi.advanceTimersByTime(100);
    expect(view.state.frame).toBe(1);
    click(play(view));
    vi.advanceTimersByTime(1000);
    expect([view.state.frame, play(view).getAttribute("aria-label")]).toEqual([1, "Play"]);
    click(play(view));
    vi.advanceTimersByTime(5000);
    expect([view.state.frame, play(view).getAttribute("aria-label")]).toEqual([3, "Play"]);
    click(play(view));
    expect(view.state.frame).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});

it("pauses when a frame is chosen by hand, and out of sight", async () => {
  const view = await open([await video(6, {}, 2)]);
  click(play(view));
  enter(slider(view), 3);
  expect(play(view).getAttribute("aria-label")).toBe("Play");
  enter(slider(view), 0);
  click(play(view));
  view.root.style.marginTop = "5000px";
  await expect.poll(() => play(view).getAttribute("aria-label"), { interval: 5 }).toBe("Play");
  expect(view.state.frame).toBeLessThan(5);
});

it("plays by the space bar, and leaves other keys to the slider", async () => {
  const view = await open([await video(4)]);
  const heard = vi.fn();
  document.addEventListener("keydown", heard);
  slider(view).focus();
  expect(press(" ")).toBe(false);
  expect(play(view).getAttribute("aria-label")).toBe("Pause");
  expect(press("ArrowRight")).toBe(true);
  document.removeEventListener("keydown", heard);
  expect(heard).not.toHaveBeenCalled();
});

it("keeps a box, and asks the frame in view", async () => {
  const view = await open([await video(4)], { method: "tam-no-rgf", frame: 2 });
  drag(view.find(".tam-stage"), { x: 0.1, y: 0.1 }, { x: 0.9, y: 0.9 });
  expect((view.state.box as number[])[1]).toBe(2);
  const words = () => view.all(".tam-ranking .tam-word").map((word) => word.textContent);
  await expect.poll(words, { interval: 5 }).toContain("red"); // of the second grid
  enter(slider(view), 0);
  await expect.poll(words, { interval: 5 }).toContain("air"); // of the first grid
  expect(view.find(".tam-box").hidden).toBe(false);
});

it("shares the frame among panels as far as they have it", async () => {
  const view = await open([await video(2), await video(4, { title: "model-b" })]);
  view.model.set("frame", 3);
  expect([frame(view, 0), frame(view, 1)]).toEqual(["1", "3"]);
});

it("says how many frames are lost", async () => {
  const made = await video(4);
  const images = made.images.map((one, i) => (i > 1 ? { ...one, data: new Uint8Array(9) } : one));
  const view = await open([{ ...made, images }]);
  expect(view.text(".tam-video > .tam-note")).toBe("2 frames cannot be shown.");
  enter(slider(view), 3);
  expect(frame(view)).toBe("3");
});
