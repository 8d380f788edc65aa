/** The scrolling list of cards. Only those in view exist; a card that leaves is used again. */
import { element, onResize } from "../dom";
import { Card } from "./card";
import { reached, span, toggled } from "./choosing";
import { GAP, inWindow, type Layout, layout, PICTURE, pictureWidth, reveal } from "./layout";
import type { Pictures } from "./pictures";
import { type Scene, wantedAt } from "./scene";
import type { Shots } from "./shots";

/** Least width of a card with one picture and with two, in CSS pixels. */
const LEAST = [168, 304];

/** Height of a card's words. */
const WORDS = 46;

/** Room around the cards for their rings, as in the style sheet. */
const PADDING = 3;

/** Rows beyond the window of which the pictures are asked for. */
const AHEAD = 3;

/** Cards out of view that are made ready within one frame, and cards that get their pictures. */
const READY_AT_ONCE = 3;
const PICTURES_AT_ONCE = 4;

export class Grid {
  readonly element: HTMLElement;
  readonly #layer = element("div", { class: "tam-layer", role: "presentation" });
  readonly #pictures: Pictures;
  readonly #choose: (ids: readonly string[]) => void;
  readonly #cards = new Map<number, Card>();
  readonly #free: Card[] = [];
  readonly #name = `tam-${Math.random().toString(36).slice(2)}`;
  #scene: Scene | null = null;
  #layout: Layout = layout(0, 0, { least: 1, pictures: 1, words: 0 });
  #active = 0;
  #anchor = 0;
  #frame = 0;
  #scrolled = false;
  /** Cards that wait for their pictures to be put in. */
  readonly #late = new Set<Card>();
  /** Places near the window that wait for a card. */
  #ahead: number[] = [];

