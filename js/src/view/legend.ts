/** The colour scale with its values. */
import { type Paint, pixelTable } from "../colormaps";
import { button } from "../controls";
import { decimal, element } from "../dom";
import { textOf } from "../texts";

export interface Scale extends Paint {
  /** What the colours stand for. */
  readonly quantity: string;
  /** What the value 1 stands for; empty if the method does not say. */
  readonly unit: string;
  /** Map value at the end of the scale. */
  readonly end: number;
  readonly shared: boolean;
  /** Largest raw activations of what is in view. */
  readonly rawPeaks: readonly number[];
  /** Names of the upper and the lower end of a diverging scale. */
  readonly ends: readonly [string, string] | null;
}

const RAW = "raw max";

export class Legend {
  readonly element: HTMLElement;
  readonly #bar = element("canvas", { class: "tam-bar", aria: { hidden: "true" } });
  readonly #top = element("span", { class: "tam-number" });
  readonly #middle = element("span", { class: "tam-number" });
  readonly #bottom = element("span", { class: "tam-number" });
  readonly #above = element("span", { class: "tam-end" });
  readonly #below = element("span", { class: "tam-end" });
  readonly #threshold = element("span", { class: "tam-threshold" });
  readonly #quantity = element("span", { class: "tam-quantity" });
  readonly #unit = element("span", { class: "tam-unit" });
  // both have text while the legend is idle, to reserve its space
  readonly #raw = element("span", {
    class: "tam-raw",
    text: RAW,
    title: "Largest raw activation of what is in view: hidden state · classifier row",
  });
  readonly #kind: HTMLButtonElement;
  #painted = "";

  /** @param rescale changes between a scale of each map's own and one for all maps */
  constructor(rescale: () => void, signal: AbortSignal) {
    const title =
      "Changes the scale: up to each map's own maximum (at least 0.25), or to 1 for all maps";
    this.#kind = button(textOf("own_scale"), title, rescale, signal);
    this.#bar.width = 1;
    this.#bar.height = 256;
    const track = element("div", { class: "tam-track" }, [this.#bar, this.#threshold]);
    const numbers = element("div", { class: "tam-numbers" }, [
      this.#top,
      this.#middle,
      this.#bottom,
    ]);
    this.element = element("div", { class: "tam-legend", aria: { label: "Colour scale" } }, [
      this.#quantity,
      this.#above,
      element("div", { class: "tam-scale" }, [track, numbers]),
      this.#below,
      this.#kind,
      this.#unit,
      this.#raw,
    ]);
  }

  draw(scale: Scale | null): void {
    this.element.classList.toggle("tam-idle", scale === null);
    if (!scale) return;
    this.#paint(scale);
    this.#number(scale);
    const peaks = scale.rawPeaks.map((peak) => decimal(peak, 1));
    this.#raw.textContent = peaks.length > 0 ? `${RAW} ${peaks.join("\u00a0:\u00a0")}` : "";
    this.#kind.textContent = textOf(scale.shared ? "shared_scale" : "own_scale");
    this.#quantity.textContent = scale.quantity;
    this.#unit.textContent = scale.unit;
    this.#threshold.hidden = scale.threshold === 0 || scale.diverging;
    this.#threshold.style.bottom = `${100 * scale.threshold}%`;
    const legible = scale.threshold > 0.1 && scale.threshold < 0.9;
    this.#threshold.textContent = legible ? decimal(scale.threshold * scale.end) : "";
  }

  #number({ end, ends }: Scale): void {
    const size = end < 0.1 && end > 0 ? String(Number(end.toPrecision(1))) : decimal(end);
    this.#top.textContent = ends ? `+${size}` : size;
    this.#middle.textContent = ends ? "0" : "";
    this.#bottom.textContent = ends ? `−${size}` : "0";
    this.#above.textContent = ends?.[0] ?? "";
    this.#below.textContent = ends?.[1] ?? "";
  }

  #paint(scale: Scale): void {
    const key = `${scale.colormap} ${scale.opacity} ${scale.threshold} ${scale.diverging}`;
    const context = this.#bar.getContext("2d");
    if (key === this.#painted || !context) return;
    this.#painted = key;
    const pixels = context.createImageData(1, 256);
    new Uint32Array(pixels.data.buffer).set(pixelTable(scale).reverse());
    context.putImageData(pixels, 0, 0);
  }
}
