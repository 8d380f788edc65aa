/** Advances frames on a timer; pauses off-screen and in hidden pages. */

export class Player {
  readonly #step: () => number | null;
  readonly #changed: () => void;
  #timer: number | undefined;

  /**
   * @param step shows the next frame and returns its duration in milliseconds, null at the end
   * @param changed called when playback starts or stops
   */
  constructor(
    target: Element,
    step: () => number | null,
    changed: () => void,
    signal: AbortSignal,
  ) {
    this.#step = step;
    this.#changed = changed;
    const observer = new IntersectionObserver((entries) => {
      if (!entries.at(-1)?.isIntersecting) this.pause();
    });
    observer.observe(target);
    const hidden = () => {
      if (document.hidden) this.pause();
    };
    document.addEventListener("visibilitychange", hidden, { signal });
    const stop = () => {
      observer.disconnect();
      this.pause();
    };
    signal.addEventListener("abort", stop, { once: true });
  }

  get playing(): boolean {
    return this.#timer !== undefined;
  }

  /** Starts playback; the current frame stays for `first` milliseconds. */
  play(first: number): void {
    this.#wait(first);
    this.#changed();
  }

  pause(): void {
    if (!this.playing) return;
    window.clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#changed();
  }

  #wait(milliseconds: number): void {
    this.#timer = window.setTimeout(() => {
      const next = this.#step();
      if (next === null) this.pause();
      else this.#wait(next);
    }, milliseconds);
  }
}
