/** A button that opens a list of checkboxes. */

import { button } from "../controls";
import { element } from "../dom";
import type { Counts } from "./filters";
import { grouped } from "./labels";

interface Item {
  readonly box: HTMLInputElement;
  readonly count: HTMLElement;
}

/** What a menu says about its names. */
export interface MenuTexts {
  /** Explains a name; empty if it needs no explanation. */
  readonly meaning: (name: string) => string;
  /** What is said of a name that is no use as a filter; empty if it is of use. */
  readonly statement: (name: string) => string;
}

export class Menu {
  readonly element: HTMLElement;
  readonly #name: string;
  readonly #button: HTMLButtonElement;
  readonly #list: HTMLElement;
  readonly #texts: MenuTexts;
  readonly #choose: (names: string[]) => void;
  readonly #signal: AbortSignal;
  readonly #items = new Map<string, Item>();
  #counts: () => Counts = () => new Map();
  #chosen: readonly string[] = [];

  constructor(
    name: string,
    texts: MenuTexts,
    choose: (names: string[]) => void,
    signal: AbortSignal,
  ) {
    this.#name = name;
    this.#texts = texts;
    this.#choose = choose;
    this.#signal = signal;
    this.#button = button(
      name,
      `Shows samples with any of the ${name} that are ticked`,
      () => this.#toggle(),
      signal,
    );
    this.#button.setAttribute("aria-expanded", "false");
    this.#button.classList.add("tam-opens");
    this.#list = element("div", { class: "tam-list", role: "group", aria: { label: name } });
    this.#list.hidden = true;
    this.element = element("div", { class: "tam-menu", data: { menu: name } }, [
      this.#button,
      this.#list,
    ]);
    this.#listen();
  }

  /** @param counts only called while the list is open */
  draw(counts: () => Counts, chosen: readonly string[]): void {
    this.#counts = counts;
    this.#chosen = chosen;
    const [only] = chosen;
    const label = chosen.length > 1 ? `${this.#name}: ${chosen.length}` : (only ?? this.#name);
    this.#button.textContent = label;
    this.#button.setAttribute("aria-pressed", String(chosen.length > 0));
    if (!this.#list.hidden) this.#refresh();
  }

  #listen(): void {
    const own = this.element;
    const signal = this.#signal;
    const shut = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || this.#list.hidden) return;
      event.stopPropagation();
      this.#close();
      this.#button.focus();
    };
    own.addEventListener("keydown", shut, { signal });
    const left = ({ relatedTarget }: FocusEvent) => {
      if (relatedTarget && !own.contains(relatedTarget as Node)) this.#close();
    };
    own.addEventListener("focusout", left, { signal });
    const outside = (event: Event) => {
      if (!event.composedPath().includes(own)) this.#close();
    };
    document.addEventListener("pointerdown", outside, { signal });
    this.#list.addEventListener("change", () => this.#ticked(), { signal });
  }

  #toggle(): void {
    if (this.#list.hidden) this.#show();
    else this.#close();
  }

  #show(): void {
    this.#fill();
    this.#list.hidden = false;
    this.#button.setAttribute("aria-expanded", "true");
    const root = this.element.closest(".tam-root") as HTMLElement;
    const room = root.getBoundingClientRect().right - this.element.getBoundingClientRect().left;
    this.#list.classList.toggle("tam-leftwards", this.#list.offsetWidth > room);
    this.#list.querySelector("input")?.focus();
  }

  #close(): void {
    this.#list.hidden = true;
    this.#button.setAttribute("aria-expanded", "false");
  }

  #fill(): void {
    this.#items.clear();
    const names = [...this.#counts().keys()];
    const stated = names.filter(
      (name) => this.#texts.statement(name) && !this.#chosen.includes(name),
    );
    const rows = names.filter((name) => !stated.includes(name)).map((name) => this.#row(name));
    const facts = stated.map((name) =>
      element("p", { class: "tam-statement" }, [
        this.#texts.statement(name),
        ...this.#explained(name),
      ]),
    );
    const none = element("p", { class: "tam-message", text: `There are no ${this.#name} here.` });
    this.#list.replaceChildren(...(names.length > 0 ? [...rows, ...facts] : [none]));
    this.#refresh();
  }

  #row(name: string): HTMLElement {
    const box = element("input", { data: { name, lmSuppressShortcuts: "true" } });
    box.type = "checkbox";
    const count = element("span", { class: "tam-count" });
    this.#items.set(name, { box, count });
    const text = element("span", { class: "tam-item", text: name });
    return element("label", {}, [box, text, count, ...this.#explained(name)]);
  }

  #explained(name: string): HTMLElement[] {
    const text = this.#texts.meaning(name);
    return text ? [element("span", { class: "tam-meaning", text })] : [];
  }

  #refresh(): void {
    const counts = this.#counts();
    for (const [name, { box, count }] of this.#items) {
      box.checked = this.#chosen.includes(name);
      count.textContent = grouped(counts.get(name) ?? 0);
    }
  }

  #ticked(): void {
    this.#choose([...this.#items].filter(([, { box }]) => box.checked).map(([name]) => name));
  }
}
