/** Takes cells of a picture with the mouse, a finger or the keyboard. */
import type { Canvas, Place } from "../view/picture-gestures";
import { type PlacedCell, underBrush } from "./cells";

export interface BrushEvents {
  /** Cells that the brush covers, side by side. */
  readonly diameter: () => number;
  /** Whether cells can be taken; else they are only pointed at. */
  readonly active: () => boolean;
  readonly begin: () => void;
  /** The brush moved over cells. */
  readonly paint: (cells: readonly number[]) => void;
  /** The space bar was pressed at a cell. */
  readonly toggle: (cell: PlacedCell) => void;
  /** The mouse or the keyboard is where it would take these cells. */
  readonly point: (cells: readonly PlacedCell[]) => void;
  /** The keyboard moved to a cell. */
  readonly say: (cell: PlacedCell) => void;
}

const STEPS: Readonly<Record<string, readonly [down: number, across: number]>> = {
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
};

export class CellBrush {
  readonly #canvas: Canvas;
  readonly #cells: readonly PlacedCell[];
  readonly #events: BrushEvents;
  /** Where the brush was last; null while it is up. */
  #last: Place | null = null;
  #pointer = 0;
  #cursor: PlacedCell | null = null;

  constructor(
    canvas: Canvas,
    cells: readonly PlacedCell[],
    events: BrushEvents,
    signal: AbortSignal,
  ) {
    this.#canvas = canvas;
    this.#cells = cells;
    this.#events = events;
    const on = <E extends Event>(name: string, act: (event: E) => void) =>
      canvas.element.addEventListener(name, act as (event: Event) => void, { signal });
    on<PointerEvent>("pointerdown", (event) => this.#down(event));
    on<PointerEvent>("pointermove", (event) => this.#move(event));
    for (const name of ["pointerup", "pointercancel"])
      on<PointerEvent>(name, ({ pointerId }) => {
        if (pointerId === this.#pointer) this.#last = null;
      });
    on("pointerleave", () => this.#leave());
    on<KeyboardEvent>("keydown", (event) => this.#key(event));
    on("focus", () => {
      if (canvas.element.matches(":focus-visible")) this.#go(this.#cursor ?? this.#middle());
    });
    on("blur", () => this.#leave());
  }

  #leave(): void {
    this.#canvas.point(null);
    this.#events.point([]);
  }

  #down(event: PointerEvent): void {
    if (event.button !== 0 || this.#last || !this.#events.active()) return;
    event.preventDefault();
    this.#canvas.element.setPointerCapture(event.pointerId);
    this.#pointer = event.pointerId;
    this.#events.begin();
    this.#last = this.#inImage(event);
    this.#paint([this.#last]);
  }

  #move(event: PointerEvent): void {
    const at = this.#inImage(event);
    this.#point(at, this.#covered(at));
    if (!this.#last || event.pointerId !== this.#pointer) return;
    this.#paint(between(this.#last, at, this.#step));
    this.#last = at;
  }

  /** Half a cell, in pixels of the image. */
  get #step(): number {
    const [left, top, right, bottom] = this.#cells[0].rect;
    return Math.min(right - left, bottom - top) / 2;
  }

  #paint(places: readonly Place[]): void {
    this.#events.paint([...new Set(places.flatMap((place) => this.#covered(place)))]);
  }

  #covered({ x, y }: Place): number[] {
    const centre = this.#at(x, y);
    return centre ? underBrush(this.#cells, centre, x, y, this.#events.diameter()) : [];
  }

  /** Before the answer shows what would be taken, and then the map’s value. */
  #point(place: Place, cells: readonly number[]): void {
    const active = this.#events.active();
    this.#canvas.point(active ? null : place);
    this.#events.point(active ? this.#cells.filter(({ index }) => cells.includes(index)) : []);
  }

  #at(x: number, y: number): PlacedCell | null {
    const found = this.#canvas.cellAt(x, y);
    return this.#cells.find(({ index }) => index === found?.index) ?? null;
  }

  #inImage({ clientX, clientY }: PointerEvent): Place {
    const { left, top, width, height } = this.#canvas.element.getBoundingClientRect();
    const { size } = this.#canvas;
    const within = (share: number, all: number) =>
      Math.min(1, Math.max(0, share)) * all * (1 - 1e-9);
    return {
      x: within((clientX - left) / width, size.width),
      y: within((clientY - top) / height, size.height),
    };
  }

  #key(event: KeyboardEvent): void {
    if (event.target !== this.#canvas.element || event.ctrlKey || event.metaKey) return;
    const step = STEPS[event.key];
    if (!step && event.key !== " ") return;
    event.preventDefault();
    event.stopPropagation();
    const from = this.#cursor ?? this.#middle();
    if (step) this.#go(this.#beside(from, step));
    else if (this.#events.active()) {
      this.#events.toggle(from);
      this.#go(from);
    }
  }

  /** The next cell in a direction, or the same at the edge. */
  #beside(from: PlacedCell, [down, across]: readonly [number, number]): PlacedCell {
    const [left, top, right, bottom] = from.rect;
    const x = (left + right) / 2 + across * (right - left);
    const y = (top + bottom) / 2 + down * (bottom - top);
    return this.#at(x, y) ?? from;
  }

  #middle(): PlacedCell {
    const { width, height } = this.#canvas.size;
    return this.#at(width / 2, height / 2) ?? this.#cells[0];
  }

  #go(cell: PlacedCell): void {
    this.#cursor = cell;
    const [left, top, right, bottom] = cell.rect;
    this.#point({ x: (left + right) / 2, y: (top + bottom) / 2 }, [cell.index]);
    this.#events.say(cell);
  }
}

/** Places on the way from one to another, at most a step apart. */
function between(from: Place, to: Place, step: number): Place[] {
  const count = Math.max(1, Math.ceil(Math.hypot(to.x - from.x, to.y - from.y) / step));
  return Array.from({ length: count }, (_, i) => {
    const share = (i + 1) / count;
    return { x: from.x + share * (to.x - from.x), y: from.y + share * (to.y - from.y) };
  });
}
