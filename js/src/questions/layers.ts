/** The map of a locked word at each decoder layer, and what that layer would have written. */
import { element } from "../dom";
import { textOf } from "../texts";
import type { Replacement } from "../view/panel";
import { spanText } from "../words";
import type { Unanswered } from "./client";
import { LayerCurve } from "./layer-curve";
import type { TokenLayers } from "./layer-data";
import { layerMap } from "./layer-map";
import { LayerSource, NAME } from "./layer-source";
import { courseOf, sentence } from "./layer-words";
import type { Place, Question } from "./question";
import { Said } from "./said";

const TITLE = "Shows the map of this word at each decoder layer";

/** The question of one view, which keeps what it has heard. */
export function layersQuestion(): Question {
  const sources = new Map<number, LayerSource>();
  const sourceOf = (place: Place) => {
    const source = sources.get(place.index) ?? new LayerSource(place);
    sources.set(place.index, source);
    return source;
  };
  const offered = (place: Place) => place.locked.length > 0 && sourceOf(place).offers(place.locked);
  return {
    name: NAME,
    button: (place) => (offered(place) ? ["layers", TITLE] : null),
    wanted: (place) => place.opened.store.settings.layer > 0 && offered(place),
    open: (body, place, signal) => {
      const view = new LayerView(body, place, sourceOf(place), signal);
      return () => view.follow();
    },
  };
}

class LayerView {
  readonly #place: Place;
  readonly #source: LayerSource;
  readonly #signal: AbortSignal;
  readonly #slider = element("input", { aria: { label: "Decoder layer" } });
  readonly #output = element("output", { class: "tam-output", aria: { hidden: "true" } });
  readonly #controls: HTMLElement;
  readonly #said = new Said();
  #curve: LayerCurve | null = null;
  #tokens: readonly number[] = [];
  /** The last map that was made, and of what. */
  #made: { readonly key: string; readonly replacement: Replacement } | null = null;

