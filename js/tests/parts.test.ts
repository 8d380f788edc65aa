import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ask, type PartModel } from "../src/parts";

type Heard = (...said: unknown[]) => void;

/** A kernel that answers when it is told to. */
function slowKernel() {
  const heard = new Set<Heard>();
  const model = {
    get: () => undefined,
    on: (_: string, hear: Heard) => heard.add(hear),
    off: (_: string, hear: Heard) => heard.delete(hear),
    send: () => {},
  } as unknown as PartModel;
  const answer = (content: object) => {
    for (const hear of [...heard]) hear(content, []);
  };
  return { model, answer };
}

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

test("what can be asked of a model comes even after minutes of other cells", async () => {
  const { model, answer } = slowKernel();
  const asked = ask<{ code: string }>({ kind: "part", name: "questions" }, model);
  await vi.advanceTimersByTimeAsync(5 * 60_000);
  answer({ kind: "part", name: "tools", code: "other" });
  answer({ kind: "part", name: "questions", code: "late" });
  expect((await asked)[0].code).toBe("late");
});

test("a part that a person waits for is given up after ten seconds", async () => {
  const { model, answer } = slowKernel();
  const asked = ask({ kind: "part", name: "tools" }, model);
  const refused = expect(asked).rejects.toThrow("this needs the running notebook");
  await vi.advanceTimersByTimeAsync(10_000);
  await refused;
  answer({ kind: "part", name: "tools", code: "late" });
});
