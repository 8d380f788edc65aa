/** Draw where a word will light up, then see its map. */
import { button, select } from "../controls";
import { element } from "../dom";
import { place } from "../geometry";
import { gridsOn, layerOf, shownGrids } from "../layer";
import { CellBrush } from "./cell-brush";
import { cellsOf, type PlacedCell } from "./cells";
import { DrawingLayer } from "./drawing-layer";
import { MapView } from "./map-view";
import { type Drawing, Result } from "./result";
import { brightCells, scoreOf } from "./score";
import type { KindView, Shared } from "./shared";

type Tool = "draw" | "erase";

/** Widths of the brush, in cells. */
const WIDTHS = [1, 2, 3, 5, 8];

/** Cells along a side that the brush suits at first. */
const SUITS = 6;

const HOW =
  "Draw with the mouse or a finger. With the keyboard, the arrow keys move over the picture’s " +
  "cells, and the space bar marks a cell or clears it.";

/** A picture, and what is drawn on it. */
interface Drawable {
  readonly cells: readonly PlacedCell[];
  readonly layer: DrawingLayer;
  readonly stage: HTMLElement;
}

export class DrawView implements KindView {
  readonly element: HTMLElement;
  readonly #shared: Shared;
  readonly #view: MapView;
  readonly #pictures: readonly Drawable[];
  readonly #result = new Result();
  readonly #how = element("p", { class: "tam-note", text: HOW });
  readonly #said = element("span", { class: "tam-note", role: "status" });
  readonly #tools: readonly (readonly [Tool, HTMLButtonElement])[];
  readonly #controls: HTMLElement;
  readonly #undo: HTMLButtonElement;
  readonly #clear: HTMLButtonElement;
  /** Earlier drawings, the latest last. */
  readonly #before: (readonly number[])[] = [];
  #tool: Tool = "draw";
  #width: number;

