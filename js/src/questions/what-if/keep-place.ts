/** Lets a person stay where they are when a view shows other explanations. */
import { focused } from "./sending";
import type { Steps } from "./steps";

/** What is known of the view before, by the element that both are in. */
interface Before {
  readonly hadFocus: boolean;
  readonly scrolled: ReadonlyMap<Element, number>;
  readonly timer: number;
}

/** Milliseconds after which the room of a view that did not come is given back. */
const PATIENCE = 5000;

const befores = new WeakMap<Element, Before>();

/**
 * Keeps the room and the steps of a view that is about to go, until the next one is there.
 * @param root the view's element, which is still in the page
 */
export function keepPlace(root: HTMLElement, steps: Steps): void {
  const host = root.parentElement;
  if (!host) return;
  const hadFocus = root.contains(focused(root));
  const scrolled = new Map(scrollers(host).map((one) => [one, one.scrollTop]));
  host.style.minHeight = `${host.offsetHeight}px`;
  const timer = window.setTimeout(() => (host.style.minHeight = ""), PATIENCE);
  befores.set(host, { hadFocus, scrolled, timer });
  queueMicrotask(() => {
    // the next view is in the page, but nothing was painted yet
    place(host.querySelector<HTMLElement>(":scope > .tam-root"), steps);
    if (hadFocus) steps.focus();
    restore(scrolled);
  });
}

/** Puts the steps below the toolbar, in place of those of the view before. */
export function place(root: HTMLElement | null, steps: Steps): void {
  root?.querySelector(".tam-steps")?.remove();
  root?.querySelector(".tam-toolbar")?.after(steps.element);
  steps.reveal();
}

/** Goes on where the view before was; nothing happens if there was none. */
export function resumePlace(root: HTMLElement, steps: Steps): void {
  const host = root.parentElement;
  const before = host && befores.get(host);
  const had = root.querySelector(".tam-steps")?.contains(focused(root)) ?? false;
  place(root, steps);
  if (!before) return;
  befores.delete(host);
  window.clearTimeout(before.timer);
  if (had || (before.hadFocus && focused(root) === document.body)) steps.focus();
  host.style.minHeight = "";
  restore(before.scrolled);
}

function restore(scrolled: Before["scrolled"]): void {
  for (const [one, top] of scrolled) if (one.scrollTop !== top) one.scrollTop = top;
}

/** What an element lies in and can be scrolled. */
function scrollers(element: Element): Element[] {
  const parent = element.parentElement ?? (element.getRootNode() as ShadowRoot).host;
  if (!parent) return [];
  const scrolls = parent.scrollHeight > parent.clientHeight;
  return [...(scrolls ? [parent] : []), ...scrollers(parent)];
}
