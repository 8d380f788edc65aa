/** What the page of an offline gallery has in it, element by element, as far as it is loaded. */
import type { Header } from "../wire";
import type { Answer } from "./messages";
import { type Unpacked, unpack } from "./packed";

/** What is in the page once. */
export interface PageState {
  /** The gallery's traits. */
  readonly traits: Readonly<Record<string, unknown>>;
  /** Model and method of the runs that may be shown together; each choice has its listing. */
  readonly choices: readonly (readonly (readonly [model: string, method: string])[])[];
  /** Ids of the samples, in the order of their elements. */
  readonly samples: readonly string[];
}

type Entry = Answer<"pictures">["samples"][number];

/** A card under each choice of runs: by the nouns in focus, "0" or "0,-1". */
export interface PackedCard {
  readonly choices: readonly {
    readonly entries: Readonly<Record<string, Entry>>;
    readonly buffers: readonly number[];
  }[];
}

/** An open sample under each choice of runs. */
export interface PackedExplanation {
  readonly choices: readonly (Omit<Answer<"sample">, "header"> & {
    readonly header: number | null;
  })[];
  readonly headers: readonly { readonly header: Header; readonly buffers: readonly number[] }[];
}

export class PageData {
  readonly state: PageState;
  readonly #places: ReadonlyMap<string, number>;

  constructor() {
    this.state = JSON.parse(document.getElementById("tam-state")?.textContent ?? "");
    this.#places = new Map(this.state.samples.map((id, i) => [id, i]));
  }

  listing(choice: number): Promise<Unpacked<unknown>> {
    return this.#unpacked(`tam-listing-${choice}`);
  }

  card(id: string): Promise<Unpacked<PackedCard>> {
    return this.#unpacked(`tam-card-${this.#places.get(id)}`);
  }

  explanation(id: string): Promise<Unpacked<PackedExplanation>> {
    return this.#unpacked(`tam-explanation-${this.#places.get(id)}`);
  }

  async #unpacked<C>(name: string): Promise<Unpacked<C>> {
    return unpack<C>(await loaded(name));
  }
}

/** The text of an element, when all of it is there: the page may still be loading. */
async function loaded(name: string): Promise<string> {
  for (;;) {
    const found = document.getElementById(name);
    const complete = document.readyState !== "loading";
    if (found && (complete || found.nextElementSibling)) return found.textContent ?? "";
    if (complete) throw new Error(`${name} is missing: the file is cut off`);
    await new Promise((resolve) => window.setTimeout(resolve, 10));
  }
}
