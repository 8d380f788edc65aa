/** Where the maps of two panels differ for the word in view, and how far they agree. */
import { scale as scales } from "../../../tam_widgets/contract.json";
import { type Choice, select } from "../controls";
import { element } from "../dom";
import { place, unseen } from "../geometry";
import type { Sight } from "../state/shown";
import { textOf } from "../texts";
import type { ImageView } from "../view/image";
import type { Legend } from "../view/legend";
import type { Overlay } from "../view/paint";
import type { Opened } from "../view/tools";
import { spanText } from "../words";
import { Disagreement, measured } from "./disagreement";
import { once, type Tool } from "./drawer";
import { asGrid, type Common, Pair, resampling } from "./pair";

/** A maximum below which a map counts as empty, and is not brought to the other's. */
const HARDLY = 0.05;

/** Settings on which the numbers of all words depend. */
const MATHEMATICS = ["method", "methods", "eci", "kernel_size", "border", "aggregate", "thumbnail"];

/** Milliseconds without a change after which all words are compared anew. */
const REST = 150;

const MEANING =
  "Correlation: Pearson’s, over all cells that both models saw. Overlap: intersection over union " +
  "of the areas with at least half of each map’s largest value.";

/** Two maps that can be compared, or why they cannot. */
type Found =
  | {
      readonly sights: readonly [Sight, Sight];
      readonly maps: readonly [Float32Array, Float32Array];
    }
  | string;

function pairsOf(opened: Opened): Pair[] {
  return opened.panels.flatMap((_, first) =>
    opened.panels.slice(first + 1).map((_, i) => new Pair(opened, first, first + 1 + i)),
  );
}

class DifferenceView {
  readonly element: HTMLElement;
  readonly #opened: Opened;
  readonly #signal: AbortSignal;
  readonly #pairs: readonly Pair[];
  readonly #caption = element("p");
  readonly #key = element("p", { class: "tam-sides" });
  readonly #pictures = element("div", { class: "tam-differences" });
  readonly #numbers = element("p", { class: "tam-numbers-of-word" });
  readonly #legend: Legend;
  readonly #words: Disagreement;
  readonly #menu: HTMLSelectElement;
  #pair: Pair;
  #shown = "";
  #views: readonly { readonly view: ImageView; readonly common: Common }[] = [];
  #timer: number | undefined;

