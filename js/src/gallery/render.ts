/** Shows the gallery, or says why it cannot be shown. */
import { element } from "../dom";
import { GalleryView } from "./gallery-view";
import type { GalleryModel } from "./messages";

export interface GalleryProps {
  readonly model: GalleryModel;
  readonly el: HTMLElement;
  /** Aborts when the view is removed; older hosts call the returned function instead. */
  readonly signal?: AbortSignal;
}

function fail(root: HTMLElement, error: unknown): void {
  const reason = error instanceof Error ? error.message : String(error);
  const text = `The gallery could not be shown. ${reason}`;
  root.replaceChildren(element("p", { class: "tam-message tam-error", text, role: "status" }));
  root.dataset.ready = "error";
}

export function render({ model, el, signal }: GalleryProps): () => void {
  const controller = new AbortController();
  signal?.addEventListener("abort", () => controller.abort(), { once: true });
  const root = element("div", {
    class: "tam-root tam-gallery",
    data: { testid: "tam-gallery", shown: "" },
  });
  root.dataset.lmSuppressShortcuts = "true";
  el.append(root);
  try {
    new GalleryView(model, controller.signal).mount(root, el, controller.signal);
  } catch (error) {
    fail(root, error);
  }
  return () => {
    controller.abort();
    root.remove();
  };
}
