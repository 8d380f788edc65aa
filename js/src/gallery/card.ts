/** A card: one sample as measured by one or two runs. Cards are recycled. */
import { element } from "../dom";
import { CardSide } from "./card-side";
import type { Note } from "./filters";
import { DIFFERENCE, RUN_NAMES, signed } from "./labels";
import { type Layout, pictureWidth, placeOf } from "./layout";
import { differenceOf } from "./samples";
import { type Scene, wantedOf } from "./scene";
import type { Thumbnails } from "./thumbnails";

export class Card {
  readonly element: HTMLElement;
  readonly #cardSides: readonly CardSide[];
  /** The sample's id, which only a screen reader says: it is in no label of the card's own. */
  readonly #name = element("span", { class: "tam-spoken" });
  readonly #difference = element("div", { class: "tam-card-difference" });
  readonly #marks = element("div", { class: "tam-marks" });
  #marked: Note | undefined;
  id = "";
  /** Its position in the order. */
  at = -1;

  constructor(runs: number) {
    const names = runs > 1 ? RUN_NAMES : [""];
    this.#cardSides = names.map((name) => new CardSide(name));
    const cardSides = this.#cardSides.map((cardSide) => cardSide.element);
    this.element = element("div", { class: "tam-card", role: "option" }, [
      this.#name,
      ...cardSides,
      this.#marks,
    ]);
    if (runs > 1) this.element.append(this.#difference);
  }

  /** Shows the sample at a position of the order. */
  show(scene: Scene, at: number, all: Layout): void {
    const { data, order, score } = scene;
    const one = data.samples[order[at]];
    const [, ...focus] = wantedOf(scene, one);
    this.id = one.id;
    this.at = at;
    this.#cardSides.forEach((cardSide, i) => {
      const run = one.runs[i] ?? null;
      cardSide.say(data, run, focus[i] ?? -1, score, scene.filters.signatures);
    });
    const difference = differenceOf(one, score);
    this.#difference.textContent = difference === null ? "" : `${DIFFERENCE} ${signed(difference)}`;
    const [left, top] = placeOf(all, at);
    this.element.style.left = `${left}px`;
    this.element.style.top = `${top}px`;
    this.element.dataset.id = one.id;
    this.element.title = one.id;
    this.element.setAttribute("aria-posinset", String(at + 1));
    this.element.setAttribute("aria-setsize", String(order.length));
    this.#name.textContent = one.id;
    this.#mark(scene.notes[one.id]);
  }

  /** Moves off-screen until it is recycled, which is cheaper than leaving the page. */
  away(): void {
    this.at = -1;
    this.element.style.top = "-9999px";
    this.element.removeAttribute("id");
  }

  /** Removes the pictures, which belong to another sample. */
  clear(): void {
    for (const cardSide of this.#cardSides) cardSide.clear();
  }

  draw(thumbnails: Thumbnails | undefined, all: Layout, { overlay, outline }: Scene): void {
    const width = pictureWidth(all.width, this.#cardSides.length);
    this.#cardSides.forEach((cardSide, i) => {
      const thumbnail = thumbnails ? (thumbnails[i] ?? null) : undefined;
      cardSide.draw(thumbnail, { width, overlay, outline });
    });
  }

  /** Marks the card as selected, open in the explorer, and at the keyboard's position. */
  state(chosen: boolean, open: boolean, active: boolean): void {
    this.element.setAttribute("aria-selected", String(chosen));
    this.element.classList.toggle("tam-open", open);
    this.element.classList.toggle("tam-active", active);
  }

  /** The first tag and the number of others, and a pen for a note. */
  #mark(note: Note | undefined): void {
    if (note === this.#marked) return;
    this.#marked = note;
    const { tags, note: text } = note ?? { tags: [], note: "" };
    const marks = [];
    if (tags.length > 0) marks.push(element("span", { class: "tam-tagged", text: tags[0] }));
    if (tags.length > 1)
      marks.push(element("span", { class: "tam-pen", text: `+${tags.length - 1}` }));
    if (text) {
      const spoken = element("span", { class: "tam-spoken", text: "with a note" });
      marks.push(element("span", { class: "tam-pen", text: "✎" }), spoken);
    }
    this.#marks.replaceChildren(...marks);
    this.#marks.title = [...tags, text].filter(Boolean).join("\n");
  }
}
