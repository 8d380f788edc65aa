import { describe, expect, it } from "vitest";
import { place } from "../src/geometry";
import { frameCount, type Medium, mediaOf, whichImage } from "../src/media";
import { decodedScale, peakFrame, stay, steps, strengths } from "../src/video-frames";
import type { Grid, StoredImage } from "../src/wire";
import { fixture } from "./fixture";

const image = (video: number | null, time: number | null = null): StoredImage => ({
  mime: "image/png",
  width: 8,
  height: 8,
  video,
  time,
  data: new Uint8Array(),
});

const grid = (first: number, frames: number): Grid => ({
  rows: 1,
  cols: 2,
  rect: [0, 0, 8, 8],
  image: first,
  time: null,
  frames,
  thumbnail: false,
});

describe("media", () => {
  const mixed = [null, 0, 0, null, 1, 1, 1].map((video, i) => image(video, i / 2));

  it("are pictures and whole videos in the prompt's order", () => {
    expect(mediaOf(mixed)).toEqual([
      { first: 0, count: 1, isVideo: false, start: 0, name: "image 1" },
      { first: 1, count: 2, isVideo: true, start: 0, name: "video 1" },
      { first: 3, count: 1, isVideo: false, start: 2, name: "image 2" },
      { first: 4, count: 3, isVideo: true, start: 2, name: "video 2" },
    ]);
    expect(frameCount(mediaOf(mixed))).toBe(5);
  });

  it("keep videos apart that follow one another", () => {
    const videos = mediaOf([image(0), image(0), image(1)]);
    expect(videos.map(({ first, count }) => [first, count])).toEqual([
      [0, 2],
      [2, 1],
    ]);
  });

  it("are named only where there are several", () => {
    expect(mediaOf([image(0), image(0)])[0].name).toBe("");
    expect(whichImage([image(0, 0), image(0, 1.5)], 1)).toBe(" at 1.5 s");
    expect(whichImage([image(null)], 0)).toBe("");
    expect(whichImage(mixed, 5)).toBe(" at 2.5 s of video 2");
    expect(whichImage(mixed, 3)).toBe(" of image 2");
  });
});

interface Computed {
  readonly prompts: readonly { videos: (number | null)[]; media: Omit<Medium, "start">[] }[];
  readonly grids: readonly { image: number; frames: number }[];
  readonly peaks: readonly { map: number[]; frame: number | null }[];
}

describe("as in Python", () => {
  const { prompts, grids, peaks } = fixture<Computed>("video");

  it.each(prompts)("images of the videos $videos are grouped and named", ({ videos, media }) => {
    const found = mediaOf(videos.map((video) => image(video)));
    expect(found.map(({ start: _, ...medium }) => medium)).toEqual(media);
  });

  it.each(peaks)("$map is strongest in frame $frame", ({ map, frame }) => {
    const placed = place(grids.map((one) => grid(one.image, one.frames)));
    expect(peakFrame(strengths(Float32Array.from(map), placed, 0, 6))).toBe(frame);
  });
});

describe("strengths", () => {
  const grids = place([grid(3, 2), grid(5, 2), grid(7, 1)]);
  const map = Float32Array.of(0.1, 0.5, 0, 0.25, 1, 0.75);

  it("are the largest value of the grid that covers each frame", () => {
    expect([...strengths(map, grids, 3, 6)]).toEqual([0.5, 0.5, 0.25, 0.25, 1, 0]);
  });

  it("stay within the video", () => {
    expect([...strengths(map, grids, 4, 2)]).toEqual([0.5, 0.25]);
  });

  it("take the strongest of the tiles of a frame", () => {
    expect([...strengths(map, place([grid(0, 1), grid(0, 1)]), 0, 1)]).toEqual([0.5]);
  });

  it("have a peak at the first of the strongest frames, none where nothing is strong", () => {
    expect(peakFrame(Float32Array.of(0, 0.5, 0.5))).toBe(1);
    expect(peakFrame(new Float32Array(3))).toBeNull();
  });

  it("are drawn as one step a frame, down from the end of the scale", () => {
    expect(steps(Float32Array.of(0.5, 1), 1)).toBe("M0 1V0.500H1V0.000H2V1Z");
    expect(steps(Float32Array.of(0.5), 0)).toBe("M0 1V0.500H1V1Z");
  });
});

describe("frames", () => {
  it("stay as long as in the video, at most ten and at least two a second", () => {
    expect(stay(1, 1.25)).toBe(250);
    expect(stay(0, 1 / 30)).toBe(100);
    expect(stay(0, 4)).toBe(500);
    expect(stay(3, null)).toBe(250);
  });

  it("are decoded smaller where they are large or many", () => {
    expect(decodedScale(640, 480, 32)).toBe(1);
    expect(decodedScale(4096, 2048, 1)).toBe(0.25);
    expect(768 * (500 * decodedScale(500, 500, 768)) ** 2).toBeCloseTo(64e6);
  });
});
