/** The joined text of several tokens, and how their maps are aggregated. */
import { settings } from "../../../tam_widgets/contract.json";
import { element } from "../dom";
import type { Aggregate, ExplorerStore } from "../state/store";

const LABELS: Readonly<Record<Aggregate, string>> = {
  max: "largest value",
  mean: "mean",
  first: "first token",
  sum: "sum",
};

export class Caption {
  readonly element: HTMLElement;
  readonly #text = element("span", { class: "tam-span-text" });
  readonly #count = element("span", { class: "tam-count" });
  readonly #select = element("select", {
    aria: { label: "How the maps of these tokens are aggregated" },
    data: { setting: "aggregate", lmSuppressShortcuts: "true" },
  });
  readonly #store: ExplorerStore;

  constructor(store: ExplorerStore, signal: AbortSignal) {
    this.#store = store;
    for (const value of settings.aggregate.values)
      this.#select.append(new Option(LABELS[value as Aggregate], value));
    const change = () => store.set("aggregate", this.#select.value as Aggregate);
    this.#select.addEventListener("change", change, { signal });
    this.#select.addEventListener("keydown", (event) => event.stopPropagation(), { signal });
    const parts = [this.#text, this.#count, this.#select];
    this.element = element("div", { class: "tam-caption" }, parts);
  }

  /** Shows the text of several tokens; null hides all of it. */
  draw(text: string | null, count: number): void {
    this.element.hidden = text === null;
    if (text === null) return;
    this.#text.textContent = text;
    this.#text.title = text;
    this.#count.textContent = `${count} tokens`;
    this.#select.value = this.#store.settings.aggregate;
  }
}
