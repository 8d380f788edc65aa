/** The scrolling list of cards, and what keys and clicks do to it. */
import { element, onResize } from "../dom";
import { CardPool, type Places } from "./card-pool";
import { GAP, inWindow, type Layout, layout, PICTURE, pictureWidth, reveal } from "./layout";
import type { Scene } from "./scene";
import { reached, span, toggled } from "./selection";
import type { ThumbnailLoader } from "./thumbnail-loader";

/** Smallest width of a card with one picture and with two, in CSS pixels. */
const LEAST = [168, 304];

/** Height of a card's text. */
const WORDS = 92;

/** Space around the cards for their focus rings, as in the style sheet. */
const PADDING = 3;

/** Rows above and below the viewport whose cards are prepared; a wheel step scrolls one. */
const NEAR = 2;

export class CardGrid {
  readonly element: HTMLElement;
  readonly #layer = element("div", { class: "tam-layer", role: "presentation" });
  readonly #pool: CardPool;
  readonly #choose: (ids: readonly string[]) => void;
  #scene: Scene;
  #layout: Layout = layout(0, 0, { least: 1, pictures: 1, words: 0 });
  /** The positions of the keyboard, and of the start of a range. */
  #active = 0;
  #anchor = 0;
  /** Whether every click adds to the selection or takes away. */
  several = false;
  #frame = 0;
  #scrolled = false;

  /** @param choose receives what a person selects */
  constructor(
    scene: Scene,
    loader: ThumbnailLoader,
    choose: (ids: readonly string[]) => void,
    signal: AbortSignal,
  ) {
    this.#scene = scene;
    this.#pool = new CardPool(this.#layer, loader);
    this.#choose = choose;
    this.element = element(
      "div",
      {
        class: "tam-grid",
        role: "listbox",
        aria: { label: "Samples", multiselectable: "true" },
        data: { lmSuppressShortcuts: "true" },
      },
      [this.#layer],
    );
    this.element.tabIndex = 0;
    this.#listen(signal);
  }

  /** Shows other samples or another order; a call of `redraw` must follow. */
  show(scene: Scene, fromStart: boolean): void {
    const before = this.#idAt(this.#active);
    this.#scene = scene;
    this.#active = Math.max(0, this.#ids().indexOf(before));
    this.#anchor = this.#active;
    this.#measure();
    if (fromStart) this.element.scrollTop = 0;
  }

  /** Redraws all cards. */
  redraw(scene: Scene): void {
    this.#scene = scene;
    this.#update();
  }

  /** Draws the pictures of a sample that have arrived. */
  arrived(id: string): void {
    this.#pool.arrived(id);
    this.#schedule();
  }

  /** Scrolls to a sample if it is listed. */
  reveal(id: string): void {
    const at = this.#ids().indexOf(id);
    if (at < 0) return;
    this.#active = at;
    this.#scrollTo(at);
  }

  get #state() {
    return { scene: this.#scene, layout: this.#layout, active: this.#active };
  }

  #idAt(at: number): string {
    const { order, data } = this.#scene;
    return data.samples[order[at]]?.id ?? "";
  }

