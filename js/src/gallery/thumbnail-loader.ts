/** Pictures and maps of cards: asked for as they come into view, and let go when many others came. */
import type { Buffer } from "../wire";
import { LruCache } from "./lru-cache";
import type { Answer, Messages, Wanted } from "./messages";
import { decodeThumbnail, type Thumbnails } from "./thumbnails";

/** Cards whose pictures are kept. */
const KEPT = 400;

/**
 * Cards that one request asks for. Few large requests: a notebook shows that its kernel is busy,
 * and idle again, for each, which takes it longer than the pictures do.
 */
const AT_ONCE = 32;

/** After so many milliseconds without an answer the kernel is busy or gone. */
const PATIENCE = 10_000;

const keyOf = (wanted: Wanted) => wanted.join("\n");

export class ThumbnailLoader {
  readonly #messages: Messages;
  readonly #arrived: (id: string) => void;
  readonly #silent: (silent: boolean) => void;
  readonly #kept = new LruCache<Thumbnails>(KEPT);
  /** What the request under way asked for, by id. */
  readonly #asked = new Map<string, string>();
  #urgent: readonly Wanted[] = [];
  #later: readonly Wanted[] = [];
  #answered = false;
  #frame = 0;
  #timer = 0;

  /**
   * @param arrived hears the id of a sample whose pictures have come
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

  /** Pictures of a sample with these words in focus; undefined as long as they are not there. */
  of(wanted: Wanted): Thumbnails | undefined {
    return this.#kept.get(keyOf(wanted));
  }

  /**
   * Says what is in view or close to it, and what may come next: the latter is asked for together
   * with the former. What was wanted before and is not there is given up.
   */
  want(urgent: readonly Wanted[], later: readonly Wanted[]): void {
    this.#urgent = urgent;
    this.#later = later;
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
    const missing = (all: readonly Wanted[]) => all.filter((wanted) => !this.of(wanted));
    const urgent = missing(this.#urgent);
    if (urgent.length === 0) return;
    // the first are seen soonest alone
    const later = this.#answered ? missing(this.#later) : [];
    const samples = [...urgent, ...later].slice(0, AT_ONCE);
    for (const wanted of samples) this.#asked.set(wanted[0], keyOf(wanted));
    this.#messages.send({ kind: "pictures", samples });
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#giveUp(), PATIENCE);
  }

  #take({ samples }: Answer<"pictures">, buffers: readonly Buffer[]): void {
    this.#silent(false);
    this.#answered = true;
    for (const { id, runs } of samples) {
      const key = this.#asked.get(id);
      if (key === undefined) continue;
      this.#asked.delete(id);
      this.#kept.set(
        key,
        runs.map((run) => run && decodeThumbnail(run, buffers)),
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
    this.want(this.#urgent, this.#later);
  }

  #close(): void {
    cancelAnimationFrame(this.#frame);
    window.clearTimeout(this.#timer);
    this.#kept.clear();
  }
}
