import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ExplorerStore, type Model } from "../src/state/store";

/** A model as the host gives it, with a log of what was sent to the kernel. */
class FakeModel implements Model {
  readonly sent: Record<string, unknown>[] = [];
  readonly listeners = new Map<string, Set<() => void>>();
  readonly values: Record<string, unknown>;
  #unsaved: Record<string, unknown> = {};

  constructor(values: Record<string, unknown> = {}) {
    this.values = values;
  }
  get(name: string) {
    return this.values[name];
  }
  set(name: string, value: unknown) {
    this.#unsaved[name] = value;
    this.receive(name, value);
  }
  receive(name: string, value: unknown) {
    this.values[name] = value;
    for (const callback of this.listeners.get(`change:${name}`) ?? []) callback();
  }
  save_changes() {
    this.sent.push(this.#unsaved);
    this.#unsaved = {};
  }
  on(event: string, callback: () => void) {
    this.listeners.set(event, (this.listeners.get(event) ?? new Set()).add(callback));
  }
  off(event: string, callback: () => void) {
    this.listeners.get(event)?.delete(callback);
  }
}

function made(values?: Record<string, unknown>) {
  const model = new FakeModel(values);
  const controller = new AbortController();
  const store = new ExplorerStore(model, controller.signal);
  const heard = vi.fn();
  store.subscribe(heard);
  return { model, controller, store, heard };
}

describe("the store", () => {
  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal("window", globalThis);
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it("says what has changed", () => {
    const { store, model, heard } = made();
    store.set("frame", 3);
    model.receive("thumbnail", true);
    store.preview = [0, 1];
    expect(heard.mock.calls).toEqual([["frame"], ["thumbnail"], ["preview"]]);
  });

  it("takes what Python set, at first and later", () => {
    const { store, model, heard } = made({ eci: 0.5, selected: [[0, 2]] });
    expect(store.settings).toMatchObject({ eci: 0.5, selected: [[0, 2]], method: "tam" });
    model.receive("selected", [[1, 3]]);
    expect(store.settings.selected).toEqual([[1, 3]]);
    expect(heard).toHaveBeenCalledTimes(1);
    expect(model.sent).toEqual([]);
  });

  it("never sends a preview", () => {
    const { store, model, heard } = made();
    store.preview = [0, 1];
    store.preview = [0, 1];
    store.preview = null;
    expect(heard).toHaveBeenCalledTimes(2);
    expect(model.sent).toEqual([]);
  });

  it("sends a drag's first value at once, its last one after a pause, and no older one", () => {
    const { store, model } = made();
    for (const eci of [0.9, 0.8, 0.7, 0.6]) store.set("eci", eci);
    expect(model.sent).toEqual([{ eci: 0.9 }]);
    vi.advanceTimersByTime(1000);
    expect(model.sent).toEqual([{ eci: 0.9 }, { eci: 0.6 }]);
    expect(store.settings.eci).toBe(0.6);
  });

  it("locks a token and frees it again", () => {
    const { store } = made();
    store.toggle([[0, 4]]);
    expect(store.settings.selected).toEqual([[0, 4]]);
    store.toggle([[1, 2]]);
    expect(store.settings.selected).toEqual([[1, 2]]);
    store.toggle([[1, 2]]);
    expect(store.settings.selected).toEqual([]);
  });

  it("keeps two views of one model in step without a kernel", () => {
    const { model, store, controller } = made();
    const other = new ExplorerStore(model, controller.signal);
    store.set("method", "cam");
    expect(other.settings.method).toBe("cam");
  });

  it("leaves nothing behind when the view goes, and sends what was not sent", () => {
    const { model, store, controller, heard } = made();
    store.set("threshold", 0.1);
    store.set("threshold", 0.2);
    controller.abort();
    expect(model.sent).toEqual([{ threshold: 0.1 }, { threshold: 0.2 }]);
    expect([...model.listeners.values()].every((set) => set.size === 0)).toBe(true);
    heard.mockClear();
    model.receive("threshold", 0.5);
    expect(heard).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
  });
});
