/** The picture of an anatomy: a map over it, outlined cells, and what touches it. */
import { settings } from "../../../tam_widgets/contract.json";
import { pixelTable } from "../colormaps";
import { element } from "../dom";
import { gridsOn, hasThumbnails, shownGrids } from "../layer";
import { mediaOf } from "../media";
import type { PictureView } from "../view/image";
import type { Canvas } from "../view/picture-gestures";
import { Pictures } from "../view/pictures";
import type { VideoView } from "../view/video";
import type { Facts } from "./facts";
import { show } from "./numbers";
import { svg } from "./plot";

const STEPS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** A map with the upper end of its scale and what it is called. */
export interface Drawn {
  readonly map: ArrayLike<number>;
  readonly end: number;
  readonly what: string;
}

export class Picture {
  readonly element: HTMLElement;
  readonly #facts: Facts;
  readonly #pictures: Pictures;
  readonly #bar = element("canvas", { class: "tam-legend-bar", aria: { hidden: "true" } });
  readonly #end = element("span");
  readonly #what = element("span", { class: "tam-what" });
  readonly #legend: HTMLElement;
  readonly #colormap: string;
  readonly #signal: AbortSignal;
  #thumbnail: boolean;
  #frame: number;
  #drawn: Drawn | null = null;
  #cells: readonly number[] = [];
  /** Called with the cell that is pointed at. */
  touched: (cell: number) => void = () => {};

