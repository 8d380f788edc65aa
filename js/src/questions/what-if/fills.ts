/** Previews of what painted regions are filled with, as in Python's `fills.py`. */

export type Fill = "mean" | "blur" | "black" | "noise";

export const FILLS: readonly (readonly [Fill, label: string])[] = [
  ["mean", "mean colour"],
  ["blur", "blur"],
  ["black", "black"],
  ["noise", "noise"],
];

/** Pixels along a preview's longer side. */
const SIDE = 192;

/** Blurs leave this many pixels of the longer side. */
const BLURRED = 4;

interface Size {
  readonly width: number;
  readonly height: number;
}

interface Drawing {
  readonly canvas: OffscreenCanvas;
  readonly context: OffscreenCanvasRenderingContext2D;
}

/** A small picture that is stretched over the whole one. */
export function previewOf(fill: Fill, photo: CanvasImageSource, size: Size): OffscreenCanvas {
  if (fill === "blur") return shrunk(photo, size, BLURRED).canvas;
  const { canvas, context } = shrunk(photo, size, SIDE);
  const { width, height } = canvas;
  const pixels = context.getImageData(0, 0, width, height);
  if (fill === "noise") {
    shuffle(new Uint32Array(pixels.data.buffer));
    context.putImageData(pixels, 0, 0);
  } else {
    context.fillStyle = fill === "black" ? "#000" : mean(pixels.data);
    context.fillRect(0, 0, width, height);
  }
  return canvas;
}

function shrunk(photo: CanvasImageSource, { width, height }: Size, side: number): Drawing {
  const scale = Math.min(1, side / Math.max(width, height));
  const [across, down] = [width, height].map((all) => Math.max(1, Math.round(all * scale)));
  const canvas = new OffscreenCanvas(across, down);
  const context = canvas.getContext("2d") as OffscreenCanvasRenderingContext2D;
  context.imageSmoothingQuality = "high";
  context.drawImage(photo, 0, 0, canvas.width, canvas.height);
  return { canvas, context };
}

function mean(data: Uint8ClampedArray): string {
  const sums = [0, 0, 0];
  for (let i = 0; i < data.length; i++) if (i % 4 < 3) sums[i % 4] += data[i];
  return `rgb(${sums.map((sum) => Math.round(sum / (data.length / 4))).join(" ")})`;
}

/** Fisher and Yates, with random numbers that are the same every time. */
function shuffle(values: Uint32Array): void {
  let seed = 1;
  for (let last = values.length - 1; last > 0; last--) {
    seed = (1664525 * seed + 1013904223) % 2 ** 32;
    const other = Math.floor((seed / 2 ** 32) * (last + 1));
    [values[last], values[other]] = [values[other], values[last]];
  }
}
