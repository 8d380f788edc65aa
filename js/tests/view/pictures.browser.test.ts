import { expect, it } from "vitest";
import { click } from "../events";
import { at, grid, HEIGHT, image, panel, WIDTH } from "./made";
import { open } from "./opened";

it("describes a picture to a screen reader", async () => {
  const view = await open([await panel()]);
  const photo = view.find<HTMLImageElement>("img.tam-photo");
  expect(photo.alt).toBe("Picture, 80 × 60 pixels, that model-a answered about");
  expect(photo.naturalWidth).toBe(WIDTH);
});

it("shows words in the place of a picture that cannot be read", async () => {
  const view = await open([await panel({ images: [await image({ data: new Uint8Array(9) })] })]);
  expect(view.text(".tam-stage .tam-note")).toBe("The picture cannot be shown.");
  click(view.token(at(" red")));
  expect(view.locked()).toEqual([at(" red")]);
});

it("names pictures and videos that stand together, with the times of what was sampled", async () => {
  const images = [await image(), await image({ video: 0, time: 0 }), await image()];
  const grids = [grid(), grid({ image: 1 }), grid({ image: 2, time: [0, 1.5] })];
  const view = await open([await panel({ images, grids })]);
  const captions = view.all("figcaption").map((caption) => caption.textContent);
  expect(captions).toEqual(["image 1", "video 1", "image 2 · 0.0–1.5 s"]);
  expect(view.find(".tam-images").classList).toContain("tam-several");
});

it("shows tiles, or the thumbnail in their place", async () => {
  const left = grid({ rect: [0, 0, WIDTH / 2, HEIGHT] });
  const right = grid({ rect: [WIDTH / 2, 0, WIDTH, HEIGHT] });
  const whole = grid({ rows: 3, cols: 4, thumbnail: true });
  const made = await panel({ grids: [left, right, whole] });
  const view = await open([made], { selected: [[0, at("plane")]] });
  const tiles = view.overlay();
  click(view.button("thumbnail"));
  expect(view.state.thumbnail).toBe(true);
  expect(view.button("thumbnail").getAttribute("aria-pressed")).toBe("true");
  expect(view.overlay()).not.toBe(tiles);
});

it("offers no thumbnail where there is none", async () => {
  const view = await open([await panel()]);
  expect(() => view.button("thumbnail")).toThrow("no such button");
});

it("follows its width: words beside one picture where there is room, below it where not", async () => {
  const view = await open([await panel()]);
  const wide = () => view.find(".tam-explorer").classList.contains("tam-wide");
  expect(wide()).toBe(true);
  const canvas = view.find<HTMLCanvasElement>("canvas.tam-overlay");
  const before = canvas.width;
  view.root.style.width = "300px";
  await expect.poll(wide, { interval: 5 }).toBe(false);
  await expect.poll(() => canvas.width, { interval: 5 }).toBeLessThan(before);
});
