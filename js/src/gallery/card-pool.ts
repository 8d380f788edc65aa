/** The cards of the places near the window. A card that leaves it is used again for another place. */
import { Card } from "./card";
import type { Layout } from "./layout";
import { type Scene, wantedAt } from "./scene";
import type { Pictures } from "./thumbnail-loader";
import type { Shots } from "./thumbnails";

/** Cards of one side that are made ready out of view, or get their pictures, within one frame. */
const AT_ONCE = 3;

/** Rows beyond the window of which pictures are wanted now, and those that are asked for with them. */
const CLOSE = 2;
const AHEAD = 8;

/** The first place and the one after the last. */
export type Places = readonly [first: number, stop: number];

/** What cards show, and where. */
export interface Table {
  readonly scene: Scene;
  readonly layout: Layout;
  /** The place that the keyboard is on. */
  readonly active: number;
}

export class Deck {
  readonly #layer: HTMLElement;
  readonly #pictures: Pictures;
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

  constructor(layer: HTMLElement, pictures: Pictures) {
    this.#layer = layer;
    this.#pictures = pictures;
  }

  /**
   * Gives every place in view a card, and cards of places out of view to those that came; the
   * places near the window follow in the next frames.
   */
  place(table: Table, seen: Places, near: Places): void {
    const [[from, to], [first, stop]] = [seen, near];
    const placed = `${from} ${to} ${first} ${stop}`;
    if (table.scene === this.#placed.scene && placed === this.#placed.places) return;
    this.#placed = { scene: table.scene, places: placed };
    for (const [at, card] of this.#cards) if (at < first || at >= stop) this.#release(at, card);
    for (let at = from; at < to; at++) if (!this.#cards.has(at)) this.#fill(table, at);
    this.#ahead = [];
    for (let at = to; at < stop; at++) if (!this.#cards.has(at)) this.#ahead.push(at);
    for (let at = from - 1; at >= first; at--) if (!this.#cards.has(at)) this.#ahead.push(at);
    this.#want(table, seen);
  }

  #want({ scene, layout }: Table, [first, stop]: Places): void {
    if (first !== this.#before) this.#back = first < this.#before;
    this.#before = first;
    const wanted = (count: number, place: (i: number) => number) =>
      Array.from({ length: count }, (_, i) => place(i))
        .filter((at) => at >= 0 && at < scene.order.length)
        .map((at) => wantedAt(scene, at));
    const beyond = (i: number) => (this.#back ? first - 1 - i : stop + i);
    const [close, ahead] = [CLOSE * layout.columns, AHEAD * layout.columns];
    this.#pictures.want(
      [...wanted(stop - first, (i) => first + i), ...wanted(close, beyond)],
      wanted(ahead - close, (i) => beyond(close + i)),
    );
  }

  /** Draws all cards anew; what they show and where they lie may have changed. */
  redress(table: Table, near: Places): void {
    for (const [at, card] of this.#cards)
      if (at >= near[0] && at < near[1]) this.#dress(table, card, at);
      else this.#release(at, card);
  }

  /** Marks cards as selected, open and active. */
  mark(table: Table): void {
    for (const card of this.#cards.values()) this.#mark(table, card);
  }

  /** Notes the pictures of a case that have come. */
  arrived(id: string): void {
    for (const card of this.#cards.values()) if (card.id === id) this.#late.add(card);
  }

  /** Does one frame's share of what waits; whether more does. */
  work(table: Table): boolean {
    const share = Math.ceil(AT_ONCE / table.scene.cases.sides.length);
    for (const at of this.#ahead.splice(0, share)) if (!this.#cards.has(at)) this.#fill(table, at);
    for (const card of [...this.#late].slice(0, share)) {
      this.#late.delete(card);
      if (this.#cards.get(card.at) === card) this.#draw(table, card);
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

  #fill(table: Table, at: number): void {
    const card = this.#free.pop() ?? this.#made(table);
    this.#cards.set(at, card);
    this.#dress(table, card, at);
  }

  #made({ scene }: Table): Card {
    const card = new Card(scene.cases.sides.length);
    this.#layer.append(card.element);
    return card;
  }

  #dress(table: Table, card: Card, at: number): void {
    const before = card.id;
    card.show(table.scene, at, table.layout);
    card.element.id = `${this.#name}-${at}`;
    this.#mark(table, card);
    const there = this.#shots(table, card) !== undefined;
    if (!there || card.id !== before) card.clear();
    if (there) this.#late.add(card);
  }

  #shots({ scene }: Table, card: Card): Shots | undefined {
    return this.#pictures.of(wantedAt(scene, card.at));
  }

  #draw(table: Table, card: Card): void {
    card.draw(this.#shots(table, card), table.layout, table.scene.overlay);
  }

  #mark({ scene: { selection }, active }: Table, card: Card): void {
    card.state(selection.includes(card.id), selection.at(-1) === card.id, card.at === active);
  }
}
