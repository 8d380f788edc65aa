/** A canvas over a picture on which a person paints regions with a brush, or draws boxes. */
import { element, onResize } from "../../dom";
import type { Rect } from "../../wire";
import { type Fill, previewOf } from "./fills";
import { type Painting, type Point, type Stroke, trace } from "./painting";

/** Largest side of the canvas in pixels. */
const LARGEST_SIDE = 1600;

/** Width in CSS pixels of each of the two lines around a region. */
const LINE = 1.5;

/** What is painted with. */
export interface Brush {
  readonly tool: "brush" | "box";
  /** In pixels of the image. */
  readonly radius: number;
  readonly fill: Fill;
}

export interface PainterEvents {
  readonly brush: () => Brush;
  /** A stroke or a box is complete. */
  readonly add: (mark: Stroke | Rect) => void;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

export class Painter {
  readonly #stage: HTMLElement;
  readonly #size: Size;
  readonly #events: PainterEvents;
  readonly #canvas = element("canvas", { class: "tam-painter", aria: { hidden: "true" } });
  readonly #ring = element("div", { class: "tam-brush", aria: { hidden: "true" } });
  readonly #previews = new Map<string, OffscreenCanvas>();
  #photo = "";
  #painting: Painting | null = null;
  /** The points of the stroke or box that is being drawn. */
  #points: Point[] = [];
  /** What draws it; other fingers do not. */
  #pointer = 0;

