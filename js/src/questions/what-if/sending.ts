/** Asks with a change, and says how far the answer is or why there is none. */
import { button } from "../../controls";
import { element } from "../../dom";
import type { Progress, Unanswered } from "../client";
import type { Place } from "../question";
import { Said } from "../said";

export class Sending {
  readonly element: HTMLElement;
  readonly #place: Place;
  readonly #signal: AbortSignal;
  readonly #said = new Said();
  /** Changes too often to be read aloud. */
  readonly #progress = element("span", { class: "tam-count", aria: { hidden: "true" } });
  readonly #stop: HTMLButtonElement;
  readonly #busy: (busy: boolean) => void;
  #end = () => {};

  /** @param busy called when a question begins, and when it has ended without an answer */
  constructor(place: Place, busy: (busy: boolean) => void, signal: AbortSignal) {
    this.#place = place;
    this.#signal = signal;
    this.#busy = busy;
    this.#stop = button("stop", "Stops the model", () => this.#end(), signal);
    this.#stop.hidden = true;
    this.element = element("div", { class: "tam-set" }, [
      this.#said.element,
      this.#progress,
      this.#stop,
    ]);
  }

  /** Not while a question has no answer yet. */
  ask(name: string, change: Readonly<Record<string, unknown>>): void {
    if (!this.#stop.hidden) return;
    const before = focused(this.element);
    const leave = new AbortController();
    const running = this.#place.ask(name, change, (progress) => this.#tell(progress));
    this.#signal.addEventListener("abort", running.stop, { once: true, signal: leave.signal });
    this.#end = running.stop;
    this.#stop.hidden = false;
    this.#said.say("Waiting for the model …");
    this.#busy(true);
    this.#stop.focus({ preventScroll: true });
    const over = () => {
      const had = focused(this.element) === this.#stop;
      leave.abort();
      this.#stop.hidden = true;
      this.#progress.textContent = "";
      this.#busy(false);
      if (had) before?.focus({ preventScroll: true });
    };
    running.answer.then(
      () => {
        over();
        this.#said.say("");
      },
      ({ state, message }: Unanswered) => {
        over();
        if (state === "stopped") this.#said.say("Stopped.");
        else this.#said.fail(message);
      },
    );
  }

  /** A single step is a forward pass, in which the model reads; several are tokens. */
  #tell({ done, total }: Progress): void {
    const writes = total > 1;
    this.#progress.textContent = writes ? `${done} of at most ${total} tokens` : "";
    this.#said.say(writes ? "The model writes:" : "The model reads …");
  }
}

/** The element that has the keyboard, also within a shadow root. */
export function focused(within: Element): HTMLElement | null {
  return (within.getRootNode() as Document | ShadowRoot).activeElement as HTMLElement | null;
}
