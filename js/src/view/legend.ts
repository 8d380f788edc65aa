/** The colour scale with its real numbers. */
import { type Paint, pixelTable } from "../colormaps";
import { decimal, element } from "../dom";

export interface Scale extends Paint {
  /** Map value at the end of the scale. */
  readonly end: number;
  readonly shared: boolean;
  /** The token's largest raw activation. */
  readonly rawPeak: number;
}

export class Legend {
  readonly element: HTMLElement;
  readonly #bar = element("canvas", { class: "tam-bar", aria: { hidden: "true" } });
  readonly #top = element("span", { class: "tam-number" });
  readonly #cut = element("span", { class: "tam-cut" });
  readonly #raw = element("span", {
    class: "tam-raw",
    title: "Largest raw activation of this token: hidden state · classifier row",
  });
  readonly #kind = element("span", { class: "tam-raw" });
  #painted = "";

  constructor() {
    this.#bar.width = 1;
    this.#bar.height = 256;
    const track = element("div", { class: "tam-track" }, [this.#bar, this.#cut]);
    const numbers = element("div", { class: "tam-numbers" }, [
      this.#top,
      element("span", { class: "tam-number", text: "0" }),
    ]);
    this.element = element("div", { class: "tam-legend", aria: { label: "Colour scale" } }, [
      element("div", { class: "tam-scale" }, [track, numbers]),
      this.#raw,
      this.#kind,
    ]);
  }

  draw(scale: Scale | null): void {
    this.element.classList.toggle("tam-idle", scale === null);
    if (!scale) return;
    this.#paint(scale);
    this.#top.textContent = decimal(scale.end);
    this.#raw.textContent = `raw max ${decimal(scale.rawPeak, 1)}`;
    this.#kind.textContent = scale.shared ? "shared" : "";
    this.#cut.hidden = scale.cut === 0;
    this.#cut.style.bottom = `${100 * scale.cut}%`;
    const legible = scale.cut > 0.1 && scale.cut < 0.9;
    this.#cut.textContent = legible ? decimal(scale.cut * scale.end) : "";
  }

  #paint(scale: Scale): void {
    const key = `${scale.colormap} ${scale.opacity} ${scale.cut}`;
    const context = this.#bar.getContext("2d");
    if (key === this.#painted || !context) return;
    this.#painted = key;
    const pixels = context.createImageData(1, 256);
    new Uint32Array(pixels.data.buffer).set(pixelTable(scale).reverse());
    context.putImageData(pixels, 0, 0);
  }
}
