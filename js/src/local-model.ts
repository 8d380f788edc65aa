/** A model without a kernel: it stores values and reports their changes within the page. */
import type { PartModel } from "./parts";

/** @param part brings parts of the explorer */
export function localModel(state: Record<string, unknown>, part?: PartModel["part"]): PartModel {
  const events = new EventTarget();
  return {
    ...(part && { part }),
    get: (name) => state[name],
    set: (name, value) => {
      state[name] = value;
      events.dispatchEvent(new Event(`change:${name}`));
    },
    save_changes: () => {},
    on: (event, callback) => events.addEventListener(event, callback),
    off: (event, callback) => events.removeEventListener(event, callback),
  };
}
