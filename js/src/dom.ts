/** Helpers that create elements. Text is only ever inserted as text, never as HTML. */

export interface Attributes {
  readonly class?: string;
  readonly text?: string;
  readonly title?: string;
  readonly data?: Readonly<Record<string, string>>;
  readonly aria?: Readonly<Record<string, string>>;
  readonly role?: string;
}

export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  children: readonly (Node | string)[] = [],
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  if (attributes.class) made.className = attributes.class;
  if (attributes.text !== undefined) made.textContent = attributes.text;
  if (attributes.title) made.title = attributes.title;
  if (attributes.role) made.setAttribute("role", attributes.role);
  for (const [name, value] of Object.entries(attributes.data ?? {})) made.dataset[name] = value;
  for (const [name, value] of Object.entries(attributes.aria ?? {}))
    made.setAttribute(`aria-${name}`, value);
  made.append(...children);
  return made;
}

/** A number with at most `digits` decimals, short enough for a legend. */
export function decimal(value: number, digits = 2): string {
  return value.toFixed(value >= 100 ? 0 : value >= 10 ? Math.min(1, digits) : digits);
}

/** Watches an element's size until the signal aborts. */
export function onResize(target: Element, signal: AbortSignal, changed: () => void): void {
  const observer = new ResizeObserver(changed);
  observer.observe(target);
  signal.addEventListener("abort", () => observer.disconnect(), { once: true });
}