  /** @param choose hears what a person selects */
  constructor(pictures: Pictures, choose: (ids: readonly string[]) => void, signal: AbortSignal) {
    this.#pictures = pictures;
    this.#choose = choose;
    this.element = element(
      "div",
      {
        class: "tam-grid",
        role: "listbox",
        aria: { label: "Cases", multiselectable: "true" },
        data: { lmSuppressShortcuts: "true" },
      },
      [this.#layer],
    );
    this.element.tabIndex = 0;
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

  /** Shows other cases, or the same in another order, from the start. */
  show(scene: Scene): void {
    const before = this.#idAt(this.#active);
    this.#scene = scene;
    const at = scene.order.findIndex((i) => scene.cases.cases[i].id === before);
    this.#active = Math.max(0, at);
    this.#anchor = this.#active;
    this.#measure();
    this.element.scrollTop = 0;
    this.#place();
  }

  /** Shows the same cases anew. */
  redraw(scene: Scene): void {
    this.#scene = scene;
    this.#update();
  }

  /** Draws the pictures of a case that have come. */
  arrived(id: string): void {
    for (const card of this.#cards.values()) if (card.id === id) this.#late.add(card);
    this.#schedule();
  }

  /** Scrolls to a case, if it is shown. */
  reveal(id: string): void {
    const scene = this.#scene;
    const at = scene?.order.findIndex((i) => scene.cases.cases[i].id === id) ?? -1;
    if (at < 0) return;
    this.#active = at;
    this.#scrollTo(at);
  }

  #idAt(at: number): string {
    const index = this.#scene?.order[at];
    return index === undefined ? "" : (this.#scene as Scene).cases.cases[index].id;
  }

  #ids(): string[] {
    const scene = this.#scene;
    return scene ? scene.order.map((i) => scene.cases.cases[i].id) : [];
  }

  #measure(): void {
    const pictures = this.#scene?.cases.sides.length ?? 1;
    const room = this.#layer.clientWidth;
    const size = { least: LEAST[pictures - 1], pictures, words: WORDS };
    this.#layout = layout(room, this.#scene?.order.length ?? 0, size);
    const { width, height, total } = this.#layout;
    this.#layer.style.height = `${total}px`;
    this.#layer.style.setProperty("--tam-card-width", `${width}px`);
    this.#layer.style.setProperty("--tam-card-height", `${height}px`);
    const shot = pictureWidth(width, pictures);
    this.#layer.style.setProperty("--tam-shot-width", `${shot}px`);
    this.#layer.style.setProperty("--tam-shot-height", `${Math.round(PICTURE * shot)}px`);
  }

  /** Cards get another size: the rows that were seen stay in view. */
  #resized(): void {
    if (!this.#scene || this.#layer.clientWidth === 0) return;
    const { columns, height } = this.#layout;
    const row = this.element.scrollTop / (height + GAP);
    this.#measure();
    const seen = Math.round((row * columns) / this.#layout.columns);
    this.element.scrollTop = seen * (this.#layout.height + GAP);
    this.#update();
    if (this.#scene.selection.length > 0) this.#scrollTo(this.#active);
  }

  #window(margin: number): [number, number] {
    const { scrollTop, clientHeight } = this.element;
    return inWindow(this.#layout, scrollTop, clientHeight, margin);
  }

  #schedule(): void {
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#catchUp());
  }

  #catchUp(): void {
    this.#frame = 0;
    if (this.#scrolled) this.#place();
    this.#scrolled = false;
    for (const at of this.#ahead.splice(0, READY_AT_ONCE)) if (!this.#cards.has(at)) this.#fill(at);
    for (const card of [...this.#late].slice(0, PICTURES_AT_ONCE)) {
      this.#late.delete(card);
      this.#draw(card);
    }
    if (this.#late.size + this.#ahead.length > 0) this.#schedule();
  }

  /**
   * Gives every place in view a card, and cards of places out of view to those that came; the rows
   * beside the window follow in the next frames.
   */
  #place(): void {
    if (!this.#scene || this.#layer.clientWidth === 0) return;
    const [first, stop] = this.#window(this.#layout.height);
    const [from, to] = this.#window(0);
    for (const [at, card] of this.#cards) if (at < first || at >= stop) this.#release(at, card);
    for (let at = from; at < to; at++) if (!this.#cards.has(at)) this.#fill(at);
    this.#ahead = [];
    for (let at = to; at < stop; at++) if (!this.#cards.has(at)) this.#ahead.push(at);
    for (let at = from - 1; at >= first; at--) if (!this.#cards.has(at)) this.#ahead.push(at);
    this.#want(from, to);
    this.#schedule();
  }

  #release(at: number, card: Card): void {
    card.away();
    this.#cards.delete(at);
    this.#free.push(card);
  }

  #fill(at: number): void {
    const card = this.#free.pop() ?? this.#made();
    this.#cards.set(at, card);
    this.#dress(card, at);
  }

  #made(): Card {
    const card = new Card(this.#scene?.cases.sides.length ?? 1);
    this.#layer.append(card.element);
    return card;
  }

  #dress(card: Card, at: number): void {
    const before = card.id;
    card.show(this.#scene as Scene, at, this.#layout);
    card.element.id = `${this.#name}-${at}`;
    this.#mark(card, at);
    const there = this.#shots(card) !== undefined;
    if (!there || card.id !== before) card.clear();
    if (there) this.#late.add(card);
    this.#schedule();
  }

  #shots(card: Card): Shots | undefined {
    return this.#pictures.of(wantedAt(this.#scene as Scene, card.at));
  }

  #draw(card: Card): void {
    if (this.#cards.get(card.at) !== card) return;
    card.draw(this.#shots(card), this.#layout, (this.#scene as Scene).overlay);
  }

  #mark(card: Card, at: number): void {
    const { selection } = this.#scene as Scene;
    card.state(selection.includes(card.id), selection.at(-1) === card.id, at === this.#active);
  }

  /** Draws all cards anew; where they lie may have changed. */
  #update(): void {
    const [first, stop] = this.#window(this.#layout.height);
    for (const [at, card] of this.#cards)
      if (at >= first && at < stop) this.#dress(card, at);
      else this.#release(at, card);
    this.#place();
    this.#pointOut();
  }

  /** What is seen is asked for first, then what lies beyond. */
  #want(first: number, stop: number): void {
    const scene = this.#scene as Scene;
    const beyond = AHEAD * this.#layout.columns;
    const wanted = [];
    for (let at = first; at < stop; at++) wanted.push(wantedAt(scene, at));
    for (let i = 0; i < beyond; i++)
      for (const at of [stop + i, first - 1 - i])
        if (at >= 0 && at < scene.order.length) wanted.push(wantedAt(scene, at));
    this.#pictures.want(wanted);
  }

  #pointOut(): void {
    for (const [at, card] of this.#cards) this.#mark(card, at);
    const card = this.#cards.get(this.#active);
    if (card) this.element.setAttribute("aria-activedescendant", card.element.id);
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
    const card = (event.target as Element).closest<HTMLElement>(".tam-card");
    if (!card) return;
    const at = Number(card.id.slice(this.#name.length + 1));
    this.#active = at;
    this.#pick(at, event.shiftKey, event.ctrlKey || event.metaKey);
  }

  /** Selects a case alone, with all from the one selected before, or besides others. */
  #pick(at: number, extend: boolean, besides: boolean): void {
    const scene = this.#scene as Scene;
    if (!extend) this.#anchor = at;
    const id = this.#idAt(at);
    if (extend) this.#choose(span(this.#ids(), this.#anchor, at));
    else this.#choose(besides ? toggled(scene.selection, id) : [id]);
    this.#pointOut();
  }

  #key(event: KeyboardEvent): void {
    if (!this.#scene || event.altKey || !this.#handled(event)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  #handled(event: KeyboardEvent): boolean {
    const { key, shiftKey, ctrlKey, metaKey } = event;
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

  #pickAll(): void {
    const open = this.#idAt(this.#active);
    const others = this.#ids().filter((id) => id !== open);
    if (open) this.#choose([...others, open]);
  }
}
