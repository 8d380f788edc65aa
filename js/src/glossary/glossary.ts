/** The glossary: an anywidget entry, and a part of the explorer that makes terms links. */

import { keepKeys } from "../controls";
import { element } from "../dom";
import type { Model } from "../state/traits";
import { adopt } from "../style-sheet";
import { followTheme } from "../view/theme";
import { GlossaryView } from "./glossary-view";
import { STYLE } from "./style";

export { writeLinked } from "./linked";

interface GlossaryProps {
  readonly model: Model;
  readonly el: HTMLElement;
  /** Aborts when the view is removed; older hosts call the returned function instead. */
  readonly signal?: AbortSignal;
}

export function render({ model, el, signal }: GlossaryProps): () => void {
  const controller = new AbortController();
  signal?.addEventListener("abort", () => controller.abort(), { once: true });
  const root = element("div", { class: "tam-root tam-glossary", data: { testid: "tam-glossary" } });
  root.dataset.lmSuppressShortcuts = "true";
  el.append(root);
  adopt(root, STYLE);
  root.append(new GlossaryView(model, controller.signal).element);
  keepKeys(root, controller.signal);
  followTheme(el, root, controller.signal)();
  root.dataset.ready = "1";
  return () => {
    controller.abort();
    root.remove();
  };
}

export default { render };
