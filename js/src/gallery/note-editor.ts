/** Edits the tags and the note of the selected samples. */

import { button, keepKeys } from "../controls";
import { element } from "../dom";
import type { Notes } from "./filters";
import type { Messages } from "./messages";
import { commonTags, knownTags, tagging } from "./tags";

/** A note is sent after this many milliseconds without typing. */
const PAUSE = 500;

export class NoteEditor {
  readonly element: HTMLElement;
  readonly #messages: Messages;
  readonly #signal: AbortSignal;
  readonly #tags = element("span", { class: "tam-tags" });
  readonly #input = element("input", { class: "tam-new-tag", aria: { label: "New tag" } });
  readonly #known = element("datalist");
  readonly #text = element("textarea", { class: "tam-note-text", aria: { label: "Note" } });
  readonly #state = element("span", { class: "tam-note-state", role: "status" });
  /** Typed notes that are not yet known to be saved, by sample. */
  readonly #typed = new Map<string, string>();
  #ids: readonly string[] = [];
  #notes: Notes = {};
  #timer = 0;

  constructor(messages: Messages, signal: AbortSignal) {
    this.#messages = messages;
    this.#signal = signal;
    this.#known.id = `tam-tags-${Math.random().toString(36).slice(2)}`;
    this.#input.setAttribute("list", this.#known.id);
    Object.assign(this.#input, { placeholder: "add a tag", spellcheck: false });
    Object.assign(this.#text, { placeholder: "note", rows: 2 });
    for (const field of [this.#input, this.#text]) field.dataset.lmSuppressShortcuts = "true";
    const line = element("div", { class: "tam-tag-line" }, [
      this.#tags,
      this.#input,
      this.#known,
      this.#state,
    ]);
    this.element = element("div", { class: "tam-note-box" }, [line, this.#text]);
    this.#listen();
  }

  /** @param ids the selected samples: tags apply to all of them, the note to the last */
  draw(notes: Notes, ids: readonly string[]): void {
    if (ids.at(-1) !== this.#open) this.#flush();
    const other = ids.at(-1) !== this.#open;
    this.#ids = ids;
    this.#notes = notes;
    this.#settle();
    const open = this.#open;
    if (open !== undefined && (other || !this.#typed.has(open))) {
      const text = this.#typed.get(open) ?? notes[open]?.note ?? "";
      if (this.#text.value !== text) this.#text.value = text;
    }
    if (other) this.#say("");
    this.#drawTags();
  }

  /** Shows that the typed note is not saved; it stays in the field. */
  refused(message: string): void {
    if (this.#typed.size > 0) this.#say("not saved");
    this.#state.title = message;
  }

  get #open(): string | undefined {
    return this.#ids.at(-1);
  }

  #say(text: string): void {
    const many = this.#ids.length > 1 ? `tags for ${this.#ids.length} samples` : "";
    this.#state.textContent = [many, text].filter(Boolean).join(" · ");
    this.#state.title = "";
  }

  /** Forgets typed notes that Python now has. */
  #settle(): void {
    for (const [id, text] of this.#typed)
      if ((this.#notes[id]?.note ?? "") === text) {
        this.#typed.delete(id);
        if (id === this.#open) this.#say("saved");
      }
  }

  #drawTags(): void {
    const chips = commonTags(this.#notes, this.#ids).map((tag) => {
      const remove = () => this.#tag(tag, false);
      const chip = button(tag, `Removes the tag ${tag}`, remove, this.#signal);
      chip.classList.add("tam-tag");
      return chip;
    });
    this.#tags.replaceChildren(...chips);
    this.#known.replaceChildren(...knownTags(this.#notes).map((tag) => new Option(tag)));
  }

  #listen(): void {
    const signal = this.#signal;
    keepKeys(this.element, signal);
    const entered = (event: KeyboardEvent) => {
      if (event.key === "Enter" && !event.isComposing) this.#addTyped();
    };
    this.#input.addEventListener("keydown", entered, { signal });
    this.#input.addEventListener("change", () => this.#addTyped(), { signal });
    this.#text.addEventListener("input", () => this.#changed(), { signal });
    this.#text.addEventListener("blur", () => this.#flush(), { signal });
    signal.addEventListener("abort", () => this.#flush(), { once: true });
  }

  #addTyped(): void {
    const tag = this.#input.value.trim();
    this.#input.value = "";
    if (tag) this.#tag(tag, true);
  }

  #tag(tag: string, present: boolean): void {
    for (const group of tagging(this.#notes, this.#ids, tag, present))
      this.#messages.send({ kind: "note", ...group });
  }

  #changed(): void {
    if (this.#open === undefined) return;
    this.#typed.set(this.#open, this.#text.value);
    this.#say("");
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#flush(), PAUSE);
  }

  #flush(): void {
    window.clearTimeout(this.#timer);
    const open = this.#open;
    const note = open === undefined ? undefined : this.#typed.get(open);
    if (open === undefined || note === undefined) return;
    if ((this.#notes[open]?.note ?? "") === note) this.#typed.delete(open);
    else this.#messages.send({ kind: "note", ids: [open], note });
  }
}
