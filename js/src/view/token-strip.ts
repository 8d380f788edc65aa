/** Prompt and answer as one listbox in which every token is an option. */
import { element } from "../dom";
import type { Panel } from "../wire";
import { option, turnGroups } from "./token-elements";

/** Actions of a person on the tokens of one panel. */
export interface TokenStripEvents {
  readonly preview: (token: number | null) => void;
  readonly toggle: (token: number) => void;
  /** Locks all tokens between two, in either direction. */
  readonly span: (from: number, to: number) => void;
  readonly release: () => void;
  /** Requests focus in the previous (−1) or the next (1) panel. */
  readonly leave: (token: number, direction: -1 | 1) => void;
  /** The token that an arrow key moves to; with `word`, the next word. */
  readonly next: (token: number, by: -1 | 1, word: boolean) => number;
  /** The description of a token for screen readers. */
  readonly describe: (token: number) => string;
}

/**
 * Number of shades, each a rule of the style sheet: shared rules cost the browser far less than a
 * separate value for every word.
 */
const SHADES = 8;

/** What the shading of a strip stands for. */
export type Shading = "context" | "inside";

export class TokenStrip {
  readonly element: HTMLElement;
  readonly #items: readonly HTMLElement[];
  readonly #events: TokenStripEvents;
  readonly #marks: string[] = [];
  readonly #start: number;
  #locked: readonly number[] = [];
  #lit: readonly number[] = [];
  #current: number;
  #touched = false;
  #tapped = -1;
  /** The token under the pointer, and the start of the span that is being dragged. */
  #pointed = -1;
  #anchor = -1;
  #dragging = false;
  /** The last token reached by Shift and an arrow key. */
  #reached = -1;

  constructor(panel: Panel, index: number, events: TokenStripEvents, signal: AbortSignal) {
    this.#events = events;
    this.#items = panel.tokens.map((token, i) => option(token, index, i));
    this.#start = Math.max(
      0,
      panel.tokens.findIndex(({ kind }) => kind === "answer"),
    );
    this.#current = this.#start;
    const label = `Words of ${panel.title}`;
    this.element = element(
      "div",
      { class: "tam-strip", role: "listbox", aria: { label, multiselectable: "true" } },
      turnGroups(panel, this.#items),
    );
    this.#rove(this.#current);
    this.#listen(signal);
  }

