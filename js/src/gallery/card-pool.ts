/** The cards of the places near the window. A card that leaves it is used again for another place. */
import { Card } from "./card";
import type { Layout } from "./layout";
import { type Scene, wantedAt } from "./scene";
import type { ThumbnailLoader } from "./thumbnail-loader";
import type { Thumbnails } from "./thumbnails";

/** Cards of one run that are made ready out of view, or get their pictures, within one frame. */
const AT_ONCE = 3;

/** Rows beyond the window of which pictures are wanted now, and those that are asked for with them. */
const CLOSE = 2;
const AHEAD = 8;

/** The first place and the one after the last. */
export type Places = readonly [first: number, stop: number];

/** What cards show, and where. */
export interface GridState {
  readonly scene: Scene;
  readonly layout: Layout;
  /** The place that the keyboard is on. */
  readonly active: number;
}

export class CardPool {
  readonly #layer: HTMLElement;
  readonly #loader: ThumbnailLoader;
  readonly #name = `tam-${Math.random().toString(36).slice(2)}`;
  readonly #cards = new Map<number, Card>();
  readonly #free: Card[] = [];
  /** Cards that wait for their pictures to be put in. */
  readonly #late = new Set<Card>();
  /** Places near the window that wait for a card. */
  #ahead: number[] = [];
  /** What was placed last: most frames of a scroll reach no other row. */
  #placed: { readonly scene: Scene | null; readonly places: string } = { scene: null, places: "" };
  /** The first place that was in view before, and whether the list was scrolled back since. */
  #before = 0;
  #back = false;

  constructor(layer: HTMLElement, loader: ThumbnailLoader) {
    this.#layer = layer;
    this.#loader = loader;
  }

  /**
   * Gives every place in view a card, and cards of places out of view to those that came; the
   * places near the window follow in the next frames.
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

  /** Draws all cards anew; what they show and where they lie may have changed. */
  redraw(state: GridState, near: Places): void {
    for (const [at, card] of this.#cards)
      if (at >= near[0] && at < near[1]) this.#render(state, card, at);
      else this.#release(at, card);
  }

  /** Marks cards as selected, open and active. */
  mark(state: GridState): void {
    for (const card of this.#cards.values()) this.#mark(state, card);
  }

  /** Notes the pictures of a sample that have come. */
  arrived(id: string): void {
    for (const card of this.#cards.values()) if (card.id === id) this.#late.add(card);
  }

  /** Does one frame's share of what waits; whether more does. */
  work(state: GridState): boolean {
    const share = Math.ceil(AT_ONCE / state.scene.data.runs.length);
    for (const at of this.#ahead.splice(0, share)) if (!this.#cards.has(at)) this.#fill(state, at);
    for (const card of [...this.#late].slice(0, share)) {
      this.#late.delete(card);
      if (this.#cards.get(card.at) === card) this.#draw(state, card);
    }
    return this.#late.size + this.#ahead.length > 0;
  }

  /** The id of the element at a place, null where there is none. */
  nameAt(at: number): string | null {
    return this.#cards.get(at)?.element.id ?? null;
  }

  /** The place of the card that an event met, or −1. */
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
    card.draw(this.#thumbnails(state, card), state.layout, state.scene.overlay);
  }

  #mark({ scene: { selection }, active }: GridState, card: Card): void {
    card.state(selection.includes(card.id), selection.at(-1) === card.id, card.at === active);
  }
}
