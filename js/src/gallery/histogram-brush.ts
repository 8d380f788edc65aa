/** A histogram of a score, with a brush to select a range. */
import { element } from "../dom";
import type { Range } from "./filters";
import { BINS, bars } from "./histogram";
import { grouped, twoDecimals } from "./labels";

const SVG = "http://www.w3.org/2000/svg";

/** Distance in CSS pixels within which an end of the range can be grabbed. */
const NEAR = 7;

/** A narrower range counts as a click, which clears it. */
const LEAST = 0.02;

const rounded = (value: number) => Math.round(100 * Math.min(1, Math.max(0, value))) / 100;

export class HistogramBrush {
  readonly element: HTMLElement;
  readonly #all = document.createElementNS(SVG, "path");
  readonly #passing = document.createElementNS(SVG, "path");
  readonly #band = element("div", { class: "tam-band" });
  readonly #low: HTMLInputElement;
  readonly #high: HTMLInputElement;
  readonly #text = element("output", { class: "tam-range" });
  readonly #most = element("span", { class: "tam-most" });
  readonly #quantity = element("span", { class: "tam-axis-name" });
  readonly #label: string;
  readonly #plot: HTMLElement;
  readonly #choose: (range: Range | null) => void;
  #range: Range | null = null;
  /** The end that stays fixed while the other is dragged. */
  #fixed: number | null = null;

  constructor(label: string, choose: (range: Range | null) => void, signal: AbortSignal) {
    this.#choose = choose;
    this.#label = label;
    this.#all.setAttribute("class", "tam-histogram-all");
    this.#passing.setAttribute("class", "tam-passing");
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("viewBox", `0 0 ${BINS} 1`);
    svg.setAttribute("preserveAspectRatio", "none");
    svg.append(this.#all, this.#passing);
    [this.#low, this.#high] = ["lowest", "highest"].map((end) => this.#input(`${label}, ${end}`));
    this.#plot = element("div", { class: "tam-plot" }, [svg, this.#band, this.#low, this.#high]);
    const end = (text: string) => element("span", { text });
    const axis = element("div", { class: "tam-axis" }, [end("0"), this.#quantity, end("1")]);
    const chart = element("div", { class: "tam-chart" }, [this.#most, this.#plot, axis]);
    this.element = element("div", { class: "tam-histogram" }, [this.#text, chart]);
    this.#listen(signal);
  }

  /**
   * @param passing counts of the samples that pass the other filters
   * @param quantity what is counted
   */
  draw(
    all: readonly number[],
    passing: readonly number[],
    range: Range | null,
    quantity: string,
  ): void {
    const most = Math.max(1, ...all);
    const count = all.reduce((sum, some) => sum + some, 0);
    this.#most.textContent = grouped(most);
    this.#quantity.textContent = `${quantity} of ${grouped(count)} samples`;
    this.element.title =
      `${this.#label}: drag to choose a range. The tallest bar stands for ${grouped(most)} ` +
      "samples; heights are square roots, so that few can be seen beside many.";
    this.#all.setAttribute("d", bars(all, most));
    this.#passing.setAttribute("d", bars(passing, most));
    this.#range = range;
    const [low, high] = range ?? [0, 1];
    this.#band.hidden = range === null;
    this.#band.style.cssText = `left:${100 * low}%;right:${100 * (1 - high)}%`;
    this.#low.value = String(low);
    this.#high.value = String(high);
    this.#text.textContent = range ? `${twoDecimals(low)}–${twoDecimals(high)}` : "";
  }

  #input(label: string): HTMLInputElement {
    const made = element("input", { aria: { label }, data: { lmSuppressShortcuts: "true" } });
    Object.assign(made, { type: "range", min: "0", max: "1", step: "0.01" });
    return made;
  }

  #listen(signal: AbortSignal): void {
    const typed = () => this.#set(Number(this.#low.value), Number(this.#high.value));
    for (const input of [this.#low, this.#high]) input.addEventListener("input", typed, { signal });
    const plot = this.#plot;
    plot.addEventListener("pointerdown", (event) => this.#down(event), { signal });
    plot.addEventListener("pointermove", (event) => this.#dragged(event), { signal });
    for (const name of ["pointerup", "pointercancel"] as const)
      plot.addEventListener(name, (event) => this.#up(event), { signal });
    const release = (event: KeyboardEvent) => {
      if (event.key === "Escape" && this.#range) this.#choose(null);
    };
    this.element.addEventListener("keydown", release, { signal });
  }

  #set(a: number, b: number): void {
    const [low, high] = [rounded(Math.min(a, b)), rounded(Math.max(a, b))];
    this.#choose(low <= 0 && high >= 1 ? null : [low, high]);
  }

  #at({ clientX }: PointerEvent): number {
    const { left, width } = this.#plot.getBoundingClientRect();
    return Math.min(1, Math.max(0, (clientX - left) / width));
  }

  #down(event: PointerEvent): void {
    if (event.button !== 0) return;
    event.preventDefault();
    this.#plot.setPointerCapture(event.pointerId);
    const at = this.#at(event);
    const near = NEAR / this.#plot.clientWidth;
    const [low, high] = this.#range ?? [-1, 2];
    this.#fixed = Math.abs(at - low) < near ? high : Math.abs(at - high) < near ? low : at;
  }

  #dragged(event: PointerEvent): void {
    if (this.#fixed === null) return;
    const at = this.#at(event);
    if (Math.abs(at - this.#fixed) >= LEAST) this.#set(this.#fixed, at);
  }

  #up(event: PointerEvent): void {
    if (this.#fixed !== null && Math.abs(this.#at(event) - this.#fixed) < LEAST) this.#choose(null);
    this.#fixed = null;
  }
}
