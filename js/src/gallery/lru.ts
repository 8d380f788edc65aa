/** Keeps what was used last. */

export class Recent<V> {
  readonly #kept = new Map<string, V>();
  readonly #most: number;
  readonly #drop: (value: V) => void;

  /** @param drop hears of every value that goes */
  constructor(most: number, drop: (value: V) => void) {
    this.#most = most;
    this.#drop = drop;
  }

  /** A value, which counts as used. */
  get(key: string): V | undefined {
    const value = this.#kept.get(key);
    if (value === undefined) return undefined;
    this.#kept.delete(key);
    this.#kept.set(key, value);
    return value;
  }

  set(key: string, value: V): void {
    const before = this.#kept.get(key);
    if (before !== undefined) this.#drop(before);
    this.#kept.delete(key);
    this.#kept.set(key, value);
    const oldest = this.#kept.keys().next();
    if (this.#kept.size > this.#most && !oldest.done) this.#forget(oldest.value);
  }

  clear(): void {
    for (const key of [...this.#kept.keys()]) this.#forget(key);
  }

  get size(): number {
    return this.#kept.size;
  }

  #forget(key: string): void {
    this.#drop(this.#kept.get(key) as V);
    this.#kept.delete(key);
  }
}