  constructor(opened: Opened, signal: AbortSignal) {
    this.#opened = opened;
    this.#signal = signal;
    this.#pairs = pairsOf(opened);
    this.#pair = this.#pairs[0];
    const { store } = opened;
    const rescale = () =>
      store.set("scale", store.settings.scale === "shared" ? "token" : "shared");
    this.#legend = new opened.Legend(rescale, signal);
    this.#words = new Disagreement(opened, signal);
    const meaning = element("p", { class: "tam-note", text: MEANING });
    const figure = element("div", { class: "tam-pictures" }, [
      element("div", {}, [this.#pictures, this.#key]),
      this.#legend.element,
    ]);
    const left = element("div", { class: "tam-figures" }, [this.#caption, figure]);
    const right = element("div", {}, [this.#numbers, meaning, this.#words.element]);
    this.element = element("div", { class: "tam-difference" }, [left, right]);
    this.#menu = this.#choice();
    if (this.#pairs.length > 1) left.prepend(this.#menu);
    signal.addEventListener("abort", () => clearTimeout(this.#timer), { once: true });
    this.draw();
    this.#words.compute(this.#pair);
  }

  #choice(): HTMLSelectElement {
    const choices = this.#pairs.map((_, i): Choice => [String(i), ""]);
    const choose = (value: string) => {
      this.#pair = this.#pairs[Number(value)];
      this.#words.compute(this.#pair);
      this.draw();
    };
    return select("Which two panels are compared", choices, choose, this.#signal).element;
  }

  /** Takes what has changed in the explorer. */
  follow(changed: string, later: () => void): void {
    if (changed === "pointer") this.#point();
    else if (changed !== "box") later();
    if (MATHEMATICS.includes(changed)) {
      this.#words.wait();
      clearTimeout(this.#timer);
      this.#timer = window.setTimeout(() => this.#words.compute(this.#pair), REST);
    }
  }

  draw(): void {
    this.#pairs.forEach(({ titles }, i) => {
      this.#menu.options[i].text = titles.join(" − ");
    });
    this.#words.mark();
    const found = this.#find();
    const why = typeof found === "string" ? found : this.#drawPictures(found);
    for (const part of [this.#pictures, this.#legend.element, this.#key, this.#numbers])
      part.hidden = why !== "";
    if (why) this.#caption.textContent = why;
  }

  /** The maps in view. */
  #find(): Found {
    const { views, panels, store, maps } = this.#opened;
    const { panels: pair, titles } = this.#pair;
    const [first, second] = pair.map((panel) => views[panel].sight());
    const sights = [first, second] as const;
    const word = spanText(panels[pair[0]].tokens, first.tokens) || this.#textOf(second, 1);
    if (!word) return "Point at a word that both answers have.";
    for (const [i, { missing, tokens, lacking, map }] of sights.entries()) {
      if (missing || tokens.length === 0)
        return `“${word}” has no counterpart in the answer of ${titles[i]}.`;
      if (lacking) return `${titles[i]}: ${textOf("no_alternative")}`;
      const { label } = maps.method(store.of(pair[i]));
      if (!map) return `${titles[i]}: ${textOf("no_map", { method: label })}`;
    }
    if (
      first.contrast !== second.contrast ||
      (first.alternative === null) !== (second.alternative === null)
    )
      return "One panel shows another word in this word’s place, the other does not.";
    return { sights, maps: [first.map as Float32Array, second.map as Float32Array] };
  }

  #textOf({ tokens, alternative }: Sight, side: 0 | 1): string {
    const panel = this.#opened.panels[this.#pair.panels[side]];
    if (alternative !== null) return panel.alternatives[alternative].text.trim();
    return spanText(panel.tokens, tokens);
  }

  /** @returns why there is nothing to draw; empty if there is */
  #drawPictures({ sights, maps }: Exclude<Found, string>): string {
    const { store } = this.#opened;
    const { titles } = this.#pair;
    const common = this.#pair.inView().flatMap((image) => this.#pair.on(image) ?? []);
    if (common.length === 0) return this.#reason();
    this.#show(common);
    const { scale, colormap, opacity, cells } = store.settings;
    const own = scale === "token";
    const size = (values: Float32Array) =>
      values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const ends = maps.map((map) => (own ? Math.max(HARDLY, size(map)) : 1));
    const differences = common.map((one) => this.#pair.difference(one, maps, ends));
    const end = Math.max(own ? scales.least_end : 1, ...differences.map(size));
    const paint = { colormap, opacity, threshold: 0, cells, diverging: true };
    this.#views.forEach(({ view }, i) => {
      const overlay: Overlay = { ...paint, map: differences[i], end };
      view.draw({ thumbnail: false, frame: 0 }, overlay);
    });
    const words = [this.#textOf(sights[0], 0), this.#textOf(sights[1], 1)];
    const alike = words[0].toLowerCase() === words[1].toLowerCase();
    const named = alike ? `“${words[0]}”` : words.map((word) => `“${word}”`).join(" and ");
    this.#legend.draw({
      ...paint,
      end,
      shared: !own,
      rawPeaks: [],
      ends: ["", ""],
      quantity: `difference of the maps of ${named}`,
      unit: own ? "each map as a share of its own maximum" : "",
    });
    this.#say(named, alike ? titles : words.map((word, i) => `“${word}”, ${titles[i]}`), common);
    this.#measure(named, maps);
    return "";
  }

  #say(named: string, sides: readonly string[], common: readonly Common[]): void {
    const ways = [...new Set(common.map(resampling))].join("; ");
    this.#caption.textContent = `${named}: difference in picture coordinates, ${ways}.`;
    this.#key.replaceChildren(
      ...["tam-above", "tam-below"].flatMap((side, i) => [
        element("span", { class: `tam-side ${side}`, aria: { hidden: "true" } }),
        `${["orange", "blue"][i]}: more in ${sides[i]}`,
        element("br"),
      ]),
      ...(this.#isPart(common)
        ? [element("span", { class: "tam-unseen", text: "not seen by both" })]
        : []),
    );
  }

  /** Whether some part of a picture was not seen by both. */
  #isPart(common: readonly Common[]): boolean {
    const { images } = this.#opened.panels[this.#pair.panels[0]];
    return common.some((one) => {
      const { width, height } = images[one.image];
      return unseen(width, height, [asGrid(one)]).length > 0;
    });
  }

  #measure(named: string, maps: readonly [Float32Array, Float32Array]): void {
    const found = this.#pair.agreement(maps);
    const value = (number: number) => element("b", { text: measured(number) });
    if (found)
      this.#numbers.replaceChildren(
        `${named}: correlation `,
        value(found.correlation),
        ", overlap ",
        value(found.overlap),
      );
  }