  constructor(body: HTMLElement, place: Place, source: LayerSource, signal: AbortSignal) {
    this.#place = place;
    this.#source = source;
    this.#signal = signal;
    Object.assign(this.#slider, { type: "range", min: "0", max: "0" });
    this.#slider.dataset.setting = NAME;
    this.#slider.dataset.lmSuppressShortcuts = "true";
    const slide = () => this.#choose(Number(this.#slider.value));
    this.#slider.addEventListener("input", slide, { signal });
    const label = element("label", { class: "tam-layer-control" }, [
      element("span", { class: "tam-label", text: "layer" }),
      this.#slider,
      this.#output,
    ]);
    this.#controls = element("div", { class: "tam-layer-controls" }, [label]);
    body.classList.add("tam-layers");
    this.#said.element.className = "tam-layer-said";
    body.append(this.#controls, this.#said.element);
    this.#view.replaced = (tokens) => this.#replaced(tokens);
    signal.addEventListener("abort", () => this.#close(), { once: true });
    this.follow();
    if (this.#settings.layer > 0) this.#view.draw(); // a page has the layers at once
  }

  /** Draws what is locked and chosen now. */
  follow(): void {
    if (this.#signal.aborted) return;
    this.#tokens = this.#place.locked;
    const data = this.#tokens.length > 0 ? this.#source.get(this.#tokens) : null;
    this.#controls.hidden = data === null;
    if (data) this.#draw(data);
    else if (this.#tokens.length === 0) this.#said.say("Lock a word to see it at each layer.");
    else if (this.#source.offers(this.#tokens)) this.#ask();
    else this.#said.say("This file has no other layers of this word.");
  }

  get #view() {
    return this.#place.opened.views[this.#place.index];
  }

  get #settings() {
    return this.#place.opened.store.of(this.#place.index);
  }

  get #last(): number {
    return this.#source.layers.length - 1;
  }

  /** Index of the layer that is shown: the nearest up to the one that is chosen. */
  get #index(): number {
    const { layer } = this.#settings;
    if (layer === 0) return this.#last;
    return Math.max(
      0,
      this.#source.layers.findLastIndex((number) => number <= layer),
    );
  }

  #choose(index: number): void {
    const { store } = this.#place.opened;
    store.preview = null; // a finger leaves the word that it tapped in view
    store.set("layer", index === this.#last ? 0 : this.#source.layers[index]);
  }

  #ask(): void {
    const asked = this.#source.ask(this.#tokens);
    this.#said.say("The model reads the answer again, for all layers …");
    asked?.then(
      () => {
        this.follow();
        if (!this.#signal.aborted) this.#view.draw();
      },
      ({ message }: Unanswered) => this.#said.fail(message),
    );
  }

  #draw(data: readonly TokenLayers[]): void {
    const { layers } = this.#source;
    const [index, last] = [this.#index, this.#last];
    this.#slider.max = String(last);
    this.#slider.value = String(index);
    this.#slider.style.setProperty("--tam-filled", String(index / Math.max(1, last)));
    const said = `${layers[index]} of ${layers[last]}`;
    this.#slider.setAttribute("aria-valuetext", `layer ${said}`);
    this.#output.textContent = said;
    const course = courseOf(data.map(({ written }) => written));
    if (!this.#curve) {
      this.#curve = new LayerCurve(layers, (i) => this.#choose(i), this.#signal);
      this.#controls.prepend(this.#curve.element);
    }
    this.#curve.draw(course, index);
    this.#view.element.toggleAttribute("data-earlier-layer", index < last);
    const parts = [this.#word && course ? sentence(this.#word, course, layers, index) : ""];
    if (!this.#live) parts.push("Maps at other layers are those of TAM and its ablations.");
    else if (!course) parts.push(this.#unwritten);
    this.#said.say(parts.filter(Boolean).join(" "));
  }

  /** Why it is not known what each layer would have written. */
  get #unwritten(): string {
    const read = this.#tokens.every((token) => this.#place.panel.tokens[token].kind === "prompt");
    return read
      ? "The model read this word and did not write it."
      : "This explanation does not keep what its layers would have written.";
  }

  get #word(): string {
    return spanText(this.#place.panel.tokens, this.#tokens);
  }

  /** What the legend calls the map at the last layer; methods are told apart if panels differ. */
  #quantity(tokens: readonly number[]): string {
    const { label } = this.#place.opened.maps.method(this.#settings);
    const name = this.#settings.methods.length > 0 ? "quantity_of" : "quantity";
    return textOf(name, { word: spanText(this.#place.panel.tokens, tokens), method: label });
  }

  /** Whether the method's maps can be made here. */
  get #live(): boolean {
    return this.#place.opened.maps.method(this.#settings).inBrowser;
  }

  #replaced(tokens: readonly number[]): Replacement | null {
    const index = this.#index;
    if (index === this.#last || !this.#live) return null;
    if (tokens.length === 0 || String(tokens) !== String(this.#place.locked)) return null;
    const { method, methods, eci, kernel_size, border, aggregate } = this.#settings;
    const key = `${tokens} ${index} ${method} ${methods.length} ${eci} ${kernel_size} ${border} ${aggregate}`;
    if (this.#made?.key === key) return this.#made.replacement;
    const layers = this.#source.get(tokens)?.map((one) => one.layers[index]);
    if (!layers) return null;
    const layer = String(this.#source.layers[index]);
    const replacement = {
      ...layerMap(this.#place.panel, tokens, layers, this.#settings),
      relevance: layers.map(({ relevance }, i) => relevance.subarray(0, tokens[i])),
      quantity: textOf("at_layer", { quantity: this.#quantity(tokens), layer }),
    };
    this.#made = { key, replacement };
    return replacement;
  }

  /** Leaves the picture as it was; another view of the same model keeps its layer. */
  #close(): void {
    const { opened } = this.#place;
    this.#source.stop();
    this.#view.replaced = () => null;
    this.#view.element.removeAttribute("data-earlier-layer");
    if (opened.signal.aborted) return;
    if (this.#settings.layer === 0) this.#view.draw();
    else opened.store.set("layer", 0);
  }
}
