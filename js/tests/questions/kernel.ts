/** An explorer whose kernel answers questions as a test says. */
import type { Panel } from "../../src/wire";
import { click, drawn } from "../events";
import { type Opened, open } from "../view/opened";

/** What the browser has sent. */
export interface Sent {
  readonly kind: string;
  readonly id: string;
  readonly name?: string;
  readonly panel?: number;
  readonly [argument: string]: unknown;
}

export interface Asked {
  readonly view: Opened;
  readonly sent: Sent[];
  /** Lets the kernel say something of the latest question. */
  readonly say: (state: string, more?: object, buffers?: readonly ArrayBuffer[]) => void;
  /** Lets the kernel's connection end. */
  readonly die: () => void;
  /** Presses a question's button. */
  readonly press: (question: string, panel?: number) => Promise<void>;
}

/** Shows panels with a kernel; `settings` hold `_questions` and `_known` too. */
export async function withKernel(
  panels: readonly Panel[],
  settings: Record<string, unknown> = {},
): Promise<Asked> {
  const view = await open(panels, settings);
  const sent: Sent[] = [];
  const hearers = new Map<string, Set<(...said: unknown[]) => void>>();
  const { model } = view;
  const { on, off } = model;
  Object.assign(model, {
    send: (content: unknown) => sent.push(content as Sent),
    on: (event: string, hear: () => void) => {
      hearers.set(event, (hearers.get(event) ?? new Set()).add(hear));
      on(event, hear);
    },
    off: (event: string, hear: () => void) => {
      hearers.get(event)?.delete(hear);
      off(event, hear);
    },
  });
  const tell = (event: string, ...said: unknown[]) => {
    for (const hear of [...(hearers.get(event) ?? [])]) hear(...said);
  };
  return {
    view,
    sent,
    say: (state, more = {}, buffers = []) => {
      const question = sent.findLast(({ kind }) => kind === "question");
      tell("msg:custom", { kind: "answer", id: question?.id, state, ...more }, buffers);
    },
    die: () => tell("comm_live_update"),
    press: async (question, panel = 0) => {
      click(view.panel(panel).querySelector(`[data-question="${question}"]`) as HTMLElement);
      await drawn();
    },
  };
}
