/** The curves of a check: how probable a word stays while its picture goes or comes. */
import { element } from "../dom";
import type { Checked, Line, Side } from "./checked";
import { DONE, short } from "./verdict";

const SVG = "http://www.w3.org/2000/svg";

const [WIDTH, HEIGHT] = [400, 200];
const [LEFT, TOP, RIGHT, BOTTOM] = [32, 24, 394, 166];

/** Ends of the probability’s axis; a word may be improbable from the start. */
const ENDS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5];

/** What is drawn, from back to front, and its name in the key. */
const LINES = ["band", "random", "blank", "centre", "mask", "method"] as const;

type Name = (typeof LINES)[number];

function made(tag: string, attributes: Readonly<Record<string, string | number>>): SVGElement {
  const one = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) one.setAttribute(name, String(value));
  return one;
}

function text(x: number, y: number, anchor: string, said = ""): SVGElement {
  const one = made("text", { x, y, "text-anchor": anchor });
  one.textContent = said;
  return one;
}

export class Curve {
  readonly element: HTMLElement;
  readonly #svg = made("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img" });
  readonly #lines = Object.fromEntries(
    LINES.map((name) => [name, made("path", { class: `tam-line-${name}` })]),
  ) as Record<Name, SVGElement>;
  readonly #points = made("g", { class: "tam-curve-points" });
  readonly #mark = made("g", { class: "tam-curve-mark" });
  readonly #title = text(4, 12, "start");
  readonly #across = text(RIGHT, HEIGHT - 6, "end");
  readonly #scale = [0, 0.5, 1].map((share) =>
    text(LEFT - 5, BOTTOM - share * (BOTTOM - TOP) + 3.5, "end"),
  );
  readonly key = element("ul", { class: "tam-curve-key" });
  #shares: readonly number[] = [];
  #end = 1;
  #line: Line = [];

  /**
   * @param point called with the step that is pointed at, or null
   * @param choose called with the step that is pressed
   */
  constructor(
    point: (step: number | null) => void,
    choose: (step: number) => void,
    signal: AbortSignal,
  ) {
    const axes = made("path", {
      class: "tam-curve-axes",
      d: `M${LEFT} ${TOP}V${BOTTOM}H${RIGHT}`,
    });
    const percent = [0, 0.5, 1].map((share) =>
      text(this.#x(share), BOTTOM + 14, share < 1 ? "middle" : "end", `${100 * share} %`),
    );
    const drawn = [axes, ...LINES.map((name) => this.#lines[name]), this.#points, this.#mark];
    this.#svg.append(...drawn, this.#title, this.#across, ...percent, ...this.#scale);
    this.element = element("div", { class: "tam-curve" }, [this.#svg]);
    const at = ({ clientX }: MouseEvent) => this.#stepAt(clientX);
    this.#svg.addEventListener("pointermove", (event) => point(at(event)), { signal });
    this.#svg.addEventListener("pointerleave", () => point(null), { signal });
    this.#svg.addEventListener("pointerup", (event) => choose(at(event)), { signal });
  }

  /** Draws what is known of a check. */
  draw(checked: Checked, side: Side, word: string): void {
    const band = checked.random[side];
    const line = (name: "method" | "centre" | "mask") => checked.curves[name]?.[side] ?? [];
    this.#shares = checked.shares;
    this.#line = line("method");
    const all = [line("method"), line("centre"), line("mask"), band?.high ?? []].flat();
    const highest = Math.max(checked.full, checked.blank, ...all.map((value) => value ?? 0));
    this.#end = ENDS.find((end) => highest <= end) ?? 1;
    for (const name of ["method", "centre", "mask"] as const) this.#trace(name, line(name));
    this.#trace("random", band?.mean ?? []);
    this.#lines.band.setAttribute("d", band ? this.#area(band.low, band.high) : "");
    const y = this.#y(checked.blank);
    this.#lines.blank.setAttribute("d", `M${LEFT} ${y}H${RIGHT}`);
    this.#drawPoints();
    const share = DONE[side];
    this.#title.textContent = `probability of “${clipped(word)}”`;
    this.#across.textContent = `share of the picture ${share}`;
    this.#scale.forEach((one, i) => {
      one.textContent = axisNumber((this.#end * i) / 2);
    });
    this.#explain(checked, side);
    this.#svg.setAttribute(
      "aria-label",
      `Curves: ${this.#title.textContent}, by the share ${share}`,
    );
  }

  /** Marks a step, or none. */
  mark(step: number | null): void {
    this.#mark.replaceChildren();
    if (step === null || this.#shares.length === 0) return;
    const x = this.#x(this.#shares[step]);
    this.#mark.append(made("path", { d: `M${x} ${TOP}V${BOTTOM}` }));
    const value = this.#line[step];
    if (typeof value === "number")
      this.#mark.append(made("circle", { cx: x, cy: this.#y(value), r: 4 }));
  }

  #x(share: number): number {
    return round(LEFT + share * (RIGHT - LEFT));
  }

  #y(value: number): number {
    return round(BOTTOM - (value / this.#end) * (BOTTOM - TOP));
  }

  #stepAt(clientX: number): number {
    const { left, width } = this.#svg.getBoundingClientRect();
    const share = (((clientX - left) / width) * WIDTH - LEFT) / (RIGHT - LEFT);
    const distances = this.#shares.map((own) => Math.abs(own - share));
    return distances.indexOf(Math.min(...distances));
  }

  #places(line: Line): string[] {
    return line.flatMap((value, step) =>
      value === null ? [] : `${this.#x(this.#shares[step])} ${this.#y(value)}`,
    );
  }

  #trace(name: Name, line: Line): void {
    const places = this.#places(line);
    this.#lines[name].setAttribute("d", enough(places, line) ? `M${places.join("L")}` : "");
  }

  #area(low: Line, high: Line): string {
    const [there, back] = [this.#places(low), this.#places(high).reverse()];
    return enough(there, low) ? `M${[...there, ...back].join("L")}Z` : "";
  }

  #drawPoints(): void {
    const places = this.#line.flatMap((value, step) =>
      value === null
        ? []
        : made("circle", { cx: this.#x(this.#shares[step]), cy: this.#y(value), r: 1.8 }),
    );
    this.#points.replaceChildren(...places);
  }

  /** The key of what is drawn. */
  #explain(checked: Checked, side: Side): void {
    const { count } = checked.random;
    const orders =
      count === 1 ? "one random order" : `${count} random orders: mean, lowest to highest`;
    const said: [Name, string, boolean][] = [
      ["method", `in the order of ${checked.label}`, true],
      ["random", orders, !!checked.random[side]],
      ["centre", "from the centre outwards", !!checked.curves.centre],
      ["mask", "in the order of the true mask", !!checked.curves.mask],
      ["blank", `without the picture ${short(checked.blank)}`, true],
    ];
    const items = said.flatMap(([name, words, drawn]) => (drawn ? [keyOf(name, words)] : []));
    this.key.replaceChildren(...items);
  }
}

/** Whether more than the ends is known, between which a line would say what nobody has read. */
const enough = (places: readonly string[], line: Line) =>
  places.length > Math.max(1, Math.min(2, line.length - 1));

function keyOf(name: Name, words: string): HTMLElement {
  const sample = made("svg", { viewBox: "0 0 28 10", "aria-hidden": "true" });
  if (name === "random") sample.append(made("path", { class: "tam-line-band", d: "M0 1H28V9H0Z" }));
  sample.append(made("path", { class: `tam-line-${name}`, d: "M0 5H28" }));
  return element("li", {}, [sample as unknown as Node, words]);
}

const round = (value: number) => Math.round(10 * value) / 10;

const axisNumber = (value: number) => String(Number(value.toPrecision(2))).replace(/^0\./, ".");

/** Long spans would leave the picture. */
const clipped = (word: string) => (word.length > 40 ? `${word.slice(0, 39)}…` : word);
