/** What is painted over on one picture, in pixels of the full-size image. */
import type { Rect } from "../../wire";

export type Point = readonly [x: number, y: number];

/** A line of a round brush. */
export interface Stroke {
  readonly points: readonly Point[];
  readonly radius: number;
}

type Mark = Stroke | Rect;

const isStroke = (mark: Mark): mark is Stroke => "points" in mark;

export class Painting {
  /** What was painted before each change, the latest last. */
  readonly #before: (readonly Mark[])[] = [];
  #marks: readonly Mark[] = [];

  get strokes(): readonly Stroke[] {
    return this.#marks.filter(isStroke);
  }

  get boxes(): readonly Rect[] {
    return this.#marks.filter((mark): mark is Rect => !isStroke(mark));
  }

  get empty(): boolean {
    return this.#marks.length === 0;
  }

  get undoable(): boolean {
    return this.#before.length > 0;
  }

  add(mark: Mark): void {
    this.#become([...this.#marks, mark]);
  }

  clear(): void {
    if (!this.empty) this.#become([]);
  }

  undo(): void {
    this.#marks = this.#before.pop() ?? [];
  }

  #become(marks: readonly Mark[]): void {
    this.#before.push(this.#marks);
    this.#marks = marks;
  }
}

/** Fills strokes and boxes, or with `margin` pixels of the image around them. */
export function trace(
  context: CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D,
  { strokes, boxes }: Pick<Painting, "strokes" | "boxes">,
  scale: number,
  margin = 0,
): void {
  context.lineCap = "round";
  context.lineJoin = "round";
  for (const { points, radius } of strokes) {
    context.lineWidth = 2 * (radius + margin) * scale;
    context.beginPath();
    points.forEach(([x, y], i) => {
      context[i === 0 ? "moveTo" : "lineTo"](x * scale, y * scale);
    });
    if (points.length === 1) context.lineTo(points[0][0] * scale, points[0][1] * scale);
    context.stroke();
  }
  for (const [left, top, right, bottom] of boxes) {
    const [width, height] = [right - left + 2 * margin, bottom - top + 2 * margin];
    context.fillRect(
      (left - margin) * scale,
      (top - margin) * scale,
      width * scale,
      height * scale,
    );
  }
}

/** Cells along a picture's side, by which the painted share is counted. */
const COUNTED = 128;

/** The share of a picture that is painted over, 0 to 1. */
export function painted(painting: Painting, width: number, height: number): number {
  const scale = COUNTED / Math.max(width, height);
  const canvas = new OffscreenCanvas(Math.ceil(width * scale), Math.ceil(height * scale));
  const context = canvas.getContext("2d", {
    willReadFrequently: true,
  }) as OffscreenCanvasRenderingContext2D;
  trace(context, painting, scale);
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  let sum = 0;
  for (let alpha = 3; alpha < data.length; alpha += 4) sum += data[alpha];
  return sum / 255 / (data.length / 4);
}
