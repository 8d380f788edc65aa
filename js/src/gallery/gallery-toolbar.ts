/** The toolbar: which samples are shown, and in which order. */

import { gallery_settings as settings } from "../../../tam_widgets/contract.json";
import { button, type Choice, keepKeys, type Select, select } from "../controls";
import { element } from "../dom";
import { counts, isFiltered } from "./filters";
import { DIFFERENCE, grouped } from "./labels";
import { Menu, type MenuTexts } from "./menu";
import type { Sort } from "./order";
import type { GalleryData } from "./samples";
import type { Scene } from "./scene";
import { type GalleryStore, noFilters, refine } from "./settings";
import { commonSignatures } from "./signature-shares";

const SORTS: Readonly<Record<Sort, string>> = {
  score: "by score",
  difference: `by difference ${DIFFERENCE}`,
  sample: "as in the data set",
};

const NO_TEXTS: MenuTexts = { meaning: () => "", statement: () => "" };

const LISTS = ["signatures", "categories", "tags"] as const;

export class GalleryToolbar {
  readonly element: HTMLElement;
  readonly #store: GalleryStore;
  readonly #signal: AbortSignal;
  #data: GalleryData;
  readonly #score: Select;
  readonly #sort: Select;
  readonly #direction: HTMLButtonElement;
  readonly #menus: readonly Menu[];
  readonly #word: HTMLInputElement;
  readonly #overlay: HTMLButtonElement;
  readonly #outline: HTMLButtonElement;
  readonly #clear: HTMLButtonElement;
  readonly #count = element("span", { class: "tam-shown-count", role: "status" });

  constructor(data: GalleryData, store: GalleryStore, signal: AbortSignal) {
    this.#store = store;
    this.#data = data;
    this.#signal = signal;
    this.#score = this.#scoreSelect(data);
    const sorts = settings.sort.values
      .filter((name) => data.runs.length > 1 || name !== "difference")
      .map((name): Choice => [name, SORTS[name as Sort]]);
    const sort = (value: string) => store.set("sort", value as Sort);
    this.#sort = select("Order of the samples", sorts, sort, signal);
    const turn = () => store.set("descending", !store.values.descending);
    this.#direction = button("", "Reverses the order", turn, signal);
    this.#menus = LISTS.map((list) => this.#menu(list));
    this.#word = this.#wordInput();
    const overlay = () => store.set("overlay", !store.values.overlay);
    this.#overlay = button("maps", "Shows the word's map over each picture", overlay, signal);
    const outline = () => store.set("outline", !store.values.outline);
    const truth = "Outlines what the word truly names, where the object's mask is known";
    this.#outline = button("outlines", truth, outline, signal);
    this.#outline.hidden = true;
    const clear = () => store.set("filters", noFilters(data.runs.length));
    this.#clear = button("clear", "Shows all samples", clear, signal);
    this.element = element(
      "div",
      { class: "tam-toolbar", role: "toolbar", aria: { label: "Which samples are shown" } },
      this.#groups(),
    );
    keepKeys(this.element, signal);
  }

  draw(scene: Scene): void {
    const { score, sort, descending, filters, overlay, outline } = this.#store.values;
    this.#data = scene.data;
    this.#score.show(score);
    this.#sort.show(sort);
    this.#direction.textContent = directionText(sort, descending);
    LISTS.forEach((list, i) => {
      this.#menus[i].draw(() => counts(filters, scene, list), filters[list]);
    });
    if (document.activeElement !== this.#word) this.#word.value = filters.word;
    this.#overlay.setAttribute("aria-pressed", String(overlay));
    this.#outline.setAttribute("aria-pressed", String(outline));
    this.#clear.hidden = !isFiltered(filters);
    const [shown, all] = [scene.order.length, scene.data.samples.length];
    const part = shown === all ? "" : `${grouped(shown)} of `;
    this.#count.textContent = `${part}${grouped(all)} shown`;
  }

  /** Offers to switch outlines off, once some picture has one. */
  offerOutlines(): void {
    this.#outline.hidden = false;
  }

  #groups(): HTMLElement[] {
    const set = (...parts: Node[]) => element("div", { class: "tam-set" }, parts);
    return [
      set(this.#score.element, this.#sort.element, this.#direction),
      set(...this.#menus.map((menu) => menu.element), this.#word),
      set(this.#overlay, this.#outline, this.#clear, this.#count),
    ];
  }

  #scoreSelect({ scores, runs }: GalleryData): Select {
    const choose = (name: string) => {
      refine(this.#store, { ranges: noFilters(runs.length).ranges });
      this.#store.set("score", name);
    };
    const choices = scores.map(({ name, label }): Choice => [name, label]);
    return select("Score of a sample", choices, choose, this.#signal);
  }

  #menu(list: (typeof LISTS)[number]): Menu {
    const choose = (names: string[]) => refine(this.#store, { [list]: names });
    const texts = list === "signatures" ? this.#ofSignatures() : NO_TEXTS;
    return new Menu(list, texts, choose, this.#signal);
  }

  #ofSignatures(): MenuTexts {
    return {
      meaning: (name) => this.#data.signatures.find((one) => one.name === name)?.meaning ?? "",
      statement: (name) => commonSignatures(this.#data, 0).get(name) ?? "",
    };
  }

  #wordInput(): HTMLInputElement {
    const title = "Shows samples whose answer has a noun that starts with this";
    const made = element("input", { class: "tam-find", title, aria: { label: title } });
    Object.assign(made, { type: "search", placeholder: "word", spellcheck: false });
    made.dataset.lmSuppressShortcuts = "true";
    const typed = () => refine(this.#store, { word: made.value });
    made.addEventListener("input", typed, { signal: this.#signal });
    return made;
  }
}

function directionText(sort: Sort, descending: boolean): string {
  if (sort === "sample") return descending ? "last to first" : "first to last";
  return descending ? "highest first" : "lowest first";
}
