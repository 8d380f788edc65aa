/** The words: prompt and answer as one listbox in which every token can be pointed at. */
import { element } from "../dom";
import type { Panel, Token } from "../wire";

/** What a person does to tokens of one panel. */
export interface StripEvents {
  readonly preview: (token: number | null) => void;
  readonly toggle: (token: number) => void;
  readonly release: () => void;
  /** Asks for focus in another panel: −1 the one before, 1 the one after. */
  readonly leave: (token: number, direction: -1 | 1) => void;
  /** What a screen reader says of a token. */
  readonly describe: (token: number) => string;
}

/**
 * Steps of the shading, each a rule of the style sheet: styles that many words share cost the
 * browser far less than a value for every word.
 */
const SHADES = 8;

/** Text with its line ends and tabs made visible. */
const visible = (text: string) => text.replace(/\n/g, "↵\n").replace(/\t/g, "⇥");

/** Tokens that stand for nothing to read: line ends alone, or a piece of a character. */
const isBlank = ({ text }: Token) => text.trim() === "";

export class Strip {
  readonly element: HTMLElement;
  readonly #tokens: readonly Token[];
  readonly #items: readonly HTMLElement[];
  readonly #events: StripEvents;
  readonly #marks: string[] = [];
  #current: number;
  #touched = false;
  #tapped = -1;

  constructor(panel: Panel, index: number, events: StripEvents, signal: AbortSignal) {
    this.#tokens = panel.tokens;
    this.#events = events;
    this.#items = panel.tokens.map((token, i) => option(token, index, i));
    this.#current = this.start;
    this.element = element(
      "div",
      { class: "tam-strip", role: "listbox", aria: { label: `Words of ${panel.title}` } },
      [this.#group("prompt", "Prompt"), this.#answer(panel.truncated)],
    );
    this.#rove(this.#current);
    this.#listen(signal);
  }

  #group(kind: Token["kind"], label: string): HTMLElement {
    const items = this.#items.filter((_, i) => this.#tokens[i].kind === kind);
    return element("div", { class: `tam-${kind}`, role: "group", aria: { label } }, items);
  }

  #answer(truncated: boolean): HTMLElement {
    const group = this.#group("answer", "Answer");
    const empty = this.#tokens.every(({ kind, special }) => kind === "prompt" || special);
    if (empty)
      group.prepend(element("span", { class: "tam-note", text: "The model answered nothing. " }));
    if (truncated)
      group.append(element("span", { class: "tam-truncated", text: "cut off at max_new_tokens" }));
    return group;
  }

  /** Marks what is drawn and locked, and shades context tokens by weight, 0 to 1. */
  mark(shown: readonly number[], locked: readonly number[], weights: Float32Array | null): void {
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

  /** The first token of the answer. */
  get start(): number {
    return Math.max(
      0,
      this.#tokens.findIndex(({ kind }) => kind === "answer"),
    );
  }

  /** Moves the keyboard to a token, which also previews it. */
  focus(token: number): void {
    this.#rove(token);
    this.#items[token]?.focus();
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
      if (event.pointerType !== "touch") this.#events.preview(null);
    });
    on("pointerdown", (event) => {
      this.#touched = event.pointerType === "touch";
    });
    on("click", (_, token) => this.#click(token));
    on("focusin", (_, token) => this.#focused(token));
    on("focusout", (event) => {
      if (!this.element.contains(event.relatedTarget as Node | null)) this.#events.preview(null);
    });
    on("keydown", (event, token) => this.#key(event, token));
  }

  #over(event: PointerEvent, token: number): void {
    if (event.pointerType !== "touch" && token >= 0) this.#events.preview(token);
  }

  /** A mouse locks at once; on a touch screen the first tap previews, the second locks. */
  #click(token: number): void {
    if (token < 0) return;
    const again = this.#tapped === token;
    this.#tapped = token;
    this.#rove(token);
    if (this.#touched && !again) this.#events.preview(token);
    else this.#events.toggle(token);
  }

  #focused(token: number): void {
    if (token < 0 || this.#touched) return;
    this.#items[token].setAttribute("aria-label", this.#events.describe(token));
    this.#events.preview(token);
  }

  #key(event: KeyboardEvent, token: number): void {
    if (token < 0 || event.ctrlKey || event.metaKey) return;
    const act = this.#action(event.key, token, event.altKey);
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    this.#touched = false;
    act();
  }

  #action(key: string, token: number, word: boolean): (() => void) | null {
    const step = (by: -1 | 1) => () => this.focus(this.#neighbour(token, by, word));
    const actions: Record<string, () => void> = {
      ArrowLeft: step(-1),
      ArrowRight: step(1),
      ArrowUp: () => this.#events.leave(token, -1),
      ArrowDown: () => this.#events.leave(token, 1),
      Home: () => this.focus(0),
      End: () => this.focus(this.#items.length - 1),
      Enter: () => this.#events.toggle(token),
      " ": () => this.#events.toggle(token),
      Escape: () => this.#events.release(),
    };
    return actions[key] ?? null;
  }

  /** The next token, or with `word` the next one that starts a word. */
  #neighbour(token: number, by: -1 | 1, word: boolean): number {
    const inside = (i: number) => Math.min(this.#items.length - 1, Math.max(0, i));
    let next = inside(token + by);
    const starts = (i: number) => /^\s/.test(this.#tokens[i].text) || i === inside(i - 1);
    while (word && !starts(next) && next !== inside(next + by)) next = inside(next + by);
    return next;
  }
}

function option(token: Token, panel: number, index: number): HTMLElement {
  const space = isBlank(token) ? "" : (/^ +/.exec(token.text)?.[0] ?? "");
  const ink = element("span", { class: "tam-ink", text: visible(token.text.slice(space.length)) });
  const item = element(
    "span",
    {
      class: "tam-token",
      role: "option",
      // Jupyter asks the focused element itself: on an ancestor alone, `b` would insert a cell
      data: { i: String(index), panel: String(panel), lmSuppressShortcuts: "true" },
    },
    [space, ink],
  );
  item.tabIndex = -1;
  item.classList.toggle("tam-special", token.special);
  item.classList.toggle("tam-blank", isBlank(token));
  return item;
}

function tokenOf(event: Event): number {
  const item = (event.target as Element).closest<HTMLElement>(".tam-token");
  return item ? Number(item.dataset.i) : -1;
}
