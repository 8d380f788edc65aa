/** What can be done with several samples at once: select, tag, download. */
import { button, keepKeys } from "../controls";
import { element } from "../dom";
import type { Notes } from "./filters";
import { grouped } from "./labels";
import type { Answer, Messages } from "./messages";
import type { Scene } from "./scene";
import { csvOf, jsonOf, rowsOf } from "./table";
import { knownTags, tagging } from "./tags";

const FORMATS = { csv: "text/csv", json: "application/json" } as const;

type Format = keyof typeof FORMATS;

export interface SelectionEvents {
  /** Selects these samples; the last one is opened. */
  readonly choose: (ids: readonly string[]) => void;
  /** Whether every click adds a sample to the selection, or takes it away. */
  readonly several: (on: boolean) => void;
}

export class SelectionBar {
  readonly element: HTMLElement;
  readonly #messages: Messages;
  readonly #all: HTMLButtonElement;
  readonly #several: HTMLButtonElement;
  readonly #count = element("span", { class: "tam-selected-count", role: "status" });
  readonly #chosen = element("div", { class: "tam-set" });
  readonly #tag = element("input", { class: "tam-tag-all" });
  readonly #known = element("datalist");
  readonly #state = element("span", { class: "tam-selection-state", role: "status" });
  #scene: Scene | null = null;
  /** The tag that was sent, until the notes have it. */
  #sent = "";
  /** The format of the table whose answers are awaited. */
  #format: Format | null = null;

  /** @param readOnly whether tags cannot be changed */
  constructor(
    messages: Messages,
    { choose, several }: SelectionEvents,
    signal: AbortSignal,
    readOnly = false,
  ) {
    this.#messages = messages;
    const all = () => {
      if (this.#scene) choose(listed(this.#scene));
    };
    this.#all = button("", "Selects all samples that are shown", all, signal);
    const toggle = () => {
      const on = this.#several.getAttribute("aria-pressed") !== "true";
      this.#several.setAttribute("aria-pressed", String(on));
      several(on);
    };
    const adds =
      "Every click adds a sample to the selection or takes it away, as Ctrl + click does";
    this.#several = button("select several", adds, toggle, signal);
    this.#several.setAttribute("aria-pressed", "false");
    this.#listenToTag(signal);
    const download = (format: Format) => {
      const title = "Downloads the selection's scores, words, answers, tags and notes";
      const name = `download ${format.toUpperCase()}`;
      return button(name, title, () => this.#ask(format), signal);
    };
    const none = button("select none", "Clears the selection", () => choose([]), signal);
    const tag = readOnly ? [] : [this.#tag, this.#known];
    this.#chosen.append(...tag, download("csv"), download("json"), none);
    this.element = element(
      "div",
      { class: "tam-selection", role: "group", aria: { label: "Selection" } },
      [
        element("div", { class: "tam-set" }, [this.#count, this.#all, this.#several]),
        this.#chosen,
        this.#state,
      ],
    );
    keepKeys(this.element, signal);
    messages.on("answers", (answer) => this.#download(answer));
    messages.on("refused", ({ about }) => {
      if (about === "answers") this.#format = null;
      if (about === "note") this.#sent = "";
    });
  }

  draw(scene: Scene): void {
    this.#scene = scene;
    const { selection, order, notes } = scene;
    const count = selection.length;
    this.#count.textContent = count > 0 ? `${grouped(count)} selected` : "";
    this.#all.textContent = `select all ${grouped(order.length)}`;
    this.#all.hidden = order.length === 0;
    this.#chosen.hidden = count === 0;
    const text = `tag ${grouped(count)} selected`;
    this.#tag.placeholder = text;
    this.#tag.setAttribute("aria-label", text);
    this.#known.replaceChildren(...knownTags(notes).map((tag) => new Option(tag)));
    this.#settle(notes, selection);
  }

  /** Says once the notes have the tag that was sent. */
  #settle(notes: Notes, ids: readonly string[]): void {
    const tag = this.#sent;
    if (!tag || !ids.every((id) => notes[id]?.tags.includes(tag))) return;
    this.#sent = "";
    this.#state.textContent = `“${tag}” added to ${grouped(ids.length)}`;
  }

  #listenToTag(signal: AbortSignal): void {
    this.#known.id = `tam-tags-${Math.random().toString(36).slice(2)}`;
    this.#tag.setAttribute("list", this.#known.id);
    this.#tag.dataset.lmSuppressShortcuts = "true";
    this.#tag.spellcheck = false;
    const entered = (event: KeyboardEvent) => {
      if (event.key === "Enter" && !event.isComposing) this.#tagAll();
    };
    this.#tag.addEventListener("keydown", entered, { signal });
    this.#tag.addEventListener("change", () => this.#tagAll(), { signal });
  }

  #tagAll(): void {
    const tag = this.#tag.value.trim().replace(/\s+/g, " ");
    this.#tag.value = "";
    if (!tag || !this.#scene) return;
    const { notes, selection } = this.#scene;
    this.#sent = tag;
    this.#state.textContent = "";
    for (const group of tagging(notes, selection, tag, true))
      this.#messages.send({ kind: "note", ...group });
    this.#settle(notes, selection);
  }

  /** Asks Python for the answers, which the list does not have. */
  #ask(format: Format): void {
    this.#format = format;
    this.#messages.send({ kind: "answers", ids: this.#scene?.selection ?? [] });
  }

  #download({ samples }: Answer<"answers">): void {
    const [scene, format] = [this.#scene, this.#format];
    if (!scene || !format) return;
    this.#format = null;
    const answers = new Map(samples.map(({ id, runs }) => [id, runs]));
    const rows = rowsOf(scene.data, scene.notes, [...answers.keys()], answers);
    const text = format === "csv" ? csvOf(rows) : jsonOf(rows);
    const url = URL.createObjectURL(new Blob([text], { type: FORMATS[format] }));
    const link = element("a");
    Object.assign(link, { href: url, download: `samples.${format}` });
    link.click();
    window.setTimeout(() => URL.revokeObjectURL(url), 1000);
  }
}

/** All samples that are shown, the first of them last, so that it is opened. */
function listed({ data, order }: Scene): string[] {
  const [first, ...others] = order.map((i) => data.samples[i].id);
  return first === undefined ? [] : [...others, first];
}
