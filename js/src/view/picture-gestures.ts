/** What the pointer and the keyboard do on a picture: draw a box, or point at a cell. */
import { element } from "../dom";
import type { Rect } from "../wire";

/** The picture that is pointed at. */
export interface Canvas {
  readonly element: HTMLElement;
  readonly size: { readonly width: number; readonly height: number };
  /** The model's cell at a point in pixels of the image; null where it saw nothing. */
  readonly cellAt: (x: number, y: number) => { readonly index: number; readonly rect: Rect } | null;
  /** Shows the value and the cell at a place, or none. */
  readonly point: (place: Place | null) => void;
}

export interface PictureGestureEvents {
  /** A box was drawn, in pixels of the image, or cleared. */
  readonly box: (box: Rect | null) => void;
  /** The pointer moved to a place, or off the picture. */
  readonly point: (place: Place | null) => void;
}

/** In pixels of the image. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/** Screen pixels that the pointer may move during a click. */
const SLACK = 4;

/** Milliseconds that a finger holds still to start a box. */
const LONG_PRESS = 450;

const STEPS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

export class PictureGestures {
  readonly #canvas: Canvas;
  readonly #events: PictureGestureEvents;
  readonly #frame = element("div", { class: "tam-box", aria: { hidden: "true" } });
  #pressed: PointerEvent | null = null;
  #touch: PointerEvent | null = null;
  #hold: number | undefined;
  #dragging = false;
  /** The cells selected by keyboard: where the box starts, and where it ends. */
  #cells: readonly [Rect, Rect] | null = null;

  constructor(canvas: Canvas, label: string, events: PictureGestureEvents, signal: AbortSignal) {
    this.#canvas = canvas;
    this.#events = events;
    const stage = canvas.element;
    this.#frame.hidden = true;
    stage.prepend(this.#frame);
    stage.tabIndex = 0;
    stage.dataset.lmSuppressShortcuts = "true";
    stage.setAttribute("role", "group");
    stage.setAttribute("aria-label", `${label}. Arrow keys select a cell; with Shift, a box.`);
    this.#listen(stage, signal);
  }

  /** Shows a box, or none. */
  draw(box: Rect | null): void {
    this.#frame.hidden = box === null;
    if (!box) this.#cells = null;
    if (!box) return;
    const { width, height } = this.#canvas.size;
    const [left, top, right, bottom] = box;
    const share = (pixels: number, all: number) => `${(100 * pixels) / all}%`;
    Object.assign(this.#frame.style, {
      left: share(left, width),
      top: share(top, height),
      width: share(right - left, width),
      height: share(bottom - top, height),
    });
  }

  #listen(stage: HTMLElement, signal: AbortSignal): void {
    const up = () => {
      window.clearTimeout(this.#hold);
      this.#pressed = null;
      this.#dragging = false;
      delete stage.dataset.brushing;
    };
    stage.addEventListener("pointerdown", (event) => this.#down(event), { signal });
    stage.addEventListener("pointermove", (event) => this.#move(event), { signal });
    stage.addEventListener("pointerup", up, { signal });
    stage.addEventListener("pointercancel", up, { signal });
    const leave = ({ pointerType }: PointerEvent) => {
      if (pointerType !== "touch") this.#events.point(null);
    };
    stage.addEventListener("pointerleave", leave, { signal });
    // a finger that holds draws, one that moves at once scrolls the page
    const keep = (event: Event) => {
      if (this.#pressed) event.preventDefault();
    };
    stage.addEventListener("touchmove", keep, { signal, passive: false });
    stage.addEventListener("contextmenu", keep, { signal });
    stage.addEventListener("keydown", (event) => this.#key(event), { signal });
  }

  #down(event: PointerEvent): void {
    if (event.button !== 0) return;
    if (event.pointerType === "touch") this.#tap(event);
    else this.#press(event);
  }

  #press(event: PointerEvent): void {
    this.#pressed = event;
    this.#canvas.element.setPointerCapture(event.pointerId);
  }

  /** A tap points at a cell, and removes a box; a long press starts a box. */
  #tap(event: PointerEvent): void {
    this.#touch = event;
    if (!this.#frame.hidden) this.#events.box(null);
    this.#events.point(this.#inImage(event));
    this.#hold = window.setTimeout(() => {
      this.#press(event);
      const { x, y } = this.#inImage(event);
      const cell = this.#canvas.cellAt(x, y);
      if (cell) this.#events.box(cell.rect);
    }, LONG_PRESS);
  }

  #move(event: PointerEvent): void {
    const from = this.#pressed;
    if (!from) {
      this.#hover(event);
      return;
    }
    if (!this.#dragging && distance(from, event) < SLACK) return;
    this.#dragging = true;
    this.#cells = null;
    this.#canvas.element.dataset.brushing = "";
    this.#events.point(null);
    this.#choose(this.#inImage(from), this.#inImage(event));
  }

  #hover(event: PointerEvent): void {
    if (event.pointerType !== "touch") this.#events.point(this.#inImage(event));
    else if (this.#touch && distance(this.#touch, event) > SLACK) window.clearTimeout(this.#hold);
  }

  #choose(a: Place, b: Place): void {
    const [left, right] = [Math.min(a.x, b.x), Math.max(a.x, b.x)];
    const [top, bottom] = [Math.min(a.y, b.y), Math.max(a.y, b.y)];
    if (left < right && top < bottom) this.#events.box([left, top, right, bottom]);
  }

  /** A screen position in pixels of the image, clamped to it and rounded to a hundredth. */
  #inImage({ clientX, clientY }: PointerEvent): Place {
    const { left, top, width, height } = this.#canvas.element.getBoundingClientRect();
    const { size } = this.#canvas;
    return {
      x: this.#within(((clientX - left) / width) * size.width, size.width),
      y: this.#within(((clientY - top) / height) * size.height, size.height),
    };
  }

  #within(value: number, size: number): number {
    return Math.min(size, Math.max(0, Math.round(100 * value) / 100));
  }

  #key(event: KeyboardEvent): void {
    if (event.target !== this.#canvas.element || event.ctrlKey || event.metaKey) return;
    const step = STEPS[event.key];
    if (!step && event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    if (step) this.#step(step, event.shiftKey);
    else this.#events.box(null);
  }

  /** Selects the next cell, or with `grow` extends the box to it. */
  #step([across, down]: readonly [number, number], grow: boolean): void {
    const { width, height } = this.#canvas.size;
    const current = this.#cells?.[1];
    const x = current
      ? mean(current[0], current[2]) + across * (current[2] - current[0])
      : width / 2;
    const y = current
      ? mean(current[1], current[3]) + down * (current[3] - current[1])
      : height / 2;
    const cell = this.#canvas.cellAt(x, y)?.rect ?? current;
    if (!cell) return;
    this.#cells = [grow && this.#cells ? this.#cells[0] : cell, cell];
    const [a, b] = this.#cells;
    const corner = (x: number, y: number) => ({
      x: this.#within(x, width),
      y: this.#within(y, height),
    });
    this.#choose(
      corner(Math.min(a[0], b[0]), Math.min(a[1], b[1])),
      corner(Math.max(a[2], b[2]), Math.max(a[3], b[3])),
    );
  }
}

const distance = (a: PointerEvent, b: PointerEvent) =>
  Math.hypot(b.clientX - a.clientX, b.clientY - a.clientY);

const mean = (a: number, b: number) => (a + b) / 2;
