/** Small pictures under their maps. */
import { element } from "../dom";
import { paintHatch, paintMap } from "../view/paint";
import type { Drawn } from "./in-view";
import { known, photo } from "./photos";

/** Holds one map while it is drawn. */
const over = element("canvas");

export class Miniature {
  readonly canvas = element("canvas", { class: "tam-miniature", aria: { hidden: "true" } });
  readonly #side: number;
  #wanted: Drawn | null = null;

  /** @param side longest side in pixels of the screen */
  constructor(side: number) {
    this.#side = side;
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
    if (context) paintPicture(context, drawn, bitmap);
  }
}

/** Fills a canvas with a picture under its map. */
export function paintPicture(
  context: CanvasRenderingContext2D,
  { stored, layer, overlay }: Drawn,
  bitmap: ImageBitmap | null,
): void {
  const { width, height } = context.canvas;
  context.clearRect(0, 0, width, height);
  if (bitmap) context.drawImage(bitmap, 0, 0, width, height);
  paintHatch(context, stored, layer.unseen, 1);
  Object.assign(over, { width, height });
  const map = over.getContext("2d");
  if (map) paintMap(map, stored, layer, overlay);
  context.drawImage(over, 0, 0);
}
