/** Buttons of what is done with a view now and then; its code is loaded at the first click. */
import { button } from "../controls";
import { element } from "../dom";
import type { Links } from "../links";
import type { Method } from "../methods";
import { type PartModel, part } from "../parts";
import type { Maps } from "../state/maps";
import type { ExplorerStore, TwinImage } from "../state/store";
import type { Decoded, Panel } from "../wire";
import type { Words } from "../words";
import type { ImageView } from "./image";
import type { Legend } from "./legend";
import type * as painting from "./paint";
import type { PanelView } from "./panel";

/** What a tool may read and change of an explorer. */
export interface Opened {
  readonly root: HTMLElement;
  readonly store: ExplorerStore;
  readonly maps: Maps;
  readonly links: Links;
  readonly methods: readonly Method[];
  readonly panels: readonly Panel[];
  readonly twinImage: TwinImage;
  /** Words, panel by panel. */
  readonly words: readonly Words[];
  /** Tokens of each panel that are shown at rest. */
  readonly atRest: Decoded["atRest"];
  readonly views: readonly PanelView[];
  readonly model: PartModel;
  readonly painting: typeof painting;
  readonly ImageView: typeof ImageView;
  readonly Legend: typeof Legend;
  readonly signal: AbortSignal;
}

export type ToolName = "overview" | "difference" | "copy" | "help" | "tour";

/** The module of the tools. */
export interface Tools {
  /** Opens a tool, or closes it if it is open. */
  readonly use: (tool: ToolName, opened: Opened, button: HTMLElement) => void;
  /** Asks whether to show the tour; `answered` is called with the answer. */
  readonly invite: (opened: Opened, answered: () => void) => void;
}

/** Where the browser remembers that a person was asked to the tour. */
const ASKED = "tam-widgets-tour";

const BUTTONS: readonly (readonly [ToolName, text: string, title: string])[] = [
  ["overview", "all words", "Shows the maps of all words side by side"],
  ["difference", "difference", "Shows where two maps differ"],
  ["copy", "copy", "Copies or saves the picture, or the code that makes this view"],
  ["help", "?", "Explains every control with this very word"],
];

export class ToolButtons {
  readonly element: HTMLElement;
  readonly #note = element("span", { class: "tam-note", role: "status" });

  /** @param opened called when a tool is used */
  constructor(opened: () => Opened, signal: AbortSignal) {
    const buttons = BUTTONS.map(([tool, text, title]) => {
      const made = button(text, title, () => this.#use(tool, opened(), made), signal);
      made.dataset.tool = tool;
      return made;
    });
    this.element = element("div", { class: "tam-set" }, [this.#note, ...buttons]);
  }

  /**
   * Asks a person who is new here to a tour. Never where it cannot be remembered, where the model
   * says no, or where the tour cannot be had.
   */
  async invite(opened: Opened): Promise<void> {
    const { model, signal } = opened;
    try {
      if (model.get("_tour") === false || localStorage.getItem(ASKED)) return;
      const tools = await part<Tools>("tools", model);
      if (!signal.aborted) tools.invite(opened, () => localStorage.setItem(ASKED, "1"));
    } catch {} // nobody has asked for it
  }

  async #use(tool: ToolName, opened: Opened, pressed: HTMLElement): Promise<void> {
    this.#note.textContent = "";
    try {
      const tools = await part<Tools>("tools", opened.model);
      if (!opened.signal.aborted) tools.use(tool, opened, pressed);
    } catch (error) {
      this.#note.textContent = `Not available: ${(error as Error).message}.`;
    }
  }
}
