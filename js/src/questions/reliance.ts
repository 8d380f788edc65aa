/**
 * Visual reliance: a bar under each word of the answer, as long as the share of its probability
 * that the picture carries. Not to be confused with a word's strongest evidence (`details.ts`),
 * which compares activations of a single reading.
 */
import { button } from "../controls";
import { element } from "../dom";
import { adopt } from "../style-sheet";
import { isBlank } from "../view/token-elements";
import { spanText } from "../words";
import type { Running, Unanswered } from "./client";
import type { Beside, Place } from "./question";
import { inWords, NAME, type Reliance } from "./reliance-in-words";
import { STYLE } from "./reliance-style";

export const KEY = "bar: the picture’s share of the word’s probability";
const KEY_IN_BOX = "While there is a box, bars show what lies in it, and not reliance.";
const MEASURES = "Measures how much of each word’s probability the picture carries";
const WAITS = "Reading the answer with a blank picture …";

export class RelianceBars implements Beside {
  readonly button: HTMLButtonElement;
  readonly element: HTMLElement;
  readonly #place: Place;
  readonly #strip: HTMLElement;
  readonly #items: readonly HTMLElement[];
  /** Descriptions of the tokens without reliance. */
  readonly #described: readonly (string | null)[];
  readonly #sample = element("span", { class: "tam-reliance-sample" });
  readonly #key = element("span");
  readonly #numbers = element("div", { class: "tam-reliance-numbers" });
  readonly #status = element("div", { role: "status" });
  #marked: Reliance | null = null;
  #running: Running | null = null;
  #failure = "";
  /** Whether bars that a check has brought were asked for here. */
  #wanted = false;

  constructor(place: Place) {
    const { root, views, signal } = place.opened;
    this.#place = place;
    const own = views[place.index].element;
    this.#strip = own.querySelector(".tam-strip") as HTMLElement;
    this.#items = [...own.querySelectorAll<HTMLElement>(".tam-token")];
    this.#described = this.#items.map((item) => item.getAttribute("aria-description"));
    this.button = button(NAME, MEASURES, () => this.#press(), signal);
    this.button.dataset.question = NAME;
    const key = element("div", {}, [this.#sample, this.#key]);
    this.element = element("div", { class: "tam-reliance" }, [key, this.#numbers, this.#status]);
    adopt(root, STYLE);
    signal.addEventListener("abort", () => this.#running?.stop(), { once: true });
  }

  get #known(): Reliance | undefined {
    return this.#place.known<Reliance>(NAME);
  }

  /** Bars of all words appear if they were measured, and not merely since one word was checked. */
  get #shown(): Reliance | null {
    const known = this.#known;
    const asked = known && (known.measured || this.#wanted);
    return asked && this.#place.opened.store.settings.reliance ? known : null;
  }

  draw(): void {
    const { store, views } = this.#place.opened;
    const known = this.#known;
    const shown = this.#shown;
    const boxed = this.#strip.dataset.shading === "inside";
    this.button.hidden = !known && !this.#place.asks(NAME);
    this.button.setAttribute("aria-pressed", String(shown !== null));
    this.button.title = known ? KEY : MEASURES;
    this.#mark(shown);
    this.#sample.hidden = boxed;
    this.#key.textContent = shown && (boxed ? KEY_IN_BOX : KEY);
    this.#numbers.hidden = shown === null;
    const { tokens } = views[this.#place.index].chosen(store.preview);
    const said = shown && inWords(shown, tokens);
    const word = spanText(this.#place.panel.tokens, tokens);
    this.#numbers.textContent = said ? `“${word}”: ${said}` : "\u00a0";
    this.#status.textContent = this.#running ? WAITS : this.#failure;
    this.#status.classList.toggle("tam-failed", !this.#running && this.#failure !== "");
    (this.#key.parentElement as HTMLElement).hidden = shown === null;
  }

  /** Sets the bars' lengths, and what screen readers say of each token. */
  #mark(shown: Reliance | null): void {
    if (shown === this.#marked) return;
    this.#marked = shown;
    this.#strip.toggleAttribute("data-reliance", shown !== null);
    this.#items.forEach((item, i) => {
      const token = this.#place.panel.tokens[i];
      const share = token.special || isBlank(token) ? null : (shown?.share[i] ?? null);
      const text = item.lastElementChild as HTMLElement;
      text.toggleAttribute("data-carried", share !== null);
      text.style.setProperty("--tam-carried", String(share ?? 0));
      const said = shown && inWords(shown, [i]);
      const description = said ? `probability ${said}` : this.#described[i];
      if (description !== null) item.setAttribute("aria-description", description);
    });
  }

  #press(): void {
    const { store } = this.#place.opened;
    if (this.#running) this.#running.stop();
    else if (this.#known) {
      const show = this.#shown === null;
      this.#wanted = true;
      store.set("reliance", show);
      this.draw();
    } else this.#measure();
  }

  #measure(): void {
    this.#failure = "";
    this.#place.opened.store.set("reliance", true);
    this.#running = this.#place.ask(NAME, {});
    const end = (failure: string) => {
      this.#running = null;
      this.#failure = failure;
      this.draw();
    };
    this.#running.answer.then(
      () => end(""),
      ({ state, message }: Unanswered) => end(state === "stopped" ? "" : message),
    );
    this.draw();
  }
}
