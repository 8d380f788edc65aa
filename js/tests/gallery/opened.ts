/** A gallery in the page, and a kernel that answers when it is told to. */
import { expect, onTestFinished } from "vitest";
import gallery from "../../src/gallery/gallery";
import type { GalleryModel, Request } from "../../src/gallery/messages";
import { drawn } from "../events";
import { Root } from "../root";
import { type MadeSample, wire } from "./made";

type Callback = (...values: never[]) => void;

export class Kernel implements GalleryModel {
  readonly state: Record<string, unknown>;
  readonly sent: Request[] = [];
  gone = false;
  readonly #listeners = new Map<string, Set<Callback>>();

  constructor(state: Record<string, unknown>) {
    this.state = state;
  }

  get = (name: string) => this.state[name];
  save_changes = () => {};

  set = (name: string, value: unknown) => {
    this.state[name] = value;
    this.#call(`change:${name}`);
  };

  on = (event: string, callback: Callback) => {
    this.#listeners.set(event, (this.#listeners.get(event) ?? new Set()).add(callback));
  };

  off = (event: string, callback: Callback) => {
    this.#listeners.get(event)?.delete(callback);
  };

  send = (content: unknown) => {
    if (this.gone) throw new Error("no kernel");
    this.sent.push(content as Request);
  };

  /** Sends a message to the view. */
  answer(content: object, buffers: readonly Uint8Array[] = []): void {
    this.#call("msg:custom", content, buffers);
  }

  /** Number of callbacks that are registered. */
  get heard(): number {
    return [...this.#listeners.values()].reduce((sum, { size }) => sum + size, 0);
  }

  #call(event: string, ...values: unknown[]): void {
    for (const callback of this.#listeners.get(event) ?? []) callback(...(values as never[]));
  }

  requests<K extends Request["kind"]>(kind: K): Extract<Request, { kind: K }>[] {
    return this.sent.filter((one): one is Extract<Request, { kind: K }> => one.kind === kind);
  }
}

export class OpenedGallery extends Root {
  readonly kernel: Kernel;

  constructor(root: HTMLElement, kernel: Kernel) {
    super(root);
    this.kernel = kernel;
  }

  /** The ids of the cards in use, in their order. */
  get cards(): string[] {
    const used = this.all(".tam-card[id]");
    const place = (card: HTMLElement) => Number(card.getAttribute("aria-posinset"));
    return used.sort((a, b) => place(a) - place(b)).map(({ dataset }) => dataset.id ?? "");
  }

  card(id: string): HTMLElement {
    return this.find(`.tam-card[id][data-id="${id}"]`);
  }

  button(text: string): HTMLButtonElement {
    const found = this.all("button").find((button) => button.textContent === text);
    if (!found) throw new Error(`${text}: there is no such button`);
    return found as HTMLButtonElement;
  }

  labelled<E extends HTMLElement = HTMLInputElement>(label: string): E {
    return this.find<E>(`[aria-label="${label}"]`);
  }

  get selection(): readonly string[] {
    return (this.kernel.state.selection ?? []) as readonly string[];
  }
}

export async function open(
  samples: readonly MadeSample[],
  traits: Record<string, unknown> = {},
  more: object = {},
): Promise<OpenedGallery> {
  const kernel = new Kernel({ _listing: JSON.stringify(wire(samples, more)), ...traits });
  const el = document.createElement("div");
  document.body.append(el);
  const close = gallery.render({ model: kernel, el });
  onTestFinished(() => {
    close();
    el.remove();
    expect(kernel.heard).toBe(0);
  });
  await drawn();
  return new OpenedGallery(el.firstElementChild as HTMLElement, kernel);
}