  /** Why the pictures in view cannot be compared. */
  #reason(): string {
    const { images } = this.#opened.panels[this.#pair.panels[0]];
    const twins = this.#pair.inView().map((image) => this.#pair.twin(image));
    if (twins.some((twin) => twin >= 0))
      return "The two models saw no common part of this picture.";
    return images.some((_, image) => this.#pair.twin(image) >= 0)
      ? "The picture or frame in view is not in the other panel."
      : "The two panels show different pictures, or videos of different frames: there is no place to compare.";
  }

  /** Makes the pictures, unless they are there already. */
  #show(common: readonly Common[]): void {
    const { panels, store, ImageView } = this.#opened;
    const [panel] = this.#pair.panels;
    const said = `Difference of ${this.#pair.titles.join(" and ")}`;
    const key = `${said} ${this.#pair.panels} ${common.map(({ image }) => image)} ${store.settings.thumbnail}`;
    if (key === this.#shown) return;
    this.#shown = key;
    const { images } = panels[panel];
    this.#views = common.map((one) => {
      const medium = { first: one.image, count: 1, isVideo: false, start: 0, name: "" };
      const grids = place([asGrid(one)]);
      const view = new ImageView(medium, images[one.image], grids, said, this.#signal);
      const { width, height } = images[one.image];
      view.element.style.setProperty("--tam-aspect", String(width / height));
      this.#listen(view, one);
      void view.load(this.#signal);
      return { view, common: one };
    });
    this.#pictures.replaceChildren(...this.#views.map(({ view }) => view.element));
  }

  /** Pointing at the difference points at the same place of the panels. */
  #listen({ canvas: { element: stage, size } }: ImageView, { image }: Common): void {
    const { store } = this.#opened;
    const signal = this.#signal;
    const move = ({ clientX, clientY }: PointerEvent) => {
      const { left, top, width, height } = stage.getBoundingClientRect();
      const x = ((clientX - left) / width) * size.width;
      const y = ((clientY - top) / height) * size.height;
      store.pointer = { panel: this.#pair.panels[0], image, x, y };
    };
    const leave = () => {
      store.pointer = null;
    };
    stage.addEventListener("pointermove", move, { signal });
    stage.addEventListener("pointerleave", leave, { signal });
  }

  #point(): void {
    const { store, twinImage } = this.#opened;
    const at = store.pointer;
    const image = at ? twinImage(at.panel, at.image, this.#pair.panels[0]) : -1;
    for (const { view, common } of this.#views)
      view.canvas.point(common.image === image ? at : null);
  }
}

export function difference(opened: Opened): Tool {
  return {
    name: "difference",
    title: "Difference of two maps",
    fill: (body, signal) => {
      const view = new DifferenceView(opened, signal);
      body.append(view.element);
      const later = once(() => view.draw(), signal);
      return (changed) => view.follow(changed, later);
    },
  };
}
