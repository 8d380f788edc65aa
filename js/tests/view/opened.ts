/** An explorer in the page, driven as a person drives it. */
import "../../src/widget.css";
import { expect, onTestFinished } from "vitest";
import { methods as ablations, wire_version } from "../../../tam_widgets/contract.json";
import { bundledPart } from "../../src/bundled-parts";
import { localModel } from "../../src/local-model";
import type { Method } from "../../src/methods";
import { render } from "../../src/render";
import type { Decoded, Header, Panel } from "../../src/wire";
import { drawn } from "../events";
import { Root } from "../root";

// nobody is new here, and is asked to a tour
localStorage.setItem("tam-widgets-tour", "1");

const ARRAYS = [
  "activations",
  "relevance",
  "referenceActivation",
  "referenceRelevance",
  "alternativeActivations",
  "alternativeRelevance",
] as const;

/** TAM and its ablations, as Python describes them. */
export const METHODS: readonly Method[] = ablations.map(({ name, label, eci, rgf }) => ({
  name,
  label,
  source: "",
  options: [...(eci ? ["eci"] : []), ...(rgf ? ["kernel_size", "border"] : [])],
  signed: false,
  inBrowser: true,
  alternatives: true,
}));

/** Panels as they cross the wire. */
export function encode(
  panels: readonly Panel[],
  links: Decoded["links"] = [],
  methods: readonly Method[] = METHODS,
  atRest: Decoded["atRest"] = panels.map(() => []),
) {
  const buffers: Uint8Array[] = [];
  // equal ones are kept once, as in Python
  const buffer = (data: ArrayBufferView) => {
    const own = new Uint8Array(data.buffer.slice(data.byteOffset) as ArrayBuffer);
    const known = buffers.findIndex((other) => String(other) === String(own));
    return known < 0 ? buffers.push(own) - 1 : known;
  };
  const array = (values: Float32Array) => {
    return { buffer: buffer(values), dtype: "float32", shape: [values.length], scale: 1 };
  };
  const specs = panels.map((panel) => ({
    ...panel,
    ...Object.fromEntries(ARRAYS.map((name) => [name, array(panel[name])])),
    maps: Object.fromEntries(Object.entries(panel.maps).map(([name, all]) => [name, array(all)])),
    images: panel.images.map(({ data, ...image }) => ({ ...image, buffer: buffer(data) })),
  }));
  const header = {
    version: wire_version,
    methods,
    // one that is shown again is the number of its first panel, as in Python
    panels: specs.map((spec, i) =>
      panels.indexOf(panels[i]) < i ? panels.indexOf(panels[i]) : spec,
    ),
    links,
    atRest,
  } as unknown as Header;
  return { _header: header, _buffers: buffers };
}

/** A hash of a canvas's pixels. */
export function pixels(canvas: HTMLCanvasElement): number {
  const context = canvas.getContext("2d") as CanvasRenderingContext2D;
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  let hash = 0;
  for (const pixel of new Uint32Array(data.buffer)) hash = (31 * hash + pixel) | 0;
  return hash;
}

export class Opened extends Root {
  readonly state: Record<string, unknown>;
  readonly model: ReturnType<typeof localModel>;

  constructor(root: HTMLElement, state: Record<string, unknown>, model: Opened["model"]) {
    super(root);
    this.state = state;
    this.model = model;
  }

  panel(index: number): HTMLElement {
    return this.all(".tam-panel")[index];
  }

  token(index: number, panel = 0): HTMLElement {
    return this.find(`.tam-token[data-panel="${panel}"][data-i="${index}"]`);
  }

  /** Tokens of a panel whose map is drawn. */
  shown(panel = 0): number[] {
    return this.#marked(`.tam-token.tam-shown[data-panel="${panel}"]`);
  }

  locked(panel = 0): number[] {
    return this.#marked(`.tam-token[aria-selected="true"][data-panel="${panel}"]`);
  }

  lit(panel = 0): number[] {
    return this.#marked(`.tam-token.tam-lit[data-panel="${panel}"]`);
  }

  #marked(selector: string): number[] {
    return this.all(selector).map((item) => Number(item.dataset.i));
  }

  setting<E extends Element = HTMLInputElement>(name: string): E {
    return this.find<E>(`[data-setting="${name}"]`);
  }

  button(text: string): HTMLButtonElement {
    const found = this.all("button").find((button) => button.textContent === text);
    if (!found) throw new Error(`${text}: there is no such button`);
    return found as HTMLButtonElement;
  }

  overlay(index = 0): number {
    return pixels(this.all("canvas.tam-overlay")[index] as HTMLCanvasElement);
  }
}

/** Shows panels, as a notebook without a kernel does. */
export async function open(
  panels: readonly Panel[],
  settings: Record<string, unknown> = {},
  links: Decoded["links"] = [],
  methods: readonly Method[] = METHODS,
  atRest: Decoded["atRest"] = panels.map(() => []),
): Promise<Opened> {
  const encoded = encode(panels, links, methods, atRest);
  const state: Record<string, unknown> = { ...encoded, ...settings };
  const model = localModel(state, bundledPart);
  const el = document.createElement("div");
  document.body.append(el);
  const close = render({ model, el });
  onTestFinished(() => {
    close();
    el.remove();
  });
  const root = el.firstElementChild as HTMLElement;
  await expect.poll(() => root.dataset.ready, { interval: 5 }).toBe("1");
  await drawn();
  return new Opened(root, state, model);
}
