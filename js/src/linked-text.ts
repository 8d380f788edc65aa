/** Paragraphs whose terms open their entry of the glossary, once that is there. */
import { element } from "./dom";
import { type PartModel, part } from "./parts";

/** What the module of the glossary has for other parts. */
export interface Glossary {
  /** Writes a text into an element, its terms as links. */
  readonly writeLinked: (target: HTMLElement, text: string) => void;
}

/** The glossary; null where it cannot be had, as in a saved notebook. */
export async function glossaryOf(model: PartModel): Promise<Glossary | null> {
  return part<Glossary>("glossary", model).catch(() => null);
}

export class LinkedText {
  readonly element = element("p");
  #text = "";
  #glossary: Glossary | null = null;

  /** Links that stay are left alone, as one of them may have the keyboard. */
  show(text: string, glossary: Glossary | null): void {
    if (text === this.#text && glossary === this.#glossary) return;
    this.#text = text;
    this.#glossary = glossary;
    if (glossary) glossary.writeLinked(this.element, text);
    else this.element.textContent = text;
  }
}
