/** Messages to and from Python, in addition to the traits. */

import type { Pair } from "../links";
import type { PartName } from "../parts";
import type { RenderProps } from "../render";
import type { Model } from "../state/traits";
import type { Buffer, Header, Outline } from "../wire";

/** The part of anywidget's model that the gallery uses. */
export interface GalleryModel extends Model {
  send(content: unknown): void;
  on(event: string, callback: (...values: never[]) => void): void;
  off(event: string, callback: (...values: never[]) => void): void;
}

/** A sample's id and the noun in focus for each run, −1 for none. */
export type Wanted = readonly [id: string, first: number, second?: number];

export type Request =
  | { readonly kind: "pictures"; readonly samples: readonly Wanted[] }
  | { readonly kind: "explorer" }
  | { readonly kind: "part"; readonly name: PartName }
  | { readonly kind: "open" }
  | { readonly kind: "answers"; readonly ids: readonly string[] }
  | {
      readonly kind: "note";
      readonly ids: readonly string[];
      readonly tags?: readonly string[];
      readonly note?: string;
    };

export interface WireThumbnail {
  readonly answer: string;
  /** Indices of buffers, or −1. */
  readonly picture: number;
  readonly map: number;
  /** Left, top, right, bottom of the map in shares of the picture. */
  readonly rect: readonly [number, number, number, number];
  readonly size: readonly [width: number, height: number] | null;
  /** Closed lines around what the word names; none if that is unknown. */
  readonly outline?: Outline["rings"];
}

/** The module that shows explanations. */
export interface Explorer {
  readonly default: { readonly render: (props: RenderProps) => () => void };
}

/** A module's code; or the module itself, from a page that has it in it. */
export interface Code<M> {
  readonly code?: string;
  readonly module?: M;
}

interface Answers {
  readonly pictures: {
    readonly samples: readonly {
      readonly id: string;
      readonly runs: readonly (WireThumbnail | null)[];
    }[];
  };
  readonly explorer: Code<Explorer>;
  readonly part: Code<unknown> & { readonly name: PartName };
  readonly answers: {
    readonly samples: readonly { readonly id: string; readonly runs: readonly (string | null)[] }[];
  };
  readonly sample: {
    readonly id: string;
    readonly header: Header | null;
    readonly selected: readonly Pair[];
    readonly settings: Readonly<Record<string, unknown>>;
    /** Why there is no explanation. */
    readonly missing: string | null;
    /** What the explorer cannot show as it was measured. */
    readonly caveat: string | null;
  };
  /** Refers to a request of that kind, or to a trait. */
  readonly refused: { readonly about: string; readonly message: string };
}

export type Answer<K extends keyof Answers> = Answers[K];

type Hear = (content: never, buffers: readonly Buffer[]) => void;

export class Messages {
  readonly #model: GalleryModel;
  readonly #heard = new Map<string, Hear[]>();

  constructor(model: GalleryModel, signal: AbortSignal) {
    this.#model = model;
    const hear = (content: { kind: string }, buffers: readonly Buffer[]) =>
      this.#hear(content, buffers);
    model.on("msg:custom", hear);
    signal.addEventListener("abort", () => model.off("msg:custom", hear), { once: true });
  }

  /** Sends a request, or refuses it if there is no kernel. */
  send(request: Request): void {
    try {
      this.#model.send(request);
    } catch {
      const message = "The kernel is gone: run the cell again.";
      this.#hear({ kind: "refused", about: request.kind, message }, []);
    }
  }

  #hear<C extends { readonly kind: string }>(content: C, buffers: readonly Buffer[]): void {
    for (const listener of this.#heard.get(content.kind) ?? []) listener(content as never, buffers);
  }

  on<K extends keyof Answers>(
    kind: K,
    listener: (content: Answers[K], buffers: readonly Buffer[]) => void,
  ): void {
    this.#heard.set(kind, [...(this.#heard.get(kind) ?? []), listener]);
  }
}
