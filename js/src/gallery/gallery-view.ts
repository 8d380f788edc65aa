/** The whole gallery: runs, toolbar, cards, and the open sample beside them. */
import { element, onResize } from "../dom";
import { Traits } from "../state/traits";
import { followTheme } from "../view/theme";
import { CardGrid } from "./card-grid";
import { GalleryToolbar } from "./gallery-toolbar";
import { grouped } from "./labels";
import { type GalleryModel, Messages } from "./messages";
import { RunList } from "./run-list";
import { SamplePanel } from "./sample-panel";
import { type GalleryData, readGallery } from "./samples";
import { SavedPictures } from "./saved-pictures";
import { type Scene, sceneOf, withSettings } from "./scene";
import { SelectionBar } from "./selection-bar";
import { DEFAULTS, type GallerySettings, type GalleryStore } from "./settings";
import { ThumbnailLoader } from "./thumbnail-loader";

/** Width in CSS pixels from which the open sample is shown beside the cards. */
const WIDE = 900;

const NOT_ARRIVING = "Pictures are not arriving: the kernel is busy or gone.";

/** Settings that change which samples are shown, or their order. */
const ORDERING = new Set<keyof GallerySettings>(["score", "sort", "descending", "filters"]);

const MEANING =
  "Each picture lies under the map of the noun in bold, the one that is filtered for or else fails most (lowest IoU): the brighter, the more evidence.";
const TRUTH = "The line shows where what the noun names truly is.";

export class GalleryView {
  readonly element: HTMLElement;
  readonly #model: GalleryModel;
  readonly #store: GalleryStore;
  readonly #saved: SavedPictures;
  readonly #loader: ThumbnailLoader;
  readonly #toolbar: GalleryToolbar;
  readonly #runs: RunList;
  readonly #grid: CardGrid;
  readonly #samplePanel: SamplePanel;
  readonly #selection: SelectionBar;
  readonly #meaning = element("p", { class: "tam-note", text: MEANING });
  readonly #empty = element("p", { class: "tam-message", role: "status" });
  readonly #notice = element("p", { class: "tam-message", role: "status" });
  #data: GalleryData;
  #scene: Scene;
  /** Whether a person, not Python, has changed the selection since the last drawing. */
  #chosen = false;
  #frame = 0;
  /** Whether the samples or their order have changed, and whether to scroll to the top. */
  #reordered = false;
  #afresh = true;

