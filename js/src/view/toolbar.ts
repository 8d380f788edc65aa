/** The controls shared by all panels. */

import { settings as contract } from "../../../tam_widgets/contract.json";
import { COLORMAPS } from "../colormaps";
import { button, type Choice, keepKeys } from "../controls";
import { element } from "../dom";
import type { ExplorerSettings, ExplorerStore, SettingName } from "../state/store";
import type { Shared } from "./shared";

interface Control {
  readonly element: HTMLElement;
  readonly show: (settings: ExplorerSettings) => void;
}

function labelled(name: string, title: string, children: readonly Node[]): HTMLLabelElement {
  return element("label", { class: "tam-control", title }, [
    element("span", { class: "tam-label", text: name }),
    ...children,
  ]);
}

export class ExplorerToolbar {
  readonly element: HTMLElement;
  readonly #store: ExplorerStore;
  readonly #signal: AbortSignal;
  readonly #shared: Shared;
  readonly #controls: Control[];

  /** @param largestKernel the largest filter window that fits every grid */
  constructor(shared: Shared, largestKernel: number, otsu: () => void) {
    const { store, signal } = shared;
    this.#shared = shared;
    this.#store = store;
    this.#signal = signal;
    const mathematics = this.#mathematics(largestKernel);
    const looks = this.#looks(otsu);
    this.#controls = [...mathematics, ...looks];
    this.element = element(
      "div",
      { class: "tam-toolbar", role: "toolbar", aria: { label: "How maps are computed and shown" } },
      [group(mathematics), group(looks)],
    );
    // Jupyter checks the focused element itself before it handles a shortcut
    for (const control of this.element.querySelectorAll<HTMLElement>("select, input"))
      control.dataset.lmSuppressShortcuts = "true";
    keepKeys(this.element, signal);
  }

  #mathematics(largestKernel: number): Control[] {
    const strength = "Strength of the causal inference: 0 keeps what earlier words explain";
    const kernels = contract.kernel_size.offered
      .filter((size) => size <= largestKernel)
      .map(
        (size): Choice => [
          String(size),
          size > 3 && 3 * size > largestKernel ? `${size}, wide` : String(size),
        ],
      );
    const side =
      "Side of the rank Gaussian filter, in visual tokens. A wide one spreads a word over the picture";
    const methods = this.#shared.methods.map(({ name, label }): Choice => [name, label]);
    return [
      this.#select("method", "", "How the map is computed", methods),
      this.#slider("eci", "ECI", strength),
      this.#select("kernel_size", "window", side, kernels),
      this.#words(),
    ];
  }

  #looks(otsu: () => void): Control[] {
    return [
      this.#select("colormap", "", "Colour map", COLORMAPS.map(asChoice)),
      this.#slider("opacity", "opacity", "Opacity of the heatmap"),
      this.#slider("threshold", "threshold", "Hides values below this share of the scale", 0.99),
      this.#otsu(otsu),
      this.#cells(),
    ];
  }

  draw(): void {
    for (const control of this.#controls) control.show(this.#store.settings);
  }

  #select(name: SettingName, label: string, title: string, choices: readonly Choice[]): Control {
    const select = element("select", { aria: { label: title }, data: { setting: name } });
    for (const [value, text] of choices) select.append(new Option(text, value));
    const change = () => {
      const { value } = select;
      this.#store.set(name, name === "kernel_size" ? Number(value) : (value as never));
      if (name === "method") this.#store.set("methods", []);
    };
    select.addEventListener("change", change, { signal: this.#signal });
    const show = (settings: ExplorerSettings) => {
      const own = name === "method" && settings.methods.length > 0;
      const value = own ? "" : String(settings[name]);
      if (![...select.options].some((option) => option.value === value))
        select.append(new Option(value, value));
      select.value = value;
      this.#fit(control, select);
    };
    const control = labelled(label, title, [select]);
    return { element: control, show };
  }

  #slider(
    name: "eci" | "opacity" | "threshold",
    label: string,
    title: string,
    end = contract[name].high,
  ): Control {
    const input = element("input", { aria: { label: title }, data: { setting: name } });
    Object.assign(input, {
      type: "range",
      min: String(contract[name].low),
      max: String(end),
      step: "0.01",
    });
    const output = element("output", { class: "tam-output" });
    output.hidden = name === "opacity";
    input.addEventListener("input", () => this.#store.set(name, Number(input.value)), {
      signal: this.#signal,
    });
    const show = (settings: ExplorerSettings) => {
      input.value = String(settings[name]);
      input.style.setProperty("--tam-filled", String(settings[name] / end));
      output.textContent = settings[name].toFixed(2);
      this.#fit(control, input);
    };
    const control = labelled(label, title, [input, output]);
    return { element: control, show };
  }

  /** TAM's ablations keep the controls of the steps they omit, disabled; others hide them. */
  #fit(control: HTMLElement, input: HTMLInputElement | HTMLSelectElement): void {
    const name = input.dataset.setting as SettingName;
    const { maps, panels, store } = this.#shared;
    const shown = panels.map((_, panel) => maps.method(store.of(panel)));
    const taken =
      !["eci", "kernel_size"].includes(name) || shown.some(({ options }) => options.includes(name));
    input.disabled = !taken;
    control.hidden = !taken && !shown.some(({ inBrowser }) => inBrowser);
    if (name === "method")
      control.title = [...new Set(shown.map(({ source }) => source))].join("; ");
  }

  #otsu(choose: () => void): Control {
    const title = "Sets the threshold by Otsu's method, from the map in view";
    return { element: button("Otsu", title, choose, this.#signal), show: () => {} };
  }

  #cells(): Control {
    const title = "Shows the model's true cells instead of a smooth surface";
    const toggle = () => this.#store.set("cells", !this.#store.settings.cells);
    return this.#toggle("cells", title, toggle, ({ cells }) => cells);
  }

  #words(): Control {
    const title = "Pointing and clicking select whole words instead of tokens";
    const toggle = () =>
      this.#store.set(
        "granularity",
        this.#store.settings.granularity === "word" ? "token" : "word",
      );
    return this.#toggle("words", title, toggle, ({ granularity }) => granularity === "word");
  }

  #toggle(
    text: string,
    title: string,
    toggle: () => void,
    pressed: (settings: ExplorerSettings) => boolean,
  ): Control {
    const made = button(text, title, toggle, this.#signal);
    const show = (settings: ExplorerSettings) =>
      made.setAttribute("aria-pressed", String(pressed(settings)));
    return { element: made, show };
  }
}

function group(controls: readonly Control[]): HTMLElement {
  const elements = controls.map((control) => control.element);
  return element("div", { class: "tam-set" }, elements);
}

const asChoice = (value: string): Choice => [value, value];