  constructor(facts: Facts, Video: typeof VideoView | null, colormap: string, signal: AbortSignal) {
    this.#facts = facts;
    this.#signal = signal;
    this.#colormap = colormap;
    const { grids, strongest } = facts;
    this.#thumbnail = hasThumbnails(grids) && facts.gridOf(strongest).thumbnail;
    this.#frame = frameOf(facts, strongest);
    const go = (frame: number) => this.#go(frame);
    this.#pictures = new Pictures(facts.panel, grids, go, Video, signal);
    this.#legend = element("div", { class: "tam-anatomy-legend" }, [
      element("span", { text: "0" }),
      this.#bar,
      this.#end,
      this.#what,
    ]);
    this.element = element("div", { class: "tam-anatomy-picture" }, [
      this.#pictures.element,
      this.#legend,
    ]);
    for (const view of this.#pictures.views) this.#listen(view);
    this.#paintBar();
  }

  async load(): Promise<void> {
    await this.#pictures.load(this.#signal);
    this.#show();
  }

  /** Whether the model saw the picture as tiles and as a thumbnail, of which one is shown. */
  get hasThumbnail(): boolean {
    return hasThumbnails(this.#facts.grids);
  }

  get thumbnail(): boolean {
    return this.#thumbnail;
  }

  set thumbnail(shown: boolean) {
    this.#thumbnail = shown;
    this.#show();
  }

  /** Shows a map, or only the picture. */
  draw(drawn: Drawn | null): void {
    this.#drawn = drawn;
    this.#legend.style.visibility = drawn ? "" : "hidden";
    if (!drawn) {
      delete this.#end.dataset.number;
      this.#end.textContent = "";
    } else {
      show(this.#end, "end", drawn.end);
      this.#what.textContent = drawn.what;
    }
    this.#show();
  }

  /** Outlines cells; the first is the one that was chosen. */
  mark(cells: readonly number[]): void {
    this.#cells = cells;
    for (const view of this.#pictures.views) this.#outline(view);
  }

  /** Draws the borders of all cells. */
  lines(shown: boolean): void {
    for (const view of this.#pictures.views) {
      const stage = view.canvas.element;
      stage.querySelector(".tam-grid-lines")?.remove();
      if (shown) stage.querySelector(".tam-overlay")?.after(this.#linesOn(view));
    }
  }

  /** The photo that a cell is of. */
  photoOf(cell: number): HTMLImageElement | HTMLCanvasElement | null {
    const { image } = this.#facts.gridOf(cell);
    const view = this.#pictures.views.find((one) => one.holds(image));
    return view?.canvas.element.querySelector(".tam-photo") ?? null;
  }

  #go(frame: number): void {
    this.#frame = frame;
    this.#show();
  }

  #show(): void {
    const { map, end } = this.#drawn ?? { map: [], end: 0 };
    const overlay = this.#drawn && {
      map: map as Float32Array,
      end,
      colormap: this.#colormap,
      opacity: settings.opacity.default,
      threshold: 0,
      cells: true,
      diverging: false,
    };
    this.#pictures.draw({ thumbnail: this.#thumbnail, frame: this.#frame }, overlay);
    for (const view of this.#pictures.views) this.#outline(view);
  }

  #paintBar(): void {
    [this.#bar.width, this.#bar.height] = [256, 1];
    const context = this.#bar.getContext("2d");
    const pixels = context?.createImageData(256, 1);
    if (!pixels) return;
    const paint = { colormap: this.#colormap, opacity: settings.opacity.default };
    const table = pixelTable({ ...paint, threshold: 0, diverging: false });
    new Uint32Array(pixels.data.buffer).set(table);
    context?.putImageData(pixels, 0, 0);
  }

  /** Whether a cell is in view on a picture, or on the frame of a video. */
  #isOn(view: PictureView, cell: number): boolean {
    const grid = this.#facts.gridOf(cell);
    const shown = shownGrids(this.#facts.grids, this.#thumbnail).includes(grid);
    return shown && gridsOn([grid], view.image).length > 0;
  }

  #outline(view: PictureView): void {
    const { element: stage, size } = view.canvas;
    for (const old of stage.querySelectorAll(".tam-marked")) old.remove();
    this.#cells.forEach((cell, i) => {
      if (!this.#isOn(view, cell)) return;
      const [left, top, right, bottom] = this.#facts.rectOf(cell);
      const mark = element("div", { class: `tam-cell tam-marked${i ? " tam-other" : ""}` });
      Object.assign(mark.style, {
        left: `${(100 * left) / size.width}%`,
        top: `${(100 * top) / size.height}%`,
        width: `${(100 * (right - left)) / size.width}%`,
        height: `${(100 * (bottom - top)) / size.height}%`,
      });
      stage.append(mark);
    });
  }

  #linesOn(view: PictureView): SVGElement {
    const { width, height } = view.canvas.size;
    const grids = shownGrids(this.#facts.grids, this.#thumbnail).filter(({ image }) =>
      view.holds(image),
    );
    const paths = grids.map(({ rows, cols, rect: [left, top, right, bottom] }) => {
      const across = Array.from({ length: cols + 1 }, (_, i) => {
        const x = left + ((right - left) * i) / cols;
        return `M${x} ${top}V${bottom}`;
      });
      const down = Array.from({ length: rows + 1 }, (_, i) => {
        const y = top + ((bottom - top) * i) / rows;
        return `M${left} ${y}H${right}`;
      });
      return [...across, ...down].join("");
    });
    const box = { viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: "none" };
    const lines = svg("svg", { ...box, class: "tam-grid-lines", "aria-hidden": "true" });
    lines.append(svg("path", { d: paths.join(""), "vector-effect": "non-scaling-stroke" }));
    return lines;
  }

  #listen(view: PictureView): void {
    const { canvas } = view;
    const stage = canvas.element;
    const signal = this.#signal;
    stage.tabIndex = 0;
    stage.dataset.lmSuppressShortcuts = "true";
    stage.setAttribute("role", "group");
    stage.setAttribute("aria-label", `${view.name}. Arrow keys choose a cell.`);
    const point = (event: PointerEvent) => this.#touch(cellUnder(canvas, event));
    stage.addEventListener("pointermove", point, { signal });
    stage.addEventListener("pointerdown", point, { signal });
    stage.addEventListener("keydown", (event) => this.#key(event, canvas), { signal });
  }

  #touch(cell: number | undefined): void {
    if (cell !== undefined && cell !== this.#cells[0]) this.touched(cell);
  }

  #key(event: KeyboardEvent, canvas: Canvas): void {
    const step = STEPS[event.key];
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    const [left, top, right, bottom] = this.#facts.rectOf(this.#cells[0] ?? this.#facts.strongest);
    const x = (left + right) / 2 + step[0] * (right - left);
    const y = (top + bottom) / 2 + step[1] * (bottom - top);
    this.#touch(canvas.cellAt(x, y)?.index);
  }
}

/** The frame that a cell is on, counted over all videos; 0 for one of a picture. */
function frameOf(facts: Facts, cell: number): number {
  const { image } = facts.gridOf(cell);
  const medium = mediaOf(facts.panel.images).findLast(({ first }) => first <= image);
  return medium?.isVideo ? medium.start + image - medium.first : 0;
}

function cellUnder({ element: stage, size, cellAt }: Canvas, event: PointerEvent) {
  const { left, top, width, height } = stage.getBoundingClientRect();
  const x = ((event.clientX - left) / width) * size.width;
  const y = ((event.clientY - top) / height) * size.height;
  return cellAt(x, y)?.index;
}
