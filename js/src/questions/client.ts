/** Asks the kernel a question, and hears how far the answer is. */
import type { PartModel } from "../parts";
import type { Buffer } from "../wire";
import { delay, GONE, isGone, WAITING, watch } from "./kernel";

/** Milliseconds between two looks at what has been heard. */
const LOOK_EVERY = 500;

/** What the kernel says of a question, as in `tam_widgets/views/questions/job.py`. */
interface Answer {
  readonly kind: string;
  readonly id: string;
  readonly state: "heard" | "alive" | "waiting" | "running" | "done" | "stopped" | "failed";
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
  /** Ends it here at once, and in the kernel after the step that runs. */
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

/** What is asked: its name, the panel that it is about, and its arguments. */
interface Question extends Readonly<Record<string, unknown>> {
  readonly name: string;
  readonly panel: number;
}

/**
 * Asks a question of the model behind a panel.
 *
 * As long as an answer may still come, the question stays open, however long nothing is heard.
 * @param progress called for each part of the answer
 * @param explain called with why nothing happens, in plain words, and with "" when something does
 */
export function ask(
  model: PartModel,
  question: Question,
  progress: (progress: Progress) => void = () => {},
  explain: (why: string) => void = () => {},
): Running {
  return new Asked(model, question, progress, explain);
}

class Asked implements Running {
  readonly answer: Promise<Reply>;
  readonly #id = `${Math.random()}`; // several views of one model hear each other’s answers
  readonly #model: PartModel;
  readonly #progress: (progress: Progress) => void;
  readonly #explain: (why: string) => void;
  readonly #over = new AbortController();
  #resolve: (reply: Reply) => void = () => {};
  #reject: (error: Unanswered) => void = () => {};
  /** The last that the kernel said. */
  #state: Answer["state"] | undefined;
  #since = Date.now();
  #polls = false;
  #why = "";

  constructor(
    model: PartModel,
    question: Question,
    progress: (progress: Progress) => void,
    explain: (why: string) => void,
  ) {
    this.#model = model;
    this.#progress = progress;
    this.#explain = explain;
    this.answer = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.#listen();
    if (isGone(model)) this.#refuse("gone", GONE);
    else this.#send({ ...question, kind: "question" });
  }

  readonly stop = (): void => {
    if (this.#over.signal.aborted) return;
    this.#send({ kind: "stop" });
    this.#refuse("stopped", "");
  };

  #listen(): void {
    const { signal } = this.#over;
    const looks = setInterval(this.#look, LOOK_EVERY);
    this.#model.on("msg:custom", this.#hear);
    watch(this.#model, signal, () => this.#refuse("gone", GONE));
    const end = () => {
      clearInterval(looks);
      this.#model.off("msg:custom", this.#hear);
      this.#say("");
    };
    signal.addEventListener("abort", end, { once: true });
  }

  readonly #hear = (...said: unknown[]): void => {
    const [heard, buffers = []] = said as [Answer, Buffer[]?];
    if (heard?.kind !== "answer" || heard.id !== this.#id) return;
    const { state, done = 0, total = 0, data, message = "" } = heard;
    if (state !== "alive" || this.#state === "heard") this.#state = state;
    this.#since = Date.now();
    this.#say(this.#state === "waiting" ? WAITING : "");
    if (state === "running") this.#progress({ done, total, data, buffers });
    else if (state === "done") this.#settle(() => this.#resolve({ data, buffers }));
    else if (state === "stopped" || state === "failed") this.#refuse(state, message);
  };

  readonly #look = (): void => {
    const silence = Date.now() - this.#since;
    // a thread speaks at once, unless the host only lets Python speak when it is spoken to
    this.#polls ||= this.#state === "heard" && silence >= LOOK_EVERY;
    if (this.#polls) this.#send({ kind: "poll" });
    const why = delay(this.#model, Boolean(this.#state), silence);
    this.#say(why || (this.#state === "waiting" ? WAITING : ""));
  };

  #send(content: object): void {
    try {
      if (!this.#model.send) throw new Error("this page has no kernel");
      this.#model.send({ ...content, id: this.#id });
    } catch {
      this.#refuse("gone", GONE);
    }
  }

  #say(why: string): void {
    if (why !== this.#why) this.#explain(why);
    this.#why = why;
  }

  #settle(act: () => void): void {
    if (this.#over.signal.aborted) return;
    this.#over.abort();
    act();
  }

  #refuse(state: Unanswered["state"], message: string): void {
    this.#settle(() => this.#reject(new Unanswered(state, message)));
  }
}
