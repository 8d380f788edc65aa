/** Decodes what Python sent and shows the explorer, or reports why it cannot. */
import { element } from "./dom";
import { type PartModel, part } from "./parts";
import { ExplorerView } from "./view/explorer";
import type { VideoView } from "./view/video";
import { type Buffer, decode, type Header } from "./wire";

export interface RenderProps {
  readonly model: PartModel;
  readonly el: HTMLElement;
  /** Aborts when the view is removed; older hosts call the returned function instead. */
  readonly signal?: AbortSignal;
}

interface VideoModule {
  readonly VideoView: typeof VideoView;
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
  const hasVideo = decoded.panels.some(({ images }) => images.some(({ video }) => video != null));
  const video = hasVideo ? await part<VideoModule>("video", model) : null;
  if (signal.aborted) return;
  const view = new ExplorerView(decoded, model, video?.VideoView ?? null, signal);
  await view.mount(root, host, signal);
}

function fail(root: HTMLElement, error: unknown): void {
  const reason = error instanceof Error ? error.message : String(error);
  root.replaceChildren(message("error", `The explorer could not be shown. ${reason}`));
  root.dataset.ready = "error";
}

export function render({ model, el, signal }: RenderProps): () => void {
  let close = () => {};
  const open = () => {
    close();
    const controller = new AbortController();
    const root = element("div", { class: "tam-root", data: { testid: "tam", drawn: "" } });
    root.dataset.lmSuppressShortcuts = "true";
    el.append(root);
    void show(model, root, el, controller.signal).catch((error) => fail(root, error));
    close = () => {
      controller.abort();
      root.remove();
    };
  };
  const leave = () => {
    model.off("change:_header", open);
    close();
  };
  signal?.addEventListener("abort", leave, { once: true });
  model.on("change:_header", open); // other explanations
  open();
  return leave;
}
