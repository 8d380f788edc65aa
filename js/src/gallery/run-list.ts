/** The compared runs: one line each, with scores and a histogram. */

import { type Choice, type Select, select } from "../controls";
import { element } from "../dom";
import { type Condition, passing, type Range } from "./filters";
import { histogram } from "./histogram";
import { HistogramBrush } from "./histogram-brush";
import { RUN_NAMES, summaryText } from "./labels";
import { type GalleryData, type Run, scoreOf } from "./samples";
import type { Scene } from "./scene";
import { type GalleryStore, refine } from "./settings";
import { commonSignatures } from "./signature-shares";

interface Line {
  readonly element: HTMLElement;
  readonly brush: HistogramBrush;
  readonly title: HTMLElement;
  readonly summary: HTMLElement;
  /** Signatures that most samples show. */
  readonly common: HTMLElement;
  readonly selects: readonly [model: Select, method: Select] | null;
}

const asChoice = (name: string): Choice => [name, name];

export class RunList {
  readonly element: HTMLElement;
  readonly #store: GalleryStore;
  readonly #lines: readonly Line[];

  constructor(data: GalleryData, store: GalleryStore, signal: AbortSignal) {
    this.#store = store;
    this.#lines = data.runs.map((run, i) => this.#line(run, i, data.runs.length, signal));
    const lines = this.#lines.map((line) => line.element);
    this.element = element("div", { class: "tam-runs" }, lines);
  }

  draw(scene: Scene): void {
    const { data, score, filters } = scene;
    this.#lines.forEach(({ brush, title, summary, common, selects }, i) => {
      const run = data.runs[i];
      title.textContent = selects ? furtherName(run) : run.title;
      summary.textContent = summaryText(run.summary);
      selects?.[0].show(run.model);
      selects?.[1].show(run.method);
      const condition: Condition = `range ${i}`;
      const value = (at: number) => scoreOf(data.samples[at], i, score);
      const all = data.samples.map((_, at) => value(at));
      const others = passing(filters, scene, condition).map(value);
      const { label } = data.scores[score];
      brush.draw(histogram(all), histogram(others), filters.ranges[i] ?? null, label);
      common.textContent = [...commonSignatures(data, i).values()].join(", ");
      const about = data.signatures.filter(({ name }) => common.textContent?.includes(name));
      common.title = about.map(({ name, meaning }) => `${name}: ${meaning}`).join("\n");
    });
  }

  #line(run: Run, i: number, count: number, signal: AbortSignal): Line {
    const name = count > 1 ? element("span", { class: "tam-run-name", text: RUN_NAMES[i] }) : "";
    const choosable = run.models.length > 1 || run.methods.length > 1;
    const selects = choosable ? this.#selects(run, i, signal) : null;
    const title = element("h2", { title: `${run.model}, ${run.method}` });
    const interval = "Pooled over words, with the 95 % interval over samples";
    const summary = element("span", { class: "tam-summary", title: interval });
    const common = element("span", { class: "tam-summary" });
    const brush = new HistogramBrush(
      count > 1 ? `Score of ${RUN_NAMES[i]}` : "Score",
      (range) => this.#brushed(i, range),
      signal,
    );
    const head = [...(selects ?? []).map((one) => one.element), title];
    const parts = [name, ...head, summary, common, brush.element].filter((part) => part !== "");
    return {
      element: element("div", { class: "tam-run" }, parts),
      brush,
      title,
      summary,
      common,
      selects,
    };
  }

  #selects(run: Run, i: number, signal: AbortSignal): [Select, Select] {
    const choose = (part: 0 | 1) => (name: string) => this.#choose(i, part, name);
    return [
      select("Model", run.models.map(asChoice), choose(0), signal),
      select("Method", run.methods.map(asChoice), choose(1), signal),
    ];
  }

  #choose(run: number, part: 0 | 1, name: string): void {
    const runs = this.#store.values.runs.map((pair) => [...pair] as [string, string]);
    if (!runs[run]) return;
    runs[run][part] = name;
    this.#store.set("runs", runs);
  }

  #brushed(run: number, range: Range | null): void {
    const ranges = this.#lines.map((_, i) =>
      i === run ? range : (this.#store.values.filters.ranges[i] ?? null),
    );
    refine(this.#store, { ranges });
  }
}

/** What distinguishes a run besides its model and its method. */
function furtherName({ title, model, method }: Run): string {
  const known = `${model}, ${method}`;
  return title.startsWith(known) ? title.slice(known.length).trim() : title;
}
