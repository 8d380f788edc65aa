/** The button that takes the map of a locked word apart, step by step. */
import { button } from "../controls";
import { element } from "../dom";
import { part } from "../parts";
import type { Opened } from "../view/tools";
import { spanText } from "../words";
import type { Beside, Place } from "./question";

interface AnatomyModule {
  readonly open: (
    opened: Opened,
    panel: number,
    token: number,
    closed: () => void,
  ) => Promise<void>;
}

export class AnatomyButton implements Beside {
  readonly button: HTMLButtonElement;
  readonly element = element("p", { class: "tam-note", role: "status" });
  readonly #place: Place;

  constructor(place: Place) {
    this.#place = place;
    const press = () => void this.#open();
    this.button = button("how this map is made", "", press, place.opened.signal);
    this.button.dataset.question = "anatomy";
    this.draw();
  }

  readonly draw = (): void => {
    const token = this.#token;
    this.button.hidden = token === null;
    if (token === null) this.element.textContent = "";
    const { tokens } = this.#place.panel;
    const word = token === null ? "" : spanText(tokens, [token]);
    this.button.title = `Takes the map of “${word}” by TAM apart, in ten steps`;
  };

  /** The first of the locked tokens that is part of the answer; null if its map is not TAM's. */
  get #token(): number | null {
    const { locked, opened, index, panel } = this.#place;
    const { inBrowser } = opened.maps.method(opened.store.of(index));
    if (!inBrowser || !panel.activations.length) return null;
    return locked.find((token) => panel.tokens[token].kind === "answer") ?? null;
  }

  async #open(): Promise<void> {
    const { opened, index } = this.#place;
    const token = this.#token;
    if (token === null) return;
    this.element.textContent = "";
    try {
      const { open } = await part<AnatomyModule>("anatomy", opened.model);
      if (!opened.signal.aborted) await open(opened, index, token, () => this.button.focus());
    } catch (error) {
      this.element.textContent = `Not available: ${(error as Error).message}.`;
    }
  }
}