  #ids(): string[] {
    const { order, data } = this.#scene;
    return order.map((i) => data.samples[i].id);
  }

  #listen(signal: AbortSignal): void {
    const scrolled = () => {
      this.#scrolled = true;
      this.#schedule();
    };
    this.element.addEventListener("scroll", scrolled, { signal, passive: true });
    this.element.addEventListener("click", (event) => this.#click(event), { signal });
    this.element.addEventListener("keydown", (event) => this.#key(event), { signal });
    onResize(this.element, signal, () => this.#resized());
    signal.addEventListener("abort", () => cancelAnimationFrame(this.#frame), { once: true });
  }

  #measure(): void {
    const { order, data } = this.#scene;
    const pictures = data.runs.length;
    const size = { least: LEAST[pictures - 1], pictures, words: WORDS };
    this.#layout = layout(this.#layer.clientWidth, order.length, size);
    const { width, height, total } = this.#layout;
    const picture = pictureWidth(width, pictures);
    const whole = layout(this.#layer.clientWidth, data.samples.length, size).total;
    this.element.style.setProperty("--tam-whole-height", `${whole + 2 * PADDING}px`);
    const { style } = this.#layer;
    style.height = `${total}px`;
    style.setProperty("--tam-card-width", `${width}px`);
    style.setProperty("--tam-card-height", `${height}px`);
    style.setProperty("--tam-side-width", `${picture}px`);
    style.setProperty("--tam-picture-height", `${Math.round(PICTURE * picture)}px`);
  }

  /** Keeps the visible rows in view when cards change size. */
  #resized(): void {
    if (this.#layer.clientWidth === 0) return;
    const { columns, height } = this.#layout;
    const row = this.element.scrollTop / (height + GAP);
    this.#measure();
    const seen = Math.round((row * columns) / this.#layout.columns);
    this.element.scrollTop = seen * (this.#layout.height + GAP);
    this.#update();
    if (this.#scene.selection.length > 0) this.#scrollTo(this.#active);
  }

  #schedule(): void {
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#catchUp());
  }

  #catchUp(): void {
    this.#frame = 0;
    if (this.#scrolled) this.#place();
    this.#scrolled = false;
    if (this.#pool.work(this.#state)) this.#schedule();
  }

  /** The visible positions, and those within a margin. */
  #window(margin: number): Places {
    const { scrollTop, clientHeight } = this.element;
    return inWindow(this.#layout, scrollTop, clientHeight, margin);
  }

  #place(): void {
    if (this.#layer.clientWidth === 0) return;
    this.#pool.place(this.#state, this.#window(0), this.#window(NEAR * this.#layout.height));
    this.#schedule();
  }

  #update(): void {
    this.#pool.redraw(this.#state, this.#window(NEAR * this.#layout.height));
    this.#place();
    this.#pointOut();
  }

  #pointOut(): void {
    this.#pool.mark(this.#state);
    const name = this.#pool.nameAt(this.#active);
    if (name) this.element.setAttribute("aria-activedescendant", name);
    else this.element.removeAttribute("aria-activedescendant");
  }

  #scrollTo(at: number): void {
    const { scrollTop, clientHeight } = this.element;
    const to = reveal(this.#layout, at, scrollTop, clientHeight - 2 * PADDING);
    if (to !== scrollTop) this.element.scrollTop = to;
    this.#place();
    this.#pointOut();
  }

  #click(event: MouseEvent): void {
    const at = this.#pool.placeOf(event);
    if (at < 0) return;
    this.#active = at;
    this.#pick(at, event.shiftKey, event.ctrlKey || event.metaKey || this.several);
  }

  /** Selects a sample alone, as the end of a range, or in addition to others. */
  #pick(at: number, extend: boolean, besides: boolean): void {
    if (!extend) this.#anchor = at;
    const id = this.#idAt(at);
    if (extend) this.#choose(span(this.#ids(), this.#anchor, at));
    else this.#choose(besides ? toggled(this.#scene.selection, id) : [id]);
    this.#pointOut();
  }

  #key(event: KeyboardEvent): void {
    if (event.altKey || !this.#handled(event)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  #handled({ key, shiftKey, ctrlKey, metaKey }: KeyboardEvent): boolean {
    const besides = ctrlKey || metaKey;
    if (key === "Escape") this.#choose([]);
    else if (key === "a" && besides) this.#pickAll();
    else if (key === "Enter" || key === " ") this.#pick(this.#active, shiftKey, besides);
    else return this.#move(key, shiftKey) || (!besides && key.length === 1);
    return true;
  }

  #move(key: string, extend: boolean): boolean {
    const to = reached(key, this.#active, this.#layout, this.element.clientHeight);
    if (to === null) return false;
    this.#active = to;
    if (extend) this.#pick(to, true, false);
    this.#scrollTo(to);
    return true;
  }

  /** Selects all listed samples; the one at the keyboard's position is opened. */
  #pickAll(): void {
    const open = this.#idAt(this.#active);
    const others = this.#ids().filter((id) => id !== open);
    if (open) this.#choose([...others, open]);
  }
}
