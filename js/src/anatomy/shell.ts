/** What stays while the steps change: the row of steps, the picture, and where each part goes. */
import { button } from "../controls";
import { element, onResize } from "../dom";
import { mediaOf } from "../media";
import { STYLE as CHECK_STYLE } from "../questions/check-style";
import { adopt } from "../style-sheet";
import type { VideoView } from "../view/video";
import type { Facts } from "./facts";
import { Picture } from "./picture";
import type { Lesson, Room } from "./step";
import { STEPS } from "./steps/steps";
import { STYLE } from "./style";

/** Widths in CSS pixels from which the text stands beside the picture, and so on. */
const WIDTHS = { "tam-anatomy-wide": 560, "tam-anatomy-line": 740, "tam-anatomy-large": 1000 };

/** Most characters of the answer before the word, so that the word is in view. */
const LONGEST = 40;

/** What a view knows beyond the record. */
export type Known = Pick<Lesson, "products" | "check" | "asks" | "ask">;

export interface Settings {
  readonly colormap: string;
  readonly Video: typeof VideoView | null;
  /** Called when a person has gone to a step, 1 to 10. */
  readonly went: (step: number) => void;
  /** Closes the view; null where it stands alone. */
  readonly close: (() => void) | null;
}

export class AnatomyView {
  readonly element: HTMLElement;
  readonly #lesson: Lesson;
  readonly #picture: Picture;
  readonly #settings: Settings;
  readonly #signal: AbortSignal;
  readonly #buttons: readonly HTMLButtonElement[];
  readonly #title = element("h3", { class: "tam-step-title" });
  readonly #body = element("div", { class: "tam-step-body" });
  readonly #reading = element("p", { class: "tam-reading" });
  readonly #control = element("div", { class: "tam-step-control" });
  readonly #said = element("p", { class: "tam-hidden", role: "status" });
  readonly #turns: readonly HTMLButtonElement[];
  #step = 0;
  #end: () => void = () => {};
  #second: Picture | null = null;