  /** Marks the visible and the locked tokens, and shades tokens by weight, 0 to 1. */
  mark(
    shown: readonly number[],
    locked: readonly number[],
    weights: ArrayLike<number> | null,
    shading: Shading,
  ): void {
    this.#locked = locked;
    if (this.element.dataset.shading !== shading) this.element.dataset.shading = shading;
    this.#items.forEach((item, i) => {
      const shade = String(Math.round(SHADES * (weights?.[i] ?? 0)));
      const marks = `${shown.includes(i)} ${locked.includes(i)} ${shade}`;
      if (marks === this.#marks[i]) return;
      this.#marks[i] = marks;
      item.classList.toggle("tam-shown", shown.includes(i));
      item.setAttribute("aria-selected", String(locked.includes(i)));
      (item.lastElementChild as HTMLElement).dataset.shade = shade;
    });
  }

  /** Highlights these tokens and no others. */
  light(tokens: readonly number[]): void {
    for (const token of this.#lit) if (!tokens.includes(token)) this.#setLit(token, false);
    for (const token of tokens) if (!this.#lit.includes(token)) this.#setLit(token, true);
    this.#lit = tokens;
  }

  #setLit(token: number, lit: boolean): void {
    this.#items[token].classList.toggle("tam-lit", lit);
  }

  /** Underlines tokens of words that no other panel has. */
  underline(tokens: readonly number[]): void {
    for (const token of tokens) this.#items[token].classList.add("tam-alone");
  }

  /** The first token of the answer. */
  get start(): number {
    return this.#start;
  }

  /** Moves focus to a token, which also previews it. */
  focus(token: number): void {
    this.#rove(token);
    this.#items[token]?.focus();
  }

  /** Scrolls a long conversation to its answer. */
  revealAnswer(): void {
    this.element.scrollTop = this.element.scrollHeight;
    const answer = this.element.lastElementChild as HTMLElement;
    const top = answer.offsetTop - this.element.offsetTop;
    if (top < this.element.scrollTop) this.element.scrollTop = top;
  }

  #rove(token: number): void {
    this.#items[this.#current]?.setAttribute("tabindex", "-1");
    this.#items[token]?.setAttribute("tabindex", "0");
    this.#current = token;
  }

  #listen(signal: AbortSignal): void {
    const on = <K extends keyof HTMLElementEventMap>(
      name: K,
      handle: (event: HTMLElementEventMap[K], token: number) => void,
    ) => this.element.addEventListener(name, (event) => handle(event, tokenOf(event)), { signal });
    on("pointerover", (event, token) => this.#over(event, token));
    on("pointerleave", (event) => {
      this.#pointed = -1;
      if (event.pointerType !== "touch") this.#events.preview(null);
    });
    on("pointerdown", (event, token) => this.#down(event, token));
    on("click", (event, token) => this.#click(event, token));
    on("focusin", (_, token) => this.#focused(token));
    on("keydown", (event, token) => this.#key(event, token));
  }

  #over(event: PointerEvent, token: number): void {
    if (event.pointerType === "touch" || token < 0 || token === this.#pointed) return;
    this.#pointed = token;
    const drawing = this.#anchor >= 0 && (event.buttons & 1) === 1 && !event.shiftKey;
    if (drawing) this.#dragging = true;
    if (drawing) this.#events.span(this.#anchor, token);
    else this.#events.preview(token);
  }

  #down(event: PointerEvent, token: number): void {
    this.#touched = event.pointerType === "touch";
    this.#dragging = false;
    if (!event.shiftKey) this.#anchor = this.#touched ? -1 : token;
  }

  /** A mouse click locks; on a touch screen the first tap previews and the second locks. */
  #click(event: MouseEvent, token: number): void {
    if (token < 0 || this.#dragging) return;
    const again = this.#tapped === token;
    this.#tapped = token;
    this.#rove(token);
    if (this.#touched && !again) this.#events.preview(token);
    else if (event.shiftKey) this.#events.span(this.#spanStart(token), token);
    else this.#events.toggle(token);
  }

  /** Where a span to this token starts: as the last span did, or at the last locked token. */
  #spanStart(token: number): number {
    return this.#locked.includes(this.#anchor) ? this.#anchor : (this.#locked.at(-1) ?? token);
  }

  #focused(token: number): void {
    if (token < 0 || this.#touched) return;
    this.#items[token].setAttribute("aria-label", this.#events.describe(token));
    this.#events.preview(token);
  }

  #key(event: KeyboardEvent, token: number): void {
    if (token < 0 || event.ctrlKey || event.metaKey) return;
    const act = this.#action(event, token);
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    this.#touched = false;
    act();
  }

  #action({ key, altKey, shiftKey }: KeyboardEvent, token: number): (() => void) | null {
    const go = (to: () => number) => () =>
      shiftKey ? this.#extend(token, to()) : this.focus(to());
    const actions: Record<string, () => void> = {
      ArrowLeft: go(() => this.#events.next(token, -1, altKey)),
      ArrowRight: go(() => this.#events.next(token, 1, altKey)),
      ArrowUp: () => this.#events.leave(token, -1),
      ArrowDown: () => this.#events.leave(token, 1),
      Home: go(() => 0),
      End: go(() => this.#items.length - 1),
      Enter: () => this.#events.toggle(token),
      " ": () => this.#events.toggle(token),
      Escape: () => this.#events.release(),
    };
    return actions[key] ?? null;
  }

  /** Moves the end of a span that starts where Shift was first pressed. */
  #extend(from: number, to: number): void {
    if (this.#reached !== from) this.#anchor = from;
    this.#reached = to;
    this.focus(to);
    this.#events.span(this.#anchor, to);
  }
}

function tokenOf(event: Event): number {
  const item = (event.target as Element).closest<HTMLElement>(".tam-token");
  return item ? Number(item.dataset.i) : -1;
}
