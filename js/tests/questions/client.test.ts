import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { PartModel } from "../../src/parts";
import { ask, type Unanswered } from "../../src/questions/client";
import { watch } from "../../src/questions/kernel";

type Hear = (...said: unknown[]) => void;

/** A kernel that says what a test lets it say; `manager` is the host's. */
function kernel(manager?: { kernel: object }) {
  const hearers = new Map<string, Set<Hear>>();
  const sent: { kind: string; id: string }[] = [];
  const model = {
    widget_manager: manager,
    send: (content: { kind: string; id: string }) => sent.push(content),
    on: (event: string, hear: Hear) =>
      hearers.set(event, (hearers.get(event) ?? new Set()).add(hear)),
    off: (event: string, hear: Hear) => hearers.get(event)?.delete(hear),
  } as unknown as PartModel;
  const tell = (event: string, ...said: unknown[]) => {
    for (const hear of [...(hearers.get(event) ?? [])]) hear(...said);
  };
  const say = (state: string, more: object = {}, id = sent[0].id) =>
    tell("msg:custom", { kind: "answer", id, state, ...more }, []);
  const listening = () => [...hearers.values()].some((set) => set.size > 0);
  return { model, sent, say, tell, listening };
}

/** The connection of JupyterLab to a kernel. */
function connection() {
  const hearers = new Set<(from: object, status: string) => void>();
  const made = {
    status: "idle",
    connectionStatus: "connected",
    statusChanged: {
      connect: (hear: (from: object, status: string) => void) => hearers.add(hear),
      disconnect: (hear: (from: object, status: string) => void) => hearers.delete(hear),
    },
    become: (status: string) => {
      made.status = status;
      for (const hear of [...hearers]) hear(made, status);
    },
  };
  return made;
}

const question = { name: "check", panel: 0, tokens: [3] };
const why = (running: ReturnType<typeof ask>) =>
  running.answer.then(
    () => "",
    ({ state, message }: Unanswered) => `${state}: ${message}`,
  );

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

it("sends a question, hears how far it is, and has the answer", async () => {
  const { model, sent, say, listening } = kernel();
  const heard: unknown[] = [];
  const running = ask(model, question, ({ done, total, data }) => heard.push([done, total, data]));
  expect(sent).toMatchObject([{ ...question, kind: "question" }]);
  say("heard");
  say("running", { done: 1, total: 2, data: "half" });
  say("done", { data: "of another" }, "another");
  say("done", { data: "whole" });
  expect(heard).toEqual([[1, 2, "half"]]);
  expect(await running.answer).toEqual({ data: "whole", buffers: [] });
  expect(listening()).toBe(false);
  expect(vi.getTimerCount()).toBe(0);
});

it("says why there is no answer", async () => {
  const { model, say } = kernel();
  const running = ask(model, question);
  say("failed", { message: "no map of it" });
  expect(await why(running)).toBe("failed: no map of it");
});

it("stops here at once, and asks the kernel to stop once", async () => {
  const { model, sent } = kernel();
  const running = ask(model, question);
  running.stop();
  running.stop();
  expect(await why(running)).toBe("stopped: ");
  expect(sent.slice(1)).toEqual([{ kind: "stop", id: sent[0].id }]);
});

it("says that the model is busy until it is not", () => {
  const { model, say } = kernel();
  const said: string[] = [];
  ask(model, question, undefined, (text) => said.push(text));
  say("heard");
  say("waiting");
  say("alive");
  vi.advanceTimersByTime(5_000);
  expect(said).toEqual([expect.stringContaining("the model is busy")]);
  say("running", { done: 0, total: 1 });
  expect(said.at(-1)).toBe("");
});

it("waits while the notebook runs a cell, and has the answer then", async () => {
  const lab = connection();
  lab.become("busy");
  const { model, sent, say } = kernel({ kernel: lab });
  const said: string[] = [];
  const running = ask(model, question, undefined, (text) => said.push(text));
  vi.advanceTimersByTime(30_000);
  expect(said).toEqual(["Waiting: the notebook is running a cell."]);
  expect(sent).toHaveLength(1);
  say("heard");
  expect(said.at(-1)).toBe("");
  say("done", { data: 1 });
  expect((await running.answer).data).toBe(1);
});

it("says within two seconds that nobody answers, and takes a late answer", async () => {
  const { model, say } = kernel();
  const said: string[] = [];
  const running = ask(model, question, undefined, (text) => said.push(text));
  vi.advanceTimersByTime(2_000);
  expect(said).toEqual([expect.stringContaining("Python does not answer yet")]);
  say("heard");
  say("alive");
  vi.advanceTimersByTime(11_000);
  expect(said.at(-1)).toContain("Nothing was heard for 10 seconds");
  say("done", { data: "late" });
  expect((await running.answer).data).toBe("late");
  expect(said.at(-1)).toBe("");
});

it("says nothing of a long step that shows signs of life", () => {
  const { model, say, sent } = kernel();
  const explain = vi.fn();
  ask(model, question, undefined, explain);
  say("heard");
  for (let second = 0; second < 30; second++) {
    say("alive");
    vi.advanceTimersByTime(1000);
  }
  expect(explain).not.toHaveBeenCalled();
  expect(sent).toHaveLength(1);
});

it("asks again and again where Python may only speak when it is spoken to", () => {
  const { model, say, sent } = kernel();
  ask(model, question);
  say("heard");
  vi.advanceTimersByTime(1_000);
  say("running", { done: 1, total: 2 });
  vi.advanceTimersByTime(1_000);
  expect(sent.slice(1).map(({ kind }) => kind)).toEqual(["poll", "poll", "poll", "poll"]);
  expect(sent[1].id).toBe(sent[0].id);
});

it.each(["restarting", "autorestarting", "dead"])(
  "ends at once when a kernel is %s",
  async (is) => {
    const lab = connection();
    const { model } = kernel({ kernel: lab });
    const running = ask(model, question);
    lab.become("busy");
    lab.become(is);
    expect(await why(running)).toContain("gone: The kernel of this view");
  },
);

it("says that the connection is lost, and takes the answer when it is back", async () => {
  const lab = connection();
  const { model, say } = kernel({ kernel: lab });
  const said: string[] = [];
  const running = ask(model, question, undefined, (text) => said.push(text));
  say("heard");
  say("alive");
  lab.connectionStatus = "connecting";
  vi.advanceTimersByTime(1_000);
  expect(said).toEqual([expect.stringContaining("connection")]);
  lab.connectionStatus = "connected";
  say("done", { data: 1 });
  expect((await running.answer).data).toBe(1);
});

it("ends at once when the host closes the view’s line, and asks nothing after", async () => {
  const { model, tell, sent } = kernel();
  watch(model, new AbortController().signal);
  const running = ask(model, question);
  tell("comm_live_update");
  expect(await why(running)).toContain("gone");
  expect(await why(ask(model, question))).toContain("gone");
  expect(sent).toHaveLength(1);
});

it("gives up at once where there is no kernel", async () => {
  const { model } = kernel();
  const { send: _, ...without } = model;
  expect(await why(ask(without, question))).toContain("gone");
});