  constructor(facts: Facts, known: Known, settings: Settings, signal: AbortSignal) {
    this.#settings = settings;
    this.#signal = signal;
    const { Video, colormap } = settings;
    this.#picture = new Picture(facts, Video, colormap, signal);
    const second = () => this.#other(facts);
    this.#lesson = { facts, cell: facts.strongest, chosen: null, second, ...known };
    this.#buttons = STEPS.map(({ name }, i) => {
      const made = button("", "", () => this.#go(i + 1), signal);
      made.className = "tam-step-button";
      made.append(element("b", { text: String(i + 1) }), element("span", { text: name }));
      return made;
    });
    this.#turns = ([-1, 1] as const).map((by) => {
      const [text, label] = by < 0 ? ["←", "Step before"] : ["→", "Next step"];
      const made = button(text, label, () => this.#go(this.#step + by), signal);
      made.setAttribute("aria-label", label);
      return made;
    });
    this.element = element("section", {
      class: "tam-anatomy",
      aria: { label: `How the map of “${facts.word}” is made` },
    });
    // what is pressed anywhere takes the keyboard, which the steps need
    this.element.tabIndex = -1;
    this.element.append(this.#head(), this.#nav(), this.#room());
    this.element.addEventListener("keydown", (event) => this.key(event), { signal });
    signal.addEventListener("abort", () => this.#end(), { once: true });
    onResize(this.element, signal, () => this.#fit());
  }

  /** Attaches it; resolves when the picture is decoded. */
  async mount(root: HTMLElement): Promise<void> {
    root.append(this.element);
    await this.#picture.load();
    this.#again();
  }

  /** Gives it the keyboard. */
  focus(): void {
    this.#buttons[this.#step - 1].focus({ preventScroll: true });
  }

  /** Shows a step, 1 to 10. */
  show(step: number): void {
    const number = Math.min(STEPS.length, Math.max(1, Math.round(step)));
    if (number === this.#step) return;
    this.#step = number;
    this.#again();
  }

  /** Shows the step in view again, since more is known. */
  refresh(step: number): void {
    if (step === this.#step) this.#again();
  }

  /** What keys do; those of a presenter's remote control go to the next step from anywhere. */
  key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const to = this.#target(event);
    if (to === null) return;
    event.preventDefault();
    event.stopPropagation();
    if (to === 0) this.#settings.close?.();
    else this.#go(to);
  }

  /** The step that a key asks for; 0 closes, null for other keys. */
  #target({ key, target }: KeyboardEvent): number | null {
    const slides = target instanceof HTMLInputElement;
    const moves: Readonly<Record<string, number>> = {
      PageDown: this.#step + 1,
      PageUp: this.#step - 1,
      ...(!slides && {
        ArrowRight: this.#step + 1,
        ArrowLeft: this.#step - 1,
        Home: 1,
        End: STEPS.length,
      }),
      ...(this.#settings.close && { Escape: 0 }),
    };
    if (key in moves) return key === "Escape" ? 0 : Math.max(1, moves[key]);
    return /^\d$/.test(key) ? Number(key) || STEPS.length : null;
  }

  #go(step: number): void {
    const before = this.#step;
    this.show(step);
    if (this.#step !== before) this.#settings.went(this.#step);
  }

  #head(): HTMLElement {
    const { facts } = this.#lesson;
    const { close } = this.#settings;
    const word = element("mark", { text: facts.word });
    const [before, after] = around(facts);
    const answer = element("p", { class: "tam-answer-line" }, [before, word, after]);
    const title = element("h2", { text: `How the map of “${facts.word}” is made` });
    const back = close
      ? [button("back", "Back to the explorer (Escape)", close, this.#signal)]
      : [];
    return element("header", { class: "tam-anatomy-head" }, [title, answer, ...back]);
  }

  #nav(): HTMLElement {
    const items = this.#buttons.map((one) => element("li", {}, [one]));
    const list = element("ol", { class: "tam-step-row" }, items);
    return element("nav", { aria: { label: "Steps" } }, [list, this.#said]);
  }

  #room(): HTMLElement {
    const left = element("div", { class: "tam-anatomy-left" }, [
      this.#picture.element,
      this.#reading,
      this.#control,
      ...this.#tiles(),
    ]);
    const head = element("div", { class: "tam-step-head" }, [this.#title, ...this.#turns]);
    const right = element("div", { class: "tam-anatomy-right" }, [head, this.#body]);
    const room = element("div", { class: "tam-anatomy-room" }, [left, right]);
    const { images } = this.#lesson.facts.panel;
    const [{ width, height }] = images;
    const alone = mediaOf(images).length === 1;
    room.style.setProperty("--tam-aspect", String(alone ? width / height : 2));
    return room;
  }

  /** A choice between tiles and thumbnail, where the model saw both. */
  #tiles(): HTMLElement[] {
    if (!this.#picture.hasThumbnail) return [];
    const text = () => (this.#picture.thumbnail ? "show the tiles" : "show the thumbnail");
    const title = "The model saw the picture as sharp tiles, and whole but small";
    const turn = () => {
      this.#picture.thumbnail = !this.#picture.thumbnail;
      if (this.#second) this.#second.thumbnail = this.#picture.thumbnail;
      made.textContent = text();
    };
    const made = button(text(), title, turn, this.#signal);
    return [made];
  }

  #other(facts: Facts): Picture {
    if (!this.#second) {
      const { Video, colormap } = this.#settings;
      this.#second = new Picture(facts, Video, colormap, this.#signal);
      void this.#second.load();
    }
    return this.#second;
  }

  #again(): void {
    if (this.#step === 0) return;
    const had = this.element.contains(this.#focused);
    this.#end();
    const controller = new AbortController();
    this.#end = () => controller.abort();
    const [text, equation, figure] = ["text", "math", "figure"].map((name) =>
      element("div", { class: `tam-step-${name}` }),
    );
    const step = STEPS[this.#step - 1];
    this.#reading.replaceChildren();
    this.#control.replaceChildren();
    this.#body.replaceChildren(text, equation, figure);
    this.#picture.touched = () => {};
    const room: Room = {
      picture: this.#picture,
      reading: this.#reading,
      control: this.#control,
      text,
      equation,
      figure,
      signal: controller.signal,
      again: () => this.#again(),
    };
    this.#title.textContent = step.title(this.#lesson);
    step.show(this.#lesson, room);
    this.#draw();
    // the keyboard may have been on what is gone
    if (had && !this.element.contains(this.#focused)) this.focus();
  }

  get #focused(): Element | null {
    return (this.element.getRootNode() as Document | ShadowRoot).activeElement ?? null;
  }

  #draw(): void {
    if (this.#buttons.some((one) => one === this.#focused)) this.focus();
    this.#buttons.forEach((one, i) => {
      if (i + 1 === this.#step) one.setAttribute("aria-current", "step");
      else one.removeAttribute("aria-current");
    });
    this.#turns[0].disabled = this.#step === 1;
    this.#turns[1].disabled = this.#step === STEPS.length;
    this.#said.textContent = `Step ${this.#step} of ${STEPS.length}: ${this.#title.textContent}`;
    this.element.dataset.step = String(this.#step);
    this.#keepHeight();
  }

  /** The room is as high as the highest step so far, so that what lies below stays in place. */
  #keepHeight(): void {
    const high = Math.max(Number(this.#body.dataset.high ?? 0), this.#body.scrollHeight);
    this.#body.dataset.high = String(high);
    this.#body.style.minHeight = `${high}px`;
  }

  #fit(): void {
    if (!this.element.isConnected) return; // a notebook attaches it later
    for (const style of [STYLE, CHECK_STYLE]) adopt(this.element, style);
    for (const [name, width] of Object.entries(WIDTHS))
      this.element.classList.toggle(name, this.element.clientWidth >= width);
    delete this.#body.dataset.high;
    this.#body.style.minHeight = "";
    this.#keepHeight();
  }
}

/** The answer before and after the word. */
function around({ panel, token }: Facts): readonly [string, string] {
  const own = panel.tokens.map(({ text, special }) => (special ? "" : text));
  const start = panel.tokens.findIndex(({ kind }) => kind === "answer");
  const blank = /^\s*/.exec(own[token])?.[0] ?? "";
  const before = own.slice(start, token).join("") + blank;
  const near = before.length > LONGEST ? `… ${before.slice(-LONGEST).trimStart()}` : before;
  return [near, own.slice(token + 1).join("")];
}