  constructor(shared: Shared) {
    this.#shared = shared;
    const { panel, signal } = shared;
    this.#view = new MapView(panel, signal);
    this.#pictures = this.#view.pictures.views.map((_, i) => this.#drawable(i));
    const longest = Math.max(...panel.grids.map(({ rows, cols }) => Math.max(rows, cols)));
    this.#width = WIDTHS.findLast((width) => width * SUITS <= longest) ?? 1;
    const made = (text: string, title: string, act: () => void) => button(text, title, act, signal);
    this.#tools = [
      ["draw", made("draw", "Marks cells", () => this.#take("draw"))],
      ["erase", made("erase", "Clears cells", () => this.#take("erase"))],
    ];
    this.#undo = made("undo", "Takes the latest change back", () => this.#goBack());
    this.#clear = made("clear", "Clears the drawing", () => this.#change(() => []));
    const reveal = made("reveal the map", "Shows the map beside the drawing", () => {
      shared.state.set("answered", true);
      this.#result.element.focus();
    });
    reveal.classList.add("tam-primary");
    const tools = this.#tools.map(([, tool]) => tool);
    this.#controls = element("div", { class: "tam-exercise-actions" }, [
      ...tools,
      this.#widths(),
      this.#undo,
      this.#clear,
      reveal,
    ]);
    this.element = element("div", { class: "tam-exercise-parts" }, [
      this.#view.element,
      element("div", {}, [this.#how, this.#controls, this.#said, this.#result.element]),
    ]);
  }

  focus(): void {
    this.#pictures[0]?.stage.focus();
  }

  load(): Promise<unknown> {
    return this.#view.pictures.load(this.#shared.signal);
  }

  draw(): void {
    const { state, question, mapOf } = this.#shared;
    const { drawn, answered } = state.values;
    const own = new Set(drawn);
    const bright = answered ? brightCells(mapOf(question.tokens).map, this.#cells) : null;
    for (const { layer, stage } of this.#pictures) {
      layer.draw(own, bright);
      stage.classList.toggle("tam-drawable", !answered);
    }
    this.#view.draw(answered ? mapOf(question.tokens) : null, answered);
    for (const part of [this.#how, this.#controls, this.#said]) part.hidden = answered;
    this.#undo.disabled = this.#before.length === 0;
    this.#clear.disabled = drawn.length === 0;
    for (const [tool, made] of this.#tools)
      made.setAttribute("aria-pressed", String(tool === this.#tool));
    this.#result.draw(answered ? this.#compared() : null);
    if (answered) this.#before.length = 0;
  }

  /** The drawing beside the map, in words and numbers. */
  #compared(): Drawing {
    const { state, question, mapOf } = this.#shared;
    const { drawn } = state.values;
    const score = scoreOf(mapOf(question.tokens).map, this.#cells, drawn);
    return { score, cells: drawn.length, pictures: this.#pictures.length };
  }

  /** Indices of all cells that can be drawn. */
  get #cells(): number[] {
    return this.#pictures.flatMap(({ cells }) => cells.map(({ index }) => index));
  }

  #drawable(i: number): Drawable {
    const { panel, signal } = this.#shared;
    const { canvas, image, name } = this.#view.pictures.views[i];
    const grids = shownGrids(gridsOn(place(panel.grids), image), false);
    const cells = cellsOf(layerOf(panel.images[image], grids));
    const layer = new DrawingLayer(canvas.size, cells);
    const stage = canvas.element;
    stage.append(layer.element);
    stage.tabIndex = 0;
    stage.dataset.lmSuppressShortcuts = "true";
    stage.setAttribute("role", "application");
    stage.setAttribute("aria-label", `${name}. ${HOW}`);
    const events = {
      diameter: () => this.#width,
      active: () => !this.#shared.state.values.answered,
      begin: () => this.#remember(),
      paint: (found: readonly number[]) => this.#paint(found),
      toggle: (cell: PlacedCell) => this.#toggle(cell),
      point: (cells: readonly PlacedCell[]) => layer.point(cells),
      say: (cell: PlacedCell) => this.#say(cell),
    };
    new CellBrush(canvas, cells, events, signal);
    return { cells, layer, stage };
  }

  #say({ index, row, col }: PlacedCell): void {
    const state = this.#shared.state.values.drawn.includes(index) ? "drawn" : "not drawn";
    this.#said.textContent = `Row ${row + 1}, column ${col + 1}: ${state}.`;
  }

  #paint(found: readonly number[]): void {
    const { drawn } = this.#shared.state.values;
    this.#set(
      this.#tool === "draw" ? [...drawn, ...found] : drawn.filter((cell) => !found.includes(cell)),
    );
  }

  #toggle({ index }: PlacedCell): void {
    this.#change((drawn) =>
      drawn.includes(index) ? drawn.filter((cell) => cell !== index) : [...drawn, index],
    );
  }

  #change(change: (drawn: readonly number[]) => readonly number[]): void {
    this.#remember();
    this.#set(change(this.#shared.state.values.drawn));
    this.draw();
  }

  #set(drawn: readonly number[]): void {
    this.#shared.state.set(
      "drawn",
      [...new Set(drawn)].sort((a, b) => a - b),
    );
  }

  #remember(): void {
    this.#before.push(this.#shared.state.values.drawn);
  }

  #goBack(): void {
    this.#set(this.#before.pop() ?? []);
    this.draw();
  }

  #take(tool: Tool): void {
    this.#tool = tool;
    this.draw();
  }

  #widths(): HTMLElement {
    const choices = WIDTHS.map((width): [string, string] => [String(width), String(width)]);
    const change = (width: string) => {
      this.#width = Number(width);
    };
    const made = select("Width of the brush, in cells", choices, change, this.#shared.signal);
    made.show(String(this.#width));
    const label = element("span", { class: "tam-label", text: "brush" });
    return element("label", { class: "tam-control" }, [label, made.element]);
  }
}
