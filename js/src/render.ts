/** Decodes what Python sent and shows the explorer, or reports why it cannot. */
import { element } from "./dom";
import { type PartModel, type PartName, part } from "./parts";
import { ExplorerView } from "./view/explorer";
import type { Outlines } from "./view/outlines";
import type { VideoView } from "./view/video";
import { type Buffer, decode, type Header, type Panel } from "./wire";

export interface RenderProps {
  readonly model: PartModel;
  readonly el: HTMLElement;
  /** Aborts when the view is removed; older hosts call the returned function instead. */
  readonly signal?: AbortSignal;
}

interface Parts {
  readonly VideoView: typeof VideoView;
  readonly Outlines: typeof Outlines;
}

function message(kind: string, text: string): HTMLElement {
  return element("p", { class: `tam-message tam-${kind}`, text, role: "status" });
}

async function show(
  model: PartModel,
  root: HTMLElement,
  host: HTMLElement,
  signal: AbortSignal,
): Promise<void> {
  const header = model.get("_header") as Header;
  if (!header?.panels?.length) {
    root.append(message("empty", "Nothing to explain yet."));
    root.dataset.ready = "1";
    return;
  }
  const decoded = decode(header, model.get("_buffers") as Buffer[]);
  const need = async (name: PartName, needs: (panel: Panel) => boolean) =>
    decoded.panels.some(needs) ? part<Parts>(name, model) : null;
  const film = ({ images }: Panel) => images.some(({ video }) => video !== null);
  const Video = (await need("video", film))?.VideoView ?? null;
  const outlines = await need("outlines", ({ outlines }) => outlines.length > 0);
  if (signal.aborted) return;
  const view = new ExplorerView(
    decoded,
    model,
    { Video, Outlines: outlines?.Outlines ?? null },
    signal,
  );
  await view.mount(root, host, signal);
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
  void show(model, root, el, controller.signal).catch((error) => fail(root, error));
  return () => {
    controller.abort();
    root.remove();
  };
}
