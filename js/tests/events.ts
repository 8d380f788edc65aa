/** What a mouse and a keyboard send, all at once, and what to wait for then. */

interface Place {
  /** Shares of the element's width and height. */
  readonly x?: number;
  readonly y?: number;
}

function pointer(type: string, target: Element, { x = 0.5, y = 0.5 }: Place, more: object): void {
  const { left, top, width, height } = target.getBoundingClientRect();
  const own = !type.endsWith("enter") && !type.endsWith("leave");
  const place = { clientX: left + x * width, clientY: top + y * height };
  const options = { bubbles: own, cancelable: true, pointerId: 1, pointerType: "mouse" };
  target.dispatchEvent(new PointerEvent(type, { ...options, ...place, ...more }));
}

/** The mouse moves onto an element, or within it. */
export function hover(target: Element, place: Place = {}, more: object = {}): void {
  for (const type of ["pointerover", "pointerenter", "pointermove"])
    pointer(type, target, place, more);
}

/** The mouse leaves an element and all that it lies in. */
export function unhover(target: Element): void {
  for (let left: Element | null = target; left; left = left.parentElement)
    pointer("pointerleave", left, {}, {});
}

export function click(target: HTMLElement, more: object = {}): void {
  hover(target);
  for (const type of ["pointerdown", "pointerup"]) pointer(type, target, {}, more);
  target.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, ...more }));
}

/** The mouse is pressed, moved and released on an element. */
export function drag(target: Element, from: Place, to: Place): void {
  hover(target, from);
  pointer("pointerdown", target, from, { buttons: 1 });
  pointer("pointermove", target, to, { buttons: 1 });
  pointer("pointerup", target, to, {});
}

/** The mouse is pressed on one element and released on another. */
export function dragOver(from: Element, to: Element): void {
  hover(from);
  pointer("pointerdown", from, {}, { buttons: 1 });
  hover(to, {}, { buttons: 1 });
  pointer("pointerup", to, {}, {});
}

/** A key is pressed where the keyboard is; whether the page left it to the browser. */
export function press(key: string, more: object = {}): boolean {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more });
  return (document.activeElement ?? document.body).dispatchEvent(event);
}

/** A person types or drags a value into a field. */
export function enter(field: HTMLInputElement | HTMLTextAreaElement, value: string | number): void {
  field.value = String(value);
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

export function choose(select: HTMLSelectElement, value: string): void {
  select.value = value;
  select.dispatchEvent(new Event("change", { bubbles: true }));
}

/** What is drawn in the next frame has been drawn. */
export async function drawn(): Promise<void> {
  for (let i = 0; i < 2; i++) await new Promise((resolve) => requestAnimationFrame(resolve));
}
