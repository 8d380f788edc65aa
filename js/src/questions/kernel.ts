/** What a page can know of the kernel behind it. */
import type { PartModel } from "../parts";

/** The part of a notebook's kernel connection that matters here. */
interface Kernel {
  readonly status: string;
  readonly connectionStatus: string;
  readonly statusChanged: {
    connect(hear: (kernel: Kernel, status: string) => void): void;
    disconnect(hear: (kernel: Kernel, status: string) => void): void;
  };
}

/** States after which a kernel knows nothing of its views. */
const LOST: readonly string[] = ["restarting", "autorestarting", "terminating", "dead"];

const gone = new WeakSet<PartModel>();

/** The kernel, where the front end is JupyterLab's, as in Notebook 7 and Voila. */
function kernelOf(model: PartModel): Kernel | null {
  const kernel = model.widget_manager?.kernel as Partial<Kernel> | null | undefined;
  return kernel?.statusChanged ? (kernel as Kernel) : null;
}

/** Whether a view's kernel is known to be gone; `watch` has to be called before. */
export const isGone = (model: PartModel) => gone.has(model);

/**
 * Calls `lost` when the kernel ends, or is restarted.
 * @param signal ends the watch
 */
export function watch(model: PartModel, signal: AbortSignal, lost: () => void = () => {}): void {
  const lose = () => {
    gone.add(model);
    lost();
  };
  const hear = (_: Kernel, status: string) => {
    if (LOST.includes(status)) lose();
  };
  const kernel = kernelOf(model);
  kernel?.statusChanged.connect(hear);
  model.on("comm_live_update", lose);
  signal.addEventListener(
    "abort",
    () => {
      kernel?.statusChanged.disconnect(hear);
      model.off("comm_live_update", lose);
    },
    { once: true },
  );
}

/**
 * Why a question is not answered yet, in plain words; "" if that is no wonder.
 * @param heard whether the kernel has confirmed the question
 * @param silence milliseconds since the last message about it
 */
export function delay(model: PartModel, heard: boolean, silence: number): string {
  const kernel = kernelOf(model);
  if (kernel && kernel.connectionStatus !== "connected") return OFFLINE;
  if (heard) return silence < 10_000 ? "" : SILENT;
  if (silence < 1000) return "";
  if (kernel?.status === "busy") return BUSY;
  return silence < 2000 ? "" : UNHEARD;
}

export const GONE =
  "The kernel of this view is gone or was restarted. What is shown stays; to ask, run the view’s cell again.";
export const WAITING = "Waiting: the model is busy with another computation.";
const OFFLINE =
  "The connection to the notebook’s server is lost. An answer that still comes is shown.";
const BUSY = "Waiting: the notebook is running a cell.";
const UNHEARD = "Waiting: Python does not answer yet. It is running something else, or is gone.";
const SILENT =
  "Nothing was heard for 10 seconds: Python may be gone. An answer that still comes is shown.";
