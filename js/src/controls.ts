/** Small controls, shared by the explorer and the gallery. */
import { element } from "./dom";

export type Choice = readonly [value: string, label: string];

export interface Select {
  readonly element: HTMLSelectElement;
  readonly show: (value: string) => void;
}

export function select(
  title: string,
  choices: readonly Choice[],
  choose: (value: string) => void,
  signal: AbortSignal,
): Select {
  const made = element("select", { title, aria: { label: title } });
  for (const [value, text] of choices) made.append(new Option(text, value));
  made.dataset.lmSuppressShortcuts = "true";
  made.addEventListener("change", () => choose(made.value), { signal });
  const show = (value: string) => {
    if (made.value !== value) made.value = value;
  };
  return { element: made, show };
}

export function button(
  text: string,
  title: string,
  press: () => void,
  signal: AbortSignal,
): HTMLButtonElement {
  const made = element("button", { class: "tam-button", text, title });
  made.type = "button";
  made.dataset.lmSuppressShortcuts = "true";
  made.addEventListener("click", press, { signal });
  return made;
}

/** Keeps keys typed into controls from reaching the notebook. */
export function keepKeys(target: HTMLElement, signal: AbortSignal): void {
  const keep = (event: KeyboardEvent) => {
    if (!event.ctrlKey && !event.metaKey) event.stopPropagation();
  };
  target.addEventListener("keydown", keep, { signal });
}
