/** Asks the kernel a question, and hears how far the answer is. */
import type { PartModel } from "../parts";
import type { Buffer } from "../wire";

/** Milliseconds without a sign of life after which the kernel counts as gone. */
const PATIENCE = 10_000;

/** What the kernel says of a question, as in `tam_widgets/views/questions/job.py`. */
interface Answer {
  readonly kind: string;
  readonly id: string;
  readonly state: "alive" | "waiting" | "running" | "done" | "stopped" | "failed";
  readonly done?: number;
  readonly total?: number;
  readonly data?: unknown;
  readonly message?: string;
}

export interface Progress {
  readonly done: number;
  readonly total: number;
  /** What is known so far, if the question tells. */
  readonly data: unknown;
  readonly buffers: readonly Buffer[];
}

/** The end of an answer. */
export interface Reply {
  readonly data: unknown;
  readonly buffers: readonly Buffer[];
}

/** A question that was asked and has no answer yet. */
export interface Running {
  /** The last answer; rejects with `Unanswered`. */
  readonly answer: Promise<Reply>;
  /** Asks the kernel to stop; the answer then rejects as stopped. */
  readonly stop: () => void;
}

/** Why there is no answer. */
export class Unanswered extends Error {
  readonly state: "stopped" | "failed" | "gone";

  constructor(state: Unanswered["state"], message: string) {
    super(message);
    this.state = state;
  }
}

/**
 * Asks a question of the model behind a panel.
 * @param progress called for each part of the answer
 */
export function ask(
  model: PartModel,
  question: { readonly name: string; readonly panel: number } & Readonly<Record<string, unknown>>,
  progress: (progress: Progress) => void = () => {},
): Running {
  const id = `${Math.random()}`; // several views of one model hear each other’s answers
  const send = (content: object) => {
    if (!model.send) throw new Error("this page has no kernel");
    model.send({ ...content, id });
  };
  let stop = () => {};
  const answer = new Promise<Reply>((resolve, reject) => {
    const settle = (act: () => void) => {
      clearTimeout(timer);
      model.off("msg:custom", hear);
      model.off("comm_live_update", gone);
      act();
    };
    const refuse = (state: Unanswered["state"], message: string) =>
      settle(() => reject(new Unanswered(state, message)));
    const gone = () => refuse("gone", GONE);
    let timer = setTimeout(gone, PATIENCE);
    const hear = (...said: unknown[]) => {
      const [heard, buffers = []] = said as [Answer, Buffer[]?];
      if (heard?.kind !== "answer" || heard.id !== id) return;
      clearTimeout(timer);
      timer = setTimeout(gone, PATIENCE);
      const { state, done = 0, total = 0, data, message = "" } = heard;
      if (state === "running") progress({ done, total, data, buffers });
      else if (state === "done") settle(() => resolve({ data, buffers }));
      else if (state !== "alive" && state !== "waiting") refuse(state, message);
    };
    const attempt = (content: object) => {
      try {
        send(content);
      } catch {
        gone();
      }
    };
    stop = () => attempt({ kind: "stop" });
    model.on("msg:custom", hear);
    model.on("comm_live_update", gone);
    attempt({ ...question, kind: "question" });
  });
  return { answer, stop };
}

export const GONE =
  "The notebook’s kernel does not answer: it was restarted, or is gone or busy. What is shown stays.";
