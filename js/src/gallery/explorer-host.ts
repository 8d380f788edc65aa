/** The explorer beside the grid: Python sends its code once, and its data for each sample. */
import { element } from "../dom";
import { localModel } from "../local-model";
import { imported, type PartName } from "../parts";
import type { Model } from "../state/traits";
import * as outlines from "../view/outlines";
import type { Buffer } from "../wire";
import type { Answer, Code, Explorer, Messages } from "./messages";

/** Settings that persist from sample to sample; the others belong to one sample. */
const KEPT = [
  "method",
  "methods",
  "eci",
  "opacity",
  "colormap",
  "scale",
  "threshold",
  "cells",
  "granularity",
  "aggregate",
  "thumbnail",
  "outline",
] as const;

type SampleAnswer = Answer<"sample">;

export class ExplorerHost {
  readonly element = element("div", { class: "tam-host" });
  readonly #messages: Messages;
  readonly #signal: AbortSignal;
  readonly #parts = new Map<PartName, Promise<unknown>>([["outlines", Promise.resolve(outlines)]]);
  #module: Promise<Explorer> | null = null;
  #loaded: (answer: Answer<"explorer">) => void = () => {};
  #model: Model | null = null;
  #given: Readonly<Record<string, unknown>> = {};
  #kept: Record<string, unknown> = {};
  #close = () => {};
  #latest = 0;

  constructor(messages: Messages, signal: AbortSignal) {
    this.#messages = messages;
    this.#signal = signal;
    messages.on("explorer", (answer) => this.#loaded(answer));
    signal.addEventListener("abort", () => this.#close(), { once: true });
  }

  /** Requests the explorer's code, once. */
  prepare(): Promise<Explorer> {
    if (!this.#module) {
      const answer = new Promise<Answer<"explorer">>((resolve) => {
        this.#loaded = resolve;
      });
      this.#module = answer.then(moduleOf);
      this.#messages.send({ kind: "explorer" });
    }
    return this.#module;
  }

  async show(
    { header, selected, settings }: SampleAnswer,
    buffers: readonly Buffer[],
  ): Promise<void> {
    this.#latest += 1;
    const own = this.#latest;
    const explorer = await this.prepare();
    if (own !== this.#latest || this.#signal.aborted) return;
    this.clear();
    this.#given = settings;
    const state = { ...this.#given, ...this.#kept, selected };
    const shown = { ...state, _header: header, _buffers: buffers, _tour: false };
    this.#model = localModel(shown, (name) => this.#part(name));
    const close = new AbortController();
    const leave = explorer.default.render({
      model: this.#model,
      el: this.element,
      signal: close.signal,
    });
    this.#close = () => {
      close.abort();
      leave();
    };
  }

  /** Requests a part of the explorer, once. */
  #part(name: PartName): Promise<unknown> {
    const known = this.#parts.get(name);
    if (known) return known;
    const answer = new Promise<Answer<"part">>((resolve) => {
      this.#messages.on("part", (part) => {
        if (part.name === name) resolve(part);
      });
    });
    const made = answer.then(moduleOf);
    this.#parts.set(name, made);
    this.#messages.send({ kind: "part", name });
    return made;
  }

  /** Removes the explorer, and remembers its settings. */
  clear(): void {
    this.#remember();
    this.#close();
    this.#close = () => {};
    this.#model = null;
    this.element.replaceChildren();
  }

  /** Discards what still arrives for the previous sample. */
  expect(): void {
    this.#latest += 1;
  }

  #remember(): void {
    for (const name of KEPT) {
      const value = this.#model?.get(name);
      if (value === undefined) continue;
      if (value === this.#given[name]) delete this.#kept[name];
      else this.#kept[name] = value;
    }
  }
}

async function moduleOf<M>({ code, module }: Code<M>): Promise<M> {
  return module ?? ((await imported(code ?? "")) as M);
}
