/** The tags and the note of the open sample, where they cannot be changed. */
import { element } from "../dom";
import type { Notes } from "./filters";

export class NoteView {
  readonly element: HTMLElement;
  readonly #tags = element("span", { class: "tam-tags" });
  readonly #text = element("p", { class: "tam-note-shown" });
  readonly #state = element("p", { class: "tam-note-state" });

  constructor() {
    const line = element("div", { class: "tam-tag-line" }, [this.#tags]);
    this.element = element("div", { class: "tam-note-box" }, [line, this.#text, this.#state]);
  }

  /** @param ids the selected samples, of which the last is open */
  draw(notes: Notes, ids: readonly string[]): void {
    const own = notes[ids.at(-1) ?? ""];
    const tags = (own?.tags ?? []).map((text) => element("span", { class: "tam-sign", text }));
    this.#tags.replaceChildren(...tags);
    this.#text.textContent = own?.note ?? "";
    const none = own ? "" : "No tags, no note. ";
    this.#state.textContent = `${none}Tags and notes cannot be changed in this file.`;
  }

  refused(): void {}
}
