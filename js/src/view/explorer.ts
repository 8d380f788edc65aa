/** The whole explorer: toolbar, panels side by side, and their synchronisation. */
import { element, onResize } from "../dom";
import { Links } from "../links";
import { otsu } from "../otsu";
import { type PartModel, part } from "../parts";
import { largestKernel } from "../rank-gaussian";
import { twinImage } from "../same-picture";
import { Maps } from "../state/maps";
import { ExplorerStore } from "../state/store";
import type { Decoded } from "../wire";
import { Words } from "../words";
import { ImageView } from "./image";
import { Legend } from "./legend";
import type { MenuModule } from "./method_menus";
import type { OutlineModule } from "./outlines";
import * as painting from "./paint";
import { PanelView } from "./panel";
import type { Shared } from "./shared";
import { followTheme } from "./theme";
import { ExplorerToolbar } from "./toolbar";
import { type Opened, ToolButtons } from "./tools";

interface QuestionModule {
  readonly attach: (opened: Opened) => void;
}

/** Width in CSS pixels from which a single panel has its text beside its image. */
const WIDE = 760;

export class ExplorerView {
  readonly element: HTMLElement;
  readonly #store: ExplorerStore;
  readonly #links: Links;
  readonly #maps: Maps;
  readonly #panels: readonly PanelView[];
  readonly #toolbar: ExplorerToolbar;
  readonly #tools: ToolButtons;
  readonly #opened: () => Opened;
  #attached: Promise<void> | null = null;

  /** @param Video shows videos; not needed where there are none */
  constructor(
    { methods, panels, links, atRest }: Decoded,
    model: PartModel,
    Video: Shared["Video"],
    signal: AbortSignal,
  ) {
    this.#store = new ExplorerStore(model, signal);
    this.#links = new Links(links);
    this.#maps = new Maps(panels, methods);
    const shared = {
      store: this.#store,
      maps: this.#maps,
      methods,
      panels,
      twinImage: (panel: number, image: number, other: number) =>
        twinImage(panels[panel].images, image, panels[other].images),
      links: this.#links,
      words: panels.map(({ words, tokens }) => new Words(words, tokens.length)),
      Video,
      atRest,
      signal,
      leave: (panel: number, token: number, by: -1 | 1) => this.#leave(panel, token, by),
    };
    this.#panels = panels.map((panel, i) => new PanelView(panel, i, shared));
    const kernel = Math.min(
      ...panels.flatMap(({ grids }) => grids.map(({ rows, cols }) => largestKernel(rows, cols))),
    );
    const threshold = () => this.#thresholdByOtsu();
    this.#toolbar = new ExplorerToolbar(shared, kernel, threshold);
    this.#opened = () => {
      const root = this.element.parentElement as HTMLElement;
      return { root, views: this.#panels, model, painting, ImageView, Legend, ...shared };
    };
    this.#tools = new ToolButtons(this.#opened, signal);
    this.#toolbar.element.append(this.#tools.element);
    const row = element(
      "div",
      { class: "tam-panels" },
      this.#panels.map((view) => view.element),
    );
    this.element = element("div", { class: "tam-explorer" }, [this.#toolbar.element, row]);
    this.element.dataset.panels = String(panels.length);
    this.#store.subscribe((changed) => {
      if (changed === "box") this.#drawBox();
      else if (changed === "frame") this.#showFrame();
      else if (changed === "pointer") for (const panel of this.#panels) panel.showPointer();
      else this.#draw();
      if (changed === "selected") this.#question();
    });
  }

  /** Attaches to the root element, whose attributes tell tests and styles the state. */
  async mount(root: HTMLElement, host: Element, signal: AbortSignal): Promise<void> {
    root.append(this.element);
    const theme = followTheme(host, root, signal);
    onResize(root, signal, () => {
      theme();
      this.element.classList.toggle("tam-wide", root.clientWidth >= WIDE);
    });
    this.#draw();
    await Promise.all(this.#panels.map((panel) => panel.load()));
    await this.#complete();
    root.dataset.ready = "1";
    void this.#tools.invite(this.#opened());
    this.#question();
    this.#maps.prepare(
      (panel) => this.#store.of(panel),
      () => this.#mapsAdded(),
      signal,
    );
  }

  /** Adds menus of the panels' own methods, and true outlines, which few explanations have. */
  async #complete(): Promise<void> {
    const opened = this.#opened();
    if (opened.panels.length > 1)
      await part<MenuModule>("method_menus", opened.model).then(
        ({ addMenus }) => addMenus(opened),
        () => {}, // legends name the methods all the same
      );
    if (opened.panels.some(({ outlines }) => outlines.length > 0))
      (await part<OutlineModule>("outlines", opened.model)).outline(opened);
  }

  /**
   * Adds what can be asked of a model, is known of it, or about a locked word; a saved notebook may
   * lack that part.
   */
  #question(): void {
    const opened = this.#opened();
    const { model, store } = opened;
    const some = (name: string) =>
      (model.get(name) as object[] | undefined)?.some((one) => Object.keys(one)[0]);
    if (store.settings.selected[0] || ["_questions", "_known", "_steps"].some(some))
      this.#attached ??= part<QuestionModule>("questions", model).then(
        ({ attach }) => attach(opened),
        () => {
          this.#attached = null;
        },
      );
  }

  /** More maps are ready: the ranking of words in a box is more complete. */
  #mapsAdded(): void {
    if (this.#store.settings.box.length > 0) this.#drawBox();
  }

  #drawBox(): void {
    for (const panel of this.#panels) panel.drawBox();
  }

  #showFrame(): void {
    for (const panel of this.#panels) panel.showFrame();
  }

  #draw(): void {
    for (const panel of this.#panels) panel.draw();
    this.#toolbar.draw();
    const primary = this.#store.preview ?? this.#store.settings.selected.at(-1);
    const root = this.element.parentElement;
    if (root) root.dataset.drawn = primary ? primary.join(":") : "";
  }

  /** Moves focus to a token's twin in the next panel, or to the start of its answer. */
  #leave(panel: number, token: number, by: -1 | 1): void {
    const next = panel + by;
    const view = this.#panels[next];
    if (!view) return;
    view.strip.focus(this.#links.twin([panel, token], next) ?? view.strip.start);
  }

  #thresholdByOtsu(): void {
    const primary = this.#store.preview?.[0] ?? this.#store.settings.selected.at(-1)?.[0] ?? 0;
    const shown = this.#panels[primary].shownMap();
    if (shown) this.#store.set("threshold", Number(otsu(shown.map, shown.end).toFixed(2)));
  }
}
