/** Decodes what Python sent and shows the explorer, or reports why it cannot. */
import { element } from "./dom";
import type { Model } from "./state/store";
import { ExplorerView } from "./view/explorer";
import { type Buffer, decode, type Header } from "./wire";

export interface RenderProps {
  readonly model: Model;
  readonly el: HTMLElement;
  /** Aborts when the view is removed; older hosts call the returned function instead. */
  readonly signal?: AbortSignal;
}

function message(kind: string, text: string): HTMLElement {
  return element("p", { class: `tam-message tam-${kind}`, text, role: "status" });
}

function show(model: Model, root: HTMLElement, host: HTMLElement, signal: AbortSignal): void {
  const header = model.get("_header") as Header;
  if (!header?.panels?.length) {
    root.append(message("empty", "Nothing to explain yet."));
    root.dataset.ready = "1";
    return;
  }
  const view = new ExplorerView(decode(header, model.get("_buffers") as Buffer[]), model, signal);
  void view.mount(root, host, signal).catch((error) => fail(root, error));
}

function fail(root: HTMLElement, error: unknown): void {
  const reason = error instanceof Error ? error.message : String(error);
  root.replaceChildren(message("error", `The explorer could not be shown. ${reason}`));
  root.dataset.ready = "error";
}

export function render({ model, el, signal }: RenderProps): () => void {
  const controller = new AbortController();
  signal?.addEventListener("abort", () => controller.abort(), { once: true });
  const root = element("div", { class: "tam-root", data: { testid: "tam", drawn: "" } });
  root.dataset.lmSuppressShortcuts = "true";
  el.append(root);
  try {
    show(model, root, el, controller.signal);
  } catch (error) {
    fail(root, error);
  }
  return () => {
    controller.abort();
    root.remove();
  };
}