  /** @param size of the full-size image */
  constructor(stage: HTMLElement, size: Size, events: PainterEvents, signal: AbortSignal) {
    this.#stage = stage;
    this.#size = size;
    this.#events = events;
    this.#ring.hidden = true;
    stage.append(this.#canvas, this.#ring);
    this.#listen(signal);
    onResize(stage, signal, () => this.#resize());
    signal.addEventListener("abort", () => this.#remove(), { once: true });
  }

  /** @param photo names the picture that is in view */
  draw(painting: Painting | null, photo: string): void {
    if (photo !== this.#photo) this.#previews.clear();
    this.#photo = photo;
    this.#painting = painting;
    this.#paint();
  }

  #remove(): void {
    this.#canvas.remove();
    this.#ring.remove();
  }

  #listen(signal: AbortSignal): void {
    const on = (name: string, act: (event: PointerEvent) => void) => {
      const own = (event: Event) => {
        event.stopPropagation(); // the picture's own gestures rest
        act(event as PointerEvent);
      };
      this.#canvas.addEventListener(name, own, { signal });
    };
    on("pointerdown", (event) => this.#down(event));
    on("pointermove", (event) => this.#move(event));
    on("pointerup", (event) => this.#up(event));
    on("pointercancel", () => this.#cancel());
    on("pointerleave", () => {
      this.#ring.hidden = true;
    });
    on("contextmenu", (event) => event.preventDefault());
  }

  #down(event: PointerEvent): void {
    if (this.#points.length > 0 || event.button !== 0) return;
    event.preventDefault();
    this.#canvas.setPointerCapture(event.pointerId);
    this.#pointer = event.pointerId;
    this.#points = [this.#inImage(event)];
    this.#paint();
  }

  #move(event: PointerEvent): void {
    const at = this.#inImage(event);
    this.#showRing(at);
    if (this.#points.length === 0 || event.pointerId !== this.#pointer) return;
    const { tool, radius } = this.#events.brush();
    if (tool === "box") this.#points = [this.#points[0], at];
    else if (far(at, this.#points[this.#points.length - 1], radius / 4)) this.#points.push(at);
    this.#paint();
  }

  #up({ pointerId }: PointerEvent): void {
    if (pointerId !== this.#pointer) return;
    const mark = this.#mark();
    this.#points = [];
    if (mark) this.#events.add(mark);
    else this.#paint();
  }

  #cancel(): void {
    this.#points = [];
    this.#paint();
  }

  /** What is being drawn; null for nothing. */
  #mark(): Stroke | Rect | null {
    const { tool, radius } = this.#events.brush();
    const [first, last] = [this.#points[0], this.#points[this.#points.length - 1]];
    if (!first) return null;
    if (tool === "brush") return { points: this.#points, radius };
    const [left, right] = [Math.min(first[0], last[0]), Math.max(first[0], last[0])];
    const [top, bottom] = [Math.min(first[1], last[1]), Math.max(first[1], last[1])];
    return right - left >= 1 && bottom - top >= 1 ? [left, top, right, bottom] : null;
  }

  #inImage({ clientX, clientY }: PointerEvent): Point {
    const { left, top, width, height } = this.#canvas.getBoundingClientRect();
    const within = (share: number, size: number) =>
      Math.min(size, Math.max(0, Math.round(10 * share * size) / 10));
    return [
      within((clientX - left) / width, this.#size.width),
      within((clientY - top) / height, this.#size.height),
    ];
  }

  #showRing([x, y]: Point): void {
    const { tool, radius } = this.#events.brush();
    const { width, height } = this.#size;
    this.#ring.hidden = tool !== "brush";
    Object.assign(this.#ring.style, {
      left: `${(100 * x) / width}%`,
      top: `${(100 * y) / height}%`,
      width: `${(200 * radius) / width}%`,
    });
  }

  #resize(): void {
    const { clientWidth, clientHeight } = this.#stage;
    if (clientWidth === 0) return;
    const longest = Math.max(clientWidth, clientHeight);
    const ratio = Math.min(window.devicePixelRatio || 1, LARGEST_SIDE / longest);
    this.#canvas.width = Math.round(clientWidth * ratio);
    this.#canvas.height = Math.round(clientHeight * ratio);
    this.#paint();
  }

  #paint(): void {
    const { width, height } = this.#canvas;
    const context = this.#canvas.getContext("2d");
    if (!context || width === 0) return;
    context.clearRect(0, 0, width, height);
    const shown = this.#shown();
    if (shown.strokes.length + shown.boxes.length === 0) return;
    const scale = width / this.#size.width;
    const line = (LINE * this.#size.width) / (this.#stage.clientWidth || width);
    for (const [margin, colour] of [
      [2 * line, "rgb(0 0 0 / 70%)"],
      [line, "#fff"],
    ] as const) {
      context.fillStyle = context.strokeStyle = colour;
      trace(context, shown, scale, margin);
    }
    const filled = this.#filled(shown, scale);
    context.drawImage(filled, 0, 0);
  }

  /** What is painted, and what is being drawn. */
  #shown(): Pick<Painting, "strokes" | "boxes"> {
    const { strokes = [], boxes = [] } = this.#painting ?? {};
    const mark = this.#mark();
    if (!mark) return { strokes, boxes };
    return "points" in mark
      ? { strokes: [...strokes, mark], boxes }
      : { strokes, boxes: [...boxes, mark] };
  }

  /** The regions, filled as they will be. */
  #filled(shown: Pick<Painting, "strokes" | "boxes">, scale: number): OffscreenCanvas {
    const { width, height } = this.#canvas;
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext("2d") as OffscreenCanvasRenderingContext2D;
    trace(context, shown, scale);
    context.globalCompositeOperation = "source-in";
    const preview = this.#preview();
    context.imageSmoothingEnabled = this.#events.brush().fill !== "noise";
    if (preview) context.drawImage(preview, 0, 0, width, height);
    return canvas;
  }

  #preview(): OffscreenCanvas | null {
    const { fill } = this.#events.brush();
    const known = this.#previews.get(fill);
    if (known) return known;
    const photo = this.#stage.querySelector<HTMLImageElement | HTMLCanvasElement>(
      "img.tam-photo, canvas.tam-photo",
    );
    if (!photo) return null;
    const made = previewOf(fill, photo, this.#size);
    this.#previews.set(fill, made);
    return made;
  }
}

const far = ([x, y]: Point, [fromX, fromY]: Point, distance: number) =>
  Math.hypot(x - fromX, y - fromY) >= distance;
