/** All entries, of which some can be searched for. */
import { button } from "../controls";
import { element } from "../dom";
import type { Model } from "../state/traits";
import { Traits } from "../state/traits";
import { ENTRIES, type Entry, GROUPS } from "./entries";
import { entryView } from "./entry-view";

interface State {
  /** Name of the entry that is shown alone; empty for all. */
  readonly term: string;
}

export class GlossaryView {
  readonly element: HTMLElement;
  readonly #state: Traits<State>;
  readonly #search = element("input", { aria: { label: "Search the glossary" } });
  readonly #all: HTMLButtonElement;
  readonly #count = element("span", { class: "tam-note", role: "status" });
  readonly #entries = new Map<Entry, HTMLElement>();
  readonly #groups: readonly (readonly [HTMLElement, readonly Entry[]])[];

  constructor(model: Model, signal: AbortSignal) {
    this.#state = new Traits<State>(model, { term: "" }, signal);
    this.#all = button("all terms", "Shows all entries", () => this.#go(""), signal);
    Object.assign(this.#search, { type: "search", placeholder: "search" });
    this.#search.dataset.lmSuppressShortcuts = "true";
    this.#search.addEventListener("input", () => this.#searched(), { signal });
    this.#groups = GROUPS.map(({ title, entries }) => [this.#group(title, entries), entries]);
    const tools = [this.#search, this.#all, this.#count];
    this.element = element("div", { class: "tam-glossary-body" }, [
      element("div", { class: "tam-glossary-tools" }, tools),
      ...this.#groups.map(([group]) => group),
    ]);
    this.#state.subscribe(() => this.#draw());
    this.#draw();
  }

  #group(title: string, entries: readonly Entry[]): HTMLElement {
    const views = entries.map((entry) => {
      const view = entryView(entry, (other) => {
        this.#search.value = "";
        this.#go(this.#state.values.term && other.name);
        this.#draw();
        this.#point(other);
      });
      view.tabIndex = -1;
      this.#entries.set(entry, view);
      return view;
    });
    const grid = element("div", { class: "tam-entries" }, views);
    return element("section", {}, [element("h2", { text: title }), grid]);
  }

  #go(term: string): void {
    this.#state.set("term", term);
  }

  #searched(): void {
    this.#go("");
    this.#draw();
  }

  /** Marks an entry, and gives it the keyboard. */
  #point(entry: Entry): void {
    for (const [one, view] of this.#entries) view.toggleAttribute("data-current", one === entry);
    this.#entries.get(entry)?.focus({ preventScroll: true });
    this.#entries.get(entry)?.scrollIntoView({ block: "nearest" });
  }

  #draw(): void {
    const { term } = this.#state.values;
    const wanted = this.#search.value.trim().toLowerCase();
    const fits = ({ name, term: own, also, text }: Entry) =>
      term
        ? name === term
        : [own, text, ...also].some((part) => part.toLowerCase().includes(wanted));
    for (const [entry, view] of this.#entries) view.hidden = !fits(entry);
    for (const [group, entries] of this.#groups) group.hidden = !entries.some(fits);
    this.#all.hidden = !term;
    const count = ENTRIES.filter(fits).length;
    this.#count.textContent = term ? "" : `${count} of ${ENTRIES.length} terms`;
  }
}
