/** What is known of a panel without its pictures: states, checks, and whether a model can be asked. */
import { settings } from "../../../tam_widgets/contract.json";
import type { PartModel } from "../parts";
import type { Checked, KnownChecks } from "../questions/checked";
import { ask, type Running } from "../questions/client";
import { watch } from "../questions/kernel";
import { type Products, unpacked } from "./products";
import type { Known } from "./shell";

type Asked = "products" | "check";

/** What each question needs beside the token. */
const MORE: Readonly<Record<Asked, object>> = {
  products: {},
  check: { method: "tam", defaults: true },
};

export class Source implements Known {
  readonly #model: PartModel;
  readonly #panel: number;
  readonly #token: number;
  #products: Products | null = null;
  /** The answer may be here before the trait that holds it. */
  #checked: Checked | null = null;

  constructor(model: PartModel, panel: number, token: number, signal: AbortSignal) {
    this.#model = model;
    this.#panel = panel;
    this.#token = token;
    const packed = this.#known<unknown>("products");
    if (packed) this.#products = unpacked(packed);
    watch(model, signal);
  }

  readonly products = (): Products | null => this.#products;

  /** The newest check of the token's map; Python's `Anatomy` chooses the same. */
  readonly check = (): Checked | null => {
    const entries = this.#known<KnownChecks>("check")?.entries ?? [];
    const own = entries.filter(
      (one) =>
        String(one.tokens) === String(this.#token) &&
        one.label === "TAM" &&
        one.protocol === "cells" &&
        Object.entries(one.settings ?? {}).every(
          ([name, value]) =>
            value === (settings as Record<string, { default: unknown }>)[name]?.default,
        ),
    );
    return own.find(({ fill }) => fill === "mean") ?? own[0] ?? this.#checked;
  };

  readonly asks = (what: Asked): boolean => {
    const all = this.#model.get("_questions") as readonly (readonly string[])[] | undefined;
    return all?.[this.#panel]?.includes(what) ?? false;
  };

  readonly ask: Known["ask"] = (what, progress, explain): Running => {
    const question = { name: what, panel: this.#panel, tokens: [this.#token], ...MORE[what] };
    const running = ask(this.#model, question, progress, explain);
    const answer = running.answer.then((reply) => {
      if (what === "check") this.#checked = reply.data as Checked;
      else this.#products = unpacked(reply.data);
      return reply;
    });
    return { ...running, answer, stop: running.stop };
  };

  #known<K>(name: string): K | undefined {
    const all = this.#model.get("_known") as
      | readonly Readonly<Record<string, unknown>>[]
      | undefined;
    return all?.[this.#panel]?.[name] as K | undefined;
  }
}
