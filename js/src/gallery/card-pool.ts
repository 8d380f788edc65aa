/** The cards near the viewport; cards that leave it are recycled. */
import { Card } from "./card";
import type { Layout } from "./layout";
import { type Scene, wantedAt } from "./scene";
import type { ThumbnailLoader } from "./thumbnail-loader";
import type { Thumbnails } from "./thumbnails";

/** Cards of one run that are prepared off-screen, or get their pictures, per animation frame. */
const AT_ONCE = 3;

/** Rows beyond the viewport whose pictures are urgent, and those requested along with them. */
const CLOSE = 2;
const AHEAD = 8;

/** The first position, and the one after the last. */
export type Places = readonly [first: number, stop: number];

/** What the cards show, and where. */
export interface GridState {
  readonly scene: Scene;
  readonly layout: Layout;
  /** The position of the keyboard. */
  readonly active: number;
}

export class CardPool {
  readonly #layer: HTMLElement;
  readonly #loader: ThumbnailLoader;
  readonly #name = `tam-${Math.random().toString(36).slice(2)}`;
  readonly #cards = new Map<number, Card>();
  readonly #free: Card[] = [];
  /** Cards whose pictures have arrived but are not yet drawn. */
  readonly #late = new Set<Card>();
  /** Positions near the viewport that still need a card. */
  #ahead: number[] = [];
  /** What was placed last: most animation frames of a scroll reach no other row. */
  #placed: { readonly scene: Scene | null; readonly places: string } = { scene: null, places: "" };
  /** The first visible position before, and whether the list is being scrolled back. */
  #before = 0;
  #back = false;

  constructor(layer: HTMLElement, loader: ThumbnailLoader) {
    this.#layer = layer;
    this.#loader = loader;
  }

  /**
   * Gives every visible position a card, recycling cards that left the viewport; positions nearby
   * follow in the next animation frames.
   */
  place(state: GridState, seen: Places, near: Places): void {
    const [[from, to], [first, stop]] = [seen, near];
    const placed = `${from} ${to} ${first} ${stop}`;
    if (state.scene === this.#placed.scene && placed === this.#placed.places) return;
    this.#placed = { scene: state.scene, places: placed };
    for (const [at, card] of this.#cards) if (at < first || at >= stop) this.#release(at, card);
    for (let at = from; at < to; at++) if (!this.#cards.has(at)) this.#fill(state, at);
    this.#ahead = [];
    for (let at = to; at < stop; at++) if (!this.#cards.has(at)) this.#ahead.push(at);
    for (let at = from - 1; at >= first; at--) if (!this.#cards.has(at)) this.#ahead.push(at);
    this.#want(state, seen);
  }

  #want({ scene, layout }: GridState, [first, stop]: Places): void {
    if (first !== this.#before) this.#back = first < this.#before;
    this.#before = first;
    const wanted = (count: number, place: (i: number) => number) =>
      Array.from({ length: count }, (_, i) => place(i))
        .filter((at) => at >= 0 && at < scene.order.length)
        .map((at) => wantedAt(scene, at));
    const beyond = (i: number) => (this.#back ? first - 1 - i : stop + i);
    const [close, ahead] = [CLOSE * layout.columns, AHEAD * layout.columns];
    this.#loader.want(
      [...wanted(stop - first, (i) => first + i), ...wanted(close, beyond)],
      wanted(ahead - close, (i) => beyond(close + i)),
    );
  }

  /** Redraws all cards after a change of contents or layout. */
  redraw(state: GridState, near: Places): void {
    for (const [at, card] of this.#cards)
      if (at >= near[0] && at < near[1]) this.#render(state, card, at);
      else this.#release(at, card);
  }

  /** Marks cards as selected, open and active. */
  mark(state: GridState): void {
    for (const card of this.#cards.values()) this.#mark(state, card);
  }

  /** Queues the pictures of a sample that have arrived. */
  arrived(id: string): void {
    for (const card of this.#cards.values()) if (card.id === id) this.#late.add(card);
  }

  /** Does the pending work of one animation frame; returns whether more is left. */
  work(state: GridState): boolean {
    const share = Math.ceil(AT_ONCE / state.scene.data.runs.length);
    for (const at of this.#ahead.splice(0, share)) if (!this.#cards.has(at)) this.#fill(state, at);
    for (const card of [...this.#late].slice(0, share)) {
      this.#late.delete(card);
      if (this.#cards.get(card.at) === card) this.#draw(state, card);
    }
    return this.#late.size + this.#ahead.length > 0;
  }

  /** The id of the element at a position, or null. */
  nameAt(at: number): string | null {
    return this.#cards.get(at)?.element.id ?? null;
  }

  /** The position of the card that received an event, or −1. */
  placeOf({ target }: Event): number {
    const met = (target as Element).closest(".tam-card");
    return [...this.#cards.values()].find(({ element }) => element === met)?.at ?? -1;
  }

  #release(at: number, card: Card): void {
    card.away();
    this.#cards.delete(at);
    this.#free.push(card);
  }

  #fill(state: GridState, at: number): void {
    const card = this.#free.pop() ?? this.#made(state);
    this.#cards.set(at, card);
    this.#render(state, card, at);
  }

  #made({ scene }: GridState): Card {
    const card = new Card(scene.data.runs.length);
    this.#layer.append(card.element);
    return card;
  }

  #render(state: GridState, card: Card, at: number): void {
    const before = card.id;
    card.show(state.scene, at, state.layout);
    card.element.id = `${this.#name}-${at}`;
    this.#mark(state, card);
    const there = this.#thumbnails(state, card) !== undefined;
    if (!there || card.id !== before) card.clear();
    if (there) this.#late.add(card);
  }

  #thumbnails({ scene }: GridState, card: Card): Thumbnails | undefined {
    return this.#loader.of(wantedAt(scene, card.at));
  }

  #draw(state: GridState, card: Card): void {
    card.draw(this.#thumbnails(state, card), state.layout, state.scene);
  }

  #mark({ scene: { selection }, active }: GridState, card: Card): void {
    card.state(selection.includes(card.id), selection.at(-1) === card.id, card.at === active);
  }
}
