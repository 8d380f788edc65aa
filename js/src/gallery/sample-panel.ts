/** The open sample beside the grid: its header, explanation and note. */
import { element } from "../dom";
import type { Buffer } from "../wire";
import { ExplorerHost } from "./explorer-host";
import { fallback } from "./fallback";
import type { Answer, Messages } from "./messages";
import { NoteEditor } from "./note-editor";
import { NoteView } from "./note-view";
import { SampleHeader, type SampleHeaderEvents } from "./sample-header";
import type { Sample } from "./samples";
import { type Scene, wantedOf } from "./scene";
import type { ThumbnailLoader } from "./thumbnail-loader";

/** Milliseconds without an answer after which a message says so. */
const PATIENCE = 8000;

export class SamplePanel {
  readonly element: HTMLElement;
  readonly #messages: Messages;
  readonly #loader: ThumbnailLoader;
  readonly #header: SampleHeader;
  readonly #host: ExplorerHost;
  readonly #caveat = element("p", { class: "tam-message" });
  readonly #missing = element("p", { class: "tam-message", role: "status" });
  readonly #fallback = element("div");
  readonly #note: NoteEditor | NoteView;
  #scene: Scene | null = null;
  #open: Sample | undefined;
  /** The latest explanation; it may arrive before the selection does. */
  #answer: [Answer<"sample">, readonly Buffer[]] | null = null;
  /** Identifies the explanation in view. */
  #shown = "";
  #timer = 0;

  /** @param readOnly whether notes cannot be changed */
  constructor(
    messages: Messages,
    loader: ThumbnailLoader,
    events: SampleHeaderEvents,
    signal: AbortSignal,
    readOnly = false,
  ) {
    this.#messages = messages;
    this.#loader = loader;
    this.#header = new SampleHeader(events, signal);
    this.#host = new ExplorerHost(messages, signal);
    this.#note = readOnly ? new NoteView() : new NoteEditor(messages, signal);
    this.element = element("section", { class: "tam-sample", aria: { label: "Open sample" } }, [
      this.#header.element,
      this.#caveat,
      this.#host.element,
      this.#missing,
      this.#fallback,
      this.#note.element,
    ]);
    this.element.hidden = true;
    messages.on("sample", (answer, buffers) => this.#take(answer, buffers));
    messages.on("refused", ({ about, message }) => {
      if (about === "note") this.#note.refused(message);
    });
    signal.addEventListener("abort", () => window.clearTimeout(this.#timer), { once: true });
  }

  /** Requests the sample that is already open, for a view that is created later. */
  ask(): void {
    this.#messages.send({ kind: "open" });
  }

  draw(scene: Scene): void {
    this.#scene = scene;
    const id = scene.selection.at(-1);
    const one = scene.data.samples.find((other) => other.id === id);
    this.#note.draw(scene.notes, scene.selection);
    this.element.hidden = one === undefined;
    if (id !== this.#open?.id) this.#change(one);
    this.#open = one;
    if (one) this.#header.draw(one, scene);
    this.#drawFallback();
  }

  /** Scrolls the page until the sample's name is visible. */
  reveal(): void {
    this.#header.element.scrollIntoView({ block: "nearest" });
  }

  /** Draws the pictures of a sample that have arrived. */
  arrived(id: string): void {
    if (id === this.#open?.id) this.#drawFallback();
  }

  #change(one: Sample | undefined): void {
    this.#open = one;
    window.clearTimeout(this.#timer);
    this.#host.expect();
    this.#shown = "";
    this.#missing.textContent = "";
    if (!one) this.#host.clear();
    else this.#await();
  }

  #await(): void {
    void this.#host.prepare();
    this.element.setAttribute("aria-busy", "true");
    const patience = this.#loader.silent ? 0 : PATIENCE;
    this.#timer = window.setTimeout(() => this.#silent(), patience);
    this.#answered();
  }

  #silent(): void {
    this.#say("The explanation has not arrived: the kernel is busy or gone.");
  }

  #take(answer: Answer<"sample">, buffers: readonly Buffer[]): void {
    this.#answer = [answer, buffers];
    this.#answered();
  }

  /** Shows the latest explanation if it belongs to the open sample and is not yet in view. */
  #answered(): void {
    if (!this.#answer) return;
    const { id, header, selected, settings, missing } = this.#answer[0];
    const titles = header?.panels?.map((one) => typeof one === "object" && [one.title, one.model]);
    const shown = JSON.stringify([id, selected, settings, titles, missing]);
    if (id !== this.#open?.id || shown === this.#shown) return;
    this.#shown = shown;
    if (missing || !header) this.#say(missing ?? "There is no explanation.");
    else this.#explain(...this.#answer);
  }

  #explain(answer: Answer<"sample">, buffers: readonly Buffer[]): void {
    this.#missing.textContent = "";
    this.#caveat.textContent = answer.caveat ?? "";
    this.#drawFallback();
    this.#host.show(answer, buffers).then(
      () => this.#settled(),
      (error) => this.#say(`The explorer could not be shown. ${error}`),
    );
  }

  #say(text: string): void {
    this.#host.clear();
    this.#caveat.textContent = "";
    this.#missing.textContent = text;
    this.#drawFallback();
    this.#settled();
  }

  #drawFallback(): void {
    const [one, scene] = [this.#open, this.#scene];
    const said = this.#missing.textContent !== "";
    const wanted = one && scene && said ? wantedOf(scene, one) : null;
    const thumbnails = wanted && this.#loader.of(wanted);
    const parts = [];
    if (one && scene && wanted && thumbnails) parts.push(fallback(one, wanted, scene, thumbnails));
    this.#fallback.replaceChildren(...parts);
  }

  #settled(): void {
    window.clearTimeout(this.#timer);
    this.element.removeAttribute("aria-busy");
    this.element.dataset.sample = this.#open?.id ?? "";
  }
}
