import { expect, it } from "vitest";
import { twinImage } from "../src/same-picture";
import type { StoredImage } from "../src/wire";

const [dog, cup] = [new Uint8Array([1]), new Uint8Array([1])];

function image(data: Uint8Array, more: Partial<StoredImage> = {}): StoredImage {
  return { mime: "image/png", width: 4, height: 3, video: null, time: null, data, ...more };
}

it("is the picture with the same data and size", () => {
  expect(twinImage([image(cup), image(dog)], 1, [image(dog)])).toBe(0);
  expect(twinImage([image(cup), image(dog)], 0, [image(dog)])).toBe(-1);
  expect(twinImage([image(dog)], 0, [image(dog, { width: 8 })])).toBe(-1);
});

it("is the same occurrence of a picture", () => {
  const twice = [image(dog), image(cup), image(dog)];
  expect([0, 1, 2].map((i) => twinImage(twice, i, twice))).toEqual([0, 1, 2]);
  expect([0, 1, 2].map((i) => twinImage(twice, i, [image(dog)]))).toEqual([0, -1, -1]);
});
