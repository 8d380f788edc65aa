/** Requests the pictures and maps of cards as they scroll into view, and caches them. */

import { LruCache } from "../lru-cache";
import type { Buffer } from "../wire";
import type { Answer, Messages, Wanted } from "./messages";
import type { SavedPictures } from "./saved-pictures";
import { decodeThumbnail, type Thumbnail, type Thumbnails } from "./thumbnails";

/** Number of cards whose pictures are cached. */
const KEPT = 400;

/**
 * Number of cards per request. Requests are few and large, because a notebook displays the kernel's
 * busy state for each one, which takes longer than the pictures themselves.
 */
const AT_ONCE = 32;

/** Milliseconds without an answer after which the kernel counts as busy or gone. */
const PATIENCE = 10_000;

/** The same, if saved pictures show that a notebook may be read without a kernel. */
const PATIENCE_WITH_SAVED = 4000;

/** What cards show that have no saved picture, while the kernel does not answer. */
const UNAVAILABLE: Thumbnail = {
  answer: "",
  picture: null,
  map: null,
  rect: [0, 0, 1, 1],
  size: [4, 3],
  outline: [],
  missing: "needs a running notebook",
};
const ALL_UNAVAILABLE: Thumbnails = [UNAVAILABLE, UNAVAILABLE];

const keyOf = (wanted: Wanted) => wanted.join("\n");

export class ThumbnailLoader {
  readonly #messages: Messages;
  readonly #arrived: (id: string) => void;
  readonly #saved: SavedPictures;
  readonly #changed: (silent: boolean) => void;
  #silent = false;
  readonly #kept = new LruCache<Thumbnails>(KEPT);
  /** What the pending request asked for, by id. */
  readonly #asked = new Map<string, string>();
  #urgent: readonly Wanted[] = [];
  #later: readonly Wanted[] = [];
  #answered = false;
  #frame = 0;
  #timer = 0;

  /**
   * @param arrived receives the id of a sample whose pictures have arrived
   * @param changed receives whether the kernel fails to answer, when that changes
   */
  constructor(
    messages: Messages,
    saved: SavedPictures,
    arrived: (id: string) => void,
    changed: (silent: boolean) => void,
    signal: AbortSignal,
  ) {
    this.#messages = messages;
    this.#arrived = arrived;
    this.#saved = saved;
    this.#changed = changed;
    messages.on("pictures", (answer, buffers) => this.#take(answer, buffers));
    signal.addEventListener("abort", () => this.#close(), { once: true });
  }

  /** Whether the kernel does not answer. */
  get silent(): boolean {
    return this.#silent;
  }

  /** Pictures of a sample with these nouns in focus; undefined until they arrive. */
  of(wanted: Wanted): Thumbnails | undefined {
    const known = this.#kept.get(keyOf(wanted)) ?? this.#saved.of(wanted);
    return known ?? (this.#silent && this.#saved.count > 0 ? ALL_UNAVAILABLE : undefined);
  }

  /**
   * Sets what is visible or close to it, and what may follow, which is requested along with it.
   * Earlier wishes that have not been answered are dropped.
   */
  want(urgent: readonly Wanted[], later: readonly Wanted[]): void {
    this.#urgent = urgent;
    this.#later = later;
    if (this.#frame === 0 && this.#asked.size === 0)
      this.#frame = requestAnimationFrame(() => this.#ask());
  }

  /** Clears the cache after a change of data. */
  clear(): void {
    this.#kept.clear();
    this.#asked.clear();
    this.#saved.read();
  }

  #ask(): void {
    this.#frame = 0;
    const missing = (all: readonly Wanted[]) =>
      all.filter((wanted) => !this.#kept.get(keyOf(wanted)));
    const urgent = missing(this.#urgent);
    if (urgent.length === 0) return;
    // the first pictures appear soonest if requested alone
    const later = this.#answered ? missing(this.#later) : [];
    const samples = [...urgent, ...later].slice(0, AT_ONCE);
    for (const wanted of samples) this.#asked.set(wanted[0], keyOf(wanted));
    this.#messages.send({ kind: "pictures", samples });
    window.clearTimeout(this.#timer);
    const patience = this.#saved.count > 0 ? PATIENCE_WITH_SAVED : PATIENCE;
    this.#timer = window.setTimeout(() => this.#giveUp(), patience);
  }

  #take({ samples }: Answer<"pictures">, buffers: readonly Buffer[]): void {
    this.#say(false);
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
    this.#say(true);
    this.#settle();
  }

  #say(silent: boolean): void {
    if (silent === this.#silent) return;
    this.#silent = silent;
    this.#changed(silent);
  }

  /** Ends the pending request and allows another. */
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
