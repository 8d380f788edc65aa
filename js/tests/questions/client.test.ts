import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { PartModel } from "../../src/parts";
import { ask, type Unanswered } from "../../src/questions/client";

type Hear = (...said: unknown[]) => void;

function kernel() {
  const hearers = new Map<string, Hear>();
  const sent: { kind: string; id: string }[] = [];
  const model = {
    send: (content: { kind: string; id: string }) => sent.push(content),
    on: (event: string, hear: Hear) => hearers.set(event, hear),
    off: (event: string) => hearers.delete(event),
  } as unknown as PartModel;
  const say = (state: string, more: object = {}, id = sent[0].id) =>
    hearers.get("msg:custom")?.({ kind: "answer", id, state, ...more }, []);
  return { model, sent, say, hearers };
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
  const { model, sent, say, hearers } = kernel();
  const heard: unknown[] = [];
  const running = ask(model, question, ({ done, total, data }) => heard.push([done, total, data]));
  expect(sent).toMatchObject([{ ...question, kind: "question" }]);
  say("running", { done: 1, total: 2, data: "half" });
  say("done", { data: "of another" }, "another");
  say("done", { data: "whole" });
  expect(heard).toEqual([[1, 2, "half"]]);
  expect(await running.answer).toEqual({ data: "whole", buffers: [] });
  expect(hearers.size).toBe(0);
});

it("says why there is no answer", async () => {
  const { model, say } = kernel();
  const running = ask(model, question);
  say("failed", { message: "no map of it" });
  expect(await why(running)).toBe("failed: no map of it");
});

it("waits while another computation uses the model", async () => {
  const { model, say } = kernel();
  const running = ask(model, question);
  say("waiting");
  say("done", { data: "whole" });
  expect(await running.answer).toEqual({ data: "whole", buffers: [] });
});

it("asks to stop, and ends when the kernel has stopped", async () => {
  const { model, sent, say } = kernel();
  const running = ask(model, question);
  running.stop();
  expect(sent[1]).toEqual({ kind: "stop", id: sent[0].id });
  say("stopped");
  expect(await why(running)).toContain("stopped");
});

it("gives up on a kernel that shows no sign of life, and on no other", async () => {
  const { model, say } = kernel();
  const running = ask(model, question);
  for (let second = 0; second < 30; second++) {
    vi.advanceTimersByTime(1000);
    say("alive");
  }
  const said = why(running);
  vi.advanceTimersByTime(11_000);
  expect(await said).toContain("gone: The notebook’s kernel does not answer");
});

it("gives up at once on a kernel whose connection ends", async () => {
  const { model, hearers } = kernel();
  const running = ask(model, question);
  hearers.get("comm_live_update")?.();
  expect(await why(running)).toContain("gone");
});

it("gives up at once where there is no kernel", async () => {
  const { model } = kernel();
  const { send: _, ...without } = model;
  const running = ask(without, question);
  expect(await why(running)).toContain("gone");
});
