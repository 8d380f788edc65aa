/** Pictures and maps of cards: asked for as they come into view, and let go when many others came. */
import { type Buffer, bytes } from "../wire";
import { Recent } from "./lru";
import type { Answer, Messages, Wanted, WireShot } from "./messages";

/** What lies on one side of a card. */
export interface Shot {
  readonly answer: string;
  /** Addresses for `img`, null where there is none. */
  readonly picture: string | null;
  readonly map: string | null;
  readonly rect: WireShot["rect"];
  readonly size: readonly [width: number, height: number];
}

export type Shots = readonly (Shot | null)[];

/** Cards whose pictures are kept. */
const KEPT = 400;

/** Cards that one request asks for. */
const AT_ONCE = 24;

/** After so many milliseconds without an answer the kernel is busy or gone. */
const PATIENCE = 10_000;

const keyOf = (wanted: Wanted) => JSON.stringify(wanted);

export class Pictures {
  readonly #messages: Messages;
  readonly #arrived: (id: string) => void;
  readonly #silent: (silent: boolean) => void;
  readonly #kept = new Recent<Shots>(KEPT, release);
  /** What the request under way asked for, by id. */
  readonly #asked = new Map<string, string>();
  #wanted: readonly Wanted[] = [];
  #frame = 0;
  #timer = 0;

  /**
   * @param arrived hears the id of a case whose pictures have come
   * @param silent hears whether the kernel fails to answer
   */
  constructor(
    messages: Messages,
    arrived: (id: string) => void,
    silent: (silent: boolean) => void,
    signal: AbortSignal,
  ) {
    this.#messages = messages;
    this.#arrived = arrived;
    this.#silent = silent;
    messages.on("pictures", (answer, buffers) => this.#take(answer, buffers));
    signal.addEventListener("abort", () => this.#close(), { once: true });
  }

  /** Pictures of a case with these words in focus; undefined as long as they are not there. */
  of(wanted: Wanted): Shots | undefined {
    return this.#kept.get(keyOf(wanted));
  }

  /** Says what is in view, most urgent first; what was wanted before and is not there is given up. */
  want(wanted: readonly Wanted[]): void {
    this.#wanted = wanted;
    if (this.#frame === 0 && this.#asked.size === 0)
      this.#frame = requestAnimationFrame(() => this.#ask());
  }

  /** Forgets all: the data are others. */
  clear(): void {
    this.#kept.clear();
    this.#asked.clear();
  }

  #ask(): void {
    this.#frame = 0;
    const cases = this.#wanted.filter((wanted) => !this.of(wanted)).slice(0, AT_ONCE);
    if (cases.length === 0) return;
    for (const wanted of cases) this.#asked.set(wanted[0], keyOf(wanted));
    this.#messages.send({ kind: "pictures", cases });
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#giveUp(), PATIENCE);
  }

  #take({ cases }: Answer<"pictures">, buffers: readonly Buffer[]): void {
    this.#silent(false);
    for (const { id, sides } of cases) {
      const key = this.#asked.get(id);
      if (key === undefined) continue;
      this.#asked.delete(id);
      this.#kept.set(
        key,
        sides.map((side) => side && shot(side, buffers)),
      );
      this.#arrived(id);
    }
    if (this.#asked.size === 0) this.#settle();
  }

  #giveUp(): void {
    this.#silent(true);
    this.#settle();
  }

  /** The way is free for another request. */
  #settle(): void {
    window.clearTimeout(this.#timer);
    this.#asked.clear();
    this.want(this.#wanted);
  }

  #close(): void {
    cancelAnimationFrame(this.#frame);
    window.clearTimeout(this.#timer);
    this.#kept.clear();
  }
}

function address(buffers: readonly Buffer[], index: number): string | null {
  if (index < 0) return null;
  return URL.createObjectURL(new Blob([bytes(buffers[index]) as Uint8Array<ArrayBuffer>]));
}

function shot({ answer, picture, map, rect, size }: WireShot, buffers: readonly Buffer[]): Shot {
  const addresses = { picture: address(buffers, picture), map: address(buffers, map) };
  return { answer, rect, size: size ?? [4, 3], ...addresses };
}

function release(shots: Shots): void {
  for (const side of shots)
    for (const url of [side?.picture, side?.map]) if (url) URL.revokeObjectURL(url);
}