  constructor(model: GalleryModel, signal: AbortSignal) {
    this.#model = model;
    this.#data = readGallery(model.get("_listing"));
    this.#store = new Traits(model, DEFAULTS, signal);
    this.#scene = sceneOf(this.#data, this.#store.values);
    const messages = new Messages(model, signal);
    this.#saved = new SavedPictures(model);
    this.#loader = new ThumbnailLoader(
      messages,
      this.#saved,
      (id) => this.#arrived(id),
      (silent) => this.#silent(silent),
      signal,
    );
    this.#toolbar = new GalleryToolbar(this.#data, this.#store, signal);
    this.#runs = new RunList(this.#data, this.#store, signal);
    this.#grid = new CardGrid(this.#scene, this.#loader, (ids) => this.#choose(ids), signal);
    const events = { step: (by: -1 | 1) => this.#step(by), close: () => this.#close() };
    this.#samplePanel = new SamplePanel(
      messages,
      this.#loader,
      events,
      signal,
      model.get("_read_only") === true,
    );
    this.#selection = new SelectionBar(
      messages,
      {
        choose: (ids) => this.#choose(ids),
        several: (on) => {
          this.#grid.several = on;
        },
      },
      signal,
      model.get("_read_only") === true,
    );
    this.element = element("div", { class: "tam-gallery-view" }, this.#parts());
    messages.on("refused", ({ message }) => this.#notify(message, true));
    messages.on("pictures", ({ samples }) => {
      const outlined = samples.some(({ runs }) => runs.some((run) => run?.outline?.length));
      if (!outlined) return;
      this.#toolbar.offerOutlines();
      this.#meaning.textContent = `${MEANING} ${TRUTH}`;
    });
    this.#observe(signal);
  }

  /** Attaches to the root element, whose attributes tell tests and styles the state. */
  mount(root: HTMLElement, host: Element, signal: AbortSignal): void {
    root.append(this.element);
    const theme = followTheme(host, root, signal);
    onResize(root, signal, () => {
      theme();
      this.element.classList.toggle("tam-wide", root.clientWidth >= WIDE);
    });
    this.element.classList.toggle("tam-wide", root.clientWidth >= WIDE);
    this.#reorder();
    this.#redraw();
    root.dataset.ready = "1";
    if (this.#store.values.selection.length > 0) this.#samplePanel.ask();
  }

  #parts(): HTMLElement[] {
    const left = element("div", { class: "tam-left" }, [this.#grid.element, this.#empty]);
    const body = element("div", { class: "tam-body" }, [left, this.#samplePanel.element]);
    const bars = [this.#runs.element, this.#toolbar.element, this.#selection.element];
    return [...bars, this.#meaning, this.#notice, body];
  }

  #observe(signal: AbortSignal): void {
    this.#store.subscribe((changed) => {
      if (changed === "runs") return;
      const tagged = changed === "notes" && this.#store.values.filters.tags.length > 0;
      if (ORDERING.has(changed)) this.#afresh = true;
      if (ORDERING.has(changed) || tagged) this.#reordered = true;
      this.#silent(this.#loader.silent);
    });
    const replaced = () => this.#replace();
    this.#model.on("change:_listing", replaced);
    const close = () => {
      this.#model.off("change:_listing", replaced);
      cancelAnimationFrame(this.#frame);
    };
    signal.addEventListener("abort", close, { once: true });
  }

  /** Replaces all data, after a change of runs. */
  #replace(): void {
    this.#data = readGallery(this.#model.get("_listing"));
    this.#loader.clear();
    this.#reordered = true;
    this.#schedule();
  }

  #schedule(): void {
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#draw());
  }

  #draw(): void {
    this.#frame = 0;
    if (this.#reordered) this.#reorder();
    this.#reordered = false;
    this.#redraw();
  }

  #reorder(): void {
    this.#scene = sceneOf(this.#data, this.#store.values);
    this.#runs.draw(this.#scene);
    const { order, data } = this.#scene;
    this.#empty.textContent = order.length > 0 ? "" : emptyText(data);
    this.#grid.show(this.#scene, this.#afresh);
    this.#afresh = false;
    const root = this.element.parentElement;
    if (root) root.dataset.shown = String(order.length);
  }

  #redraw(): void {
    const before = this.#scene.selection.at(-1);
    this.#scene = withSettings(this.#scene, this.#store.values);
    this.#toolbar.draw(this.#scene);
    this.#selection.draw(this.#scene);
    this.#samplePanel.draw(this.#scene);
    this.element.classList.toggle("tam-with-sample", !this.#samplePanel.element.hidden);
    this.#grid.redraw(this.#scene);
    const open = this.#scene.selection.at(-1);
    if (open !== undefined && open !== before) this.#grid.reveal(open);
    const below = !this.element.classList.contains("tam-wide");
    if (open !== undefined && this.#chosen && below) this.#samplePanel.reveal();
    this.#chosen = false;
  }

  #choose(ids: readonly string[]): void {
    this.#store.set("selection", ids);
    this.#chosen = true;
    this.#schedule();
  }

  #close(): void {
    this.#choose([]);
    this.#grid.element.focus({ preventScroll: true });
  }

  #step(by: -1 | 1): void {
    const { data, order, selection } = this.#scene;
    const at = order.findIndex((i) => data.samples[i].id === selection.at(-1));
    const next = order[at + by];
    if (next !== undefined) this.#choose([data.samples[next].id]);
  }

  #arrived(id: string): void {
    this.#grid.arrived(id);
    this.#samplePanel.arrived(id);
  }

  #silent(silent: boolean): void {
    const { count } = this.#saved;
    const some = `Only the first ${grouped(count)} samples have pictures here: for the others, and `;
    const text = count > 0 ? `${some}to open samples, run the notebook.` : NOT_ARRIVING;
    this.#notify(silent ? text : "");
    this.#schedule();
  }

  #notify(text: string, failed = false): void {
    this.#notice.textContent = text;
    this.#notice.classList.toggle("tam-error", failed);
  }
}

function emptyText({ samples }: GalleryData): string {
  return samples.length > 0 ? "No sample passes these filters." : "There are no samples here yet.";
}
