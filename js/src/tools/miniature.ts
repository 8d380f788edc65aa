/** Small pictures under their maps. */
import { element } from "../dom";
import type { Overlay } from "../view/paint";
import type { Opened } from "../view/tools";
import type { Drawn } from "./in-view";
import { known, photo } from "./photos";

/** Holds one map while it is drawn. */
const over = element("canvas");

export class Miniature {
  readonly canvas = element("canvas", { class: "tam-miniature", aria: { hidden: "true" } });
  readonly #side: number;
  readonly #painting: Opened["painting"];
  #wanted: Drawn | null = null;

  /** @param side longest side in pixels of the screen */
  constructor(side: number, painting: Opened["painting"]) {
    this.#side = side;
    this.#painting = painting;
  }

  /** Draws at once, or when the picture is decoded; null draws nothing. */
  draw(drawn: Drawn | null): void {
    this.#wanted = drawn;
    this.canvas.hidden = drawn === null;
    if (!drawn) return;
    const { width, height } = drawn.stored;
    const scale = (this.#side * Math.min(2, devicePixelRatio || 1)) / Math.max(width, height);
    const wide = Math.max(1, Math.round(width * scale));
    const bitmap = known(drawn.stored, wide);
    this.#resize(wide, Math.max(1, Math.round(height * scale)));
    this.#paint(drawn, bitmap ?? null);
    if (bitmap === undefined)
      void photo(drawn.stored, wide).then((made) => {
        if (this.#wanted === drawn) this.#paint(drawn, made);
      });
  }

  #resize(width: number, height: number): void {
    if (this.canvas.width !== width) this.canvas.width = width;
    if (this.canvas.height !== height) this.canvas.height = height;
  }

  #paint(drawn: Drawn, bitmap: ImageBitmap | null): void {
    const context = this.canvas.getContext("2d");
    if (context) paintPicture(context, drawn, bitmap, this.#painting);
  }
}

/** Fills a canvas with a picture under its map. */
export function paintPicture(
  context: CanvasRenderingContext2D,
  { stored, layer, overlay }: Drawn,
  bitmap: ImageBitmap | null,
  { paintHatch, paintMap }: Opened["painting"],
): void {
  const { width, height } = context.canvas;
  context.clearRect(0, 0, width, height);
  if (bitmap) context.drawImage(bitmap, 0, 0, width, height);
  paintHatch(context, stored, layer.unseen, 1);
  Object.assign(over, { width, height });
  const map = over.getContext("2d");
  if (map && overlay) paintMap(map, stored, layer, overlay);
  context.drawImage(over, 0, 0);
}

const STEPS = 256;

/** The colours of a scale, the highest value at the right, or at the top. */
export function ramp(
  overlay: Overlay,
  upright: boolean,
  { paintMap }: Opened["painting"],
): HTMLCanvasElement {
  const canvas = element("canvas", { class: "tam-ramp", aria: { hidden: "true" } });
  const [rows, cols] = upright ? [STEPS, 1] : [1, STEPS];
  Object.assign(canvas, { width: cols, height: rows });
  const cells = Int32Array.from({ length: STEPS }, (_, i) => (upright ? STEPS - 1 - i : i));
  const low = overlay.diverging ? -overlay.end : 0;
  const map = Float32Array.from(cells, (_, i) => low + ((overlay.end - low) * i) / (STEPS - 1));
  const layer = {
    surfaces: [{ rows, cols, rect: [0, 0, cols, rows] as const, cells }],
    unseen: [],
  };
  const context = canvas.getContext("2d");
  if (context) paintMap(context, canvas, layer, { ...overlay, map, cells: true });
  return canvas;
}
