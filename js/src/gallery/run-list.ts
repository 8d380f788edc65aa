/** What is compared: a line a side, with its figures and a histogram of its scores. */
import { element } from "../dom";
import { type Choice, type Select, select } from "./controls";
import { type Condition, passing, type Range } from "./filters";
import { histogram } from "./histogram";
import { HistogramBrush } from "./histogram-brush";
import { SIDES, summaryText } from "./labels";
import { type Cases, type Side, scoreOf } from "./samples";
import type { Scene } from "./scene";
import { type GalleryStore, refine } from "./settings";

interface Line {
  readonly element: HTMLElement;
  readonly brush: HistogramBrush;
  readonly title: HTMLElement;
  readonly summary: HTMLElement;
  readonly selects: readonly [model: Select, method: Select] | null;
}

const asChoice = (name: string): Choice => [name, name];

export class Sides {
  readonly element: HTMLElement;
  readonly #store: GalleryStore;
  readonly #lines: readonly Line[];

  constructor(cases: Cases, store: GalleryStore, signal: AbortSignal) {
    this.#store = store;
    this.#lines = cases.sides.map((side, i) => this.#line(side, i, cases.sides.length, signal));
    const lines = this.#lines.map((line) => line.element);
    this.element = element("div", { class: "tam-sides" }, lines);
  }

  draw(scene: Scene): void {
    const { cases, score, filters } = scene;
    this.#lines.forEach(({ brush, title, summary, selects }, i) => {
      const side = cases.sides[i];
      title.textContent = selects ? furtherName(side) : side.title;
      summary.textContent = summaryText(side.summary);
      selects?.[0].show(side.model);
      selects?.[1].show(side.method);
      const condition: Condition = `range ${i}`;
      const value = (at: number) => scoreOf(cases.cases[at], i, score);
      const all = cases.cases.map((_, at) => value(at));
      const others = passing(filters, scene, condition).map(value);
      brush.draw(histogram(all), histogram(others), filters.ranges[i] ?? null);
    });
  }

  #line(side: Side, i: number, count: number, signal: AbortSignal): Line {
    const name = count > 1 ? element("span", { class: "tam-side-name", text: SIDES[i] }) : "";
    const choosable = side.models.length > 1 || side.methods.length > 1;
    const selects = choosable ? this.#selects(side, i, signal) : null;
    const title = element("h3", { title: `${side.model}, ${side.method}` });
    const interval = "Pooled over words, with the 95 % interval over samples";
    const summary = element("span", { class: "tam-summary", title: interval });
    const brush = new HistogramBrush(
      count > 1 ? `Score of ${SIDES[i]}` : "Score",
      (range) => this.#brushed(i, range),
      signal,
    );
    const head = [...(selects ?? []).map((one) => one.element), title];
    const parts = [name, ...head, summary, brush.element].filter((part) => part !== "");
    return {
      element: element("div", { class: "tam-side" }, parts),
      brush,
      title,
      summary,
      selects,
    };
  }

  #selects(side: Side, i: number, signal: AbortSignal): [Select, Select] {
    const choose = (part: 0 | 1) => (name: string) => this.#choose(i, part, name);
    return [
      select("Model", side.models.map(asChoice), choose(0), signal),
      select("Method", side.methods.map(asChoice), choose(1), signal),
    ];
  }

  #choose(side: number, part: 0 | 1, name: string): void {
    const sides = this.#store.values.sides.map((pair) => [...pair] as [string, string]);
    if (!sides[side]) return;
    sides[side][part] = name;
    this.#store.set("sides", sides);
  }

  #brushed(side: number, range: Range | null): void {
    const ranges = this.#lines.map((_, i) =>
      i === side ? range : (this.#store.values.filters.ranges[i] ?? null),
    );
    refine(this.#store, { ranges });
  }
}

/** What tells a side apart besides its model and its method. */
function furtherName({ title, model, method }: Side): string {
  const known = `${model}, ${method}`;
  return title.startsWith(known) ? title.slice(known.length).trim() : title;
}
