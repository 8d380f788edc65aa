import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { click, drawn } from "../events";
import { SAMPLES } from "./made";
import { type OpenedGallery, open } from "./opened";

const single = SAMPLES.map(({ id, runs }) => ({ id, runs: runs.slice(0, 1) }));
const GIF = Uint8Array.from(atob("R0lGODlhAQABAIAAAP///wAAACwAAAAAAQABAAACAkQBADs="), (letter) =>
  letter.charCodeAt(0),
);

function entry(id: string, noun: number) {
  const run = { word: noun, answer: `answer of ${id}`, rect: [0, 0, 1, 1], size: [4, 3] };
  return { id, nouns: [noun], buffers: [0, 0], runs: [{ ...run, picture: 0, map: 1 }] };
}

const SAVED = {
  _pictures: JSON.stringify({ samples: [entry("b", 0), entry("c", 0)] }),
  _picture_buffers: [GIF],
};

const images = (view: OpenedGallery, id: string) =>
  [...view.card(id).querySelectorAll("img")].map((img) => !img.hidden);
const blank = (view: OpenedGallery, id: string) =>
  view.card(id).querySelector(".tam-no-thumbnail")?.textContent;
const notice = (view: OpenedGallery) => view.text(".tam-gallery-view > .tam-message");

beforeEach(() => vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
afterEach(() => vi.useRealTimers());

describe("pictures that a notebook has saved", () => {
  it("are shown at once; of another noun without its map", async () => {
    const view = await open(single, SAVED);
    await drawn();
    expect(images(view, "b")).toEqual([true, true]);
    expect(images(view, "c")).toEqual([true, false]); // its worst noun is another
    expect(images(view, "a")).toEqual([false, false]);
    expect(notice(view)).toBe("");
  });

  it("are all there is without a kernel, and other cards say what they need", async () => {
    const view = await open(single, SAVED);
    vi.advanceTimersByTime(4000);
    await drawn();
    await drawn();
    expect(blank(view, "a")).toBe("needs a running notebook");
    expect(blank(view, "b")).toBe("");
    expect(notice(view)).toContain("Only the first 2 samples have pictures here");
  });

  it("stand in for the explanation as soon as the kernel is known to be gone", async () => {
    const view = await open(single, SAVED);
    vi.advanceTimersByTime(4000);
    await drawn();
    click(view.card("b"));
    await drawn();
    vi.advanceTimersByTime(1);
    await drawn();
    expect(view.text(".tam-fallback")).toContain("answer of b");
    expect(notice(view)).toContain("Only the first 2 samples");
  });

  it("make way for those of the kernel", async () => {
    const view = await open(single, SAVED);
    vi.advanceTimersByTime(4000);
    await drawn();
    const run = { answer: "", rect: [0, 0, 1, 1], size: [4, 3], picture: 0, map: -1 };
    const samples = single.map(({ id }) => ({ id, runs: [run] }));
    const asked = view.kernel
      .requests("pictures")
      .at(-1)
      ?.samples.map(([id]) => id);
    expect(asked).toEqual(expect.arrayContaining(["a", "b"]));
    view.kernel.answer({ kind: "pictures", samples }, [GIF]);
    await drawn();
    await drawn();
    expect(images(view, "a")).toEqual([true, false]);
    expect(images(view, "b")).toEqual([true, false]);
    expect(notice(view)).toBe("");
  });
});
