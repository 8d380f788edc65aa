import { expect, test } from "vitest";
import { type GalleryModel, Messages } from "../../src/gallery/messages";

const silent = { get: () => null, set: () => {}, save_changes: () => {}, off: () => {} };

test("without a kernel a request is refused, and says what to do", () => {
  const send = () => {
    throw new Error("Cannot send");
  };
  const model = { ...silent, on: () => {}, send } as GalleryModel;
  const messages = new Messages(model, new AbortController().signal);
  const heard: unknown[] = [];
  messages.on("refused", (answer) => heard.push(answer));
  messages.send({ kind: "note", ids: ["a"], note: "typed" });
  expect(heard).toEqual([
    { kind: "refused", about: "note", message: "The kernel is gone: run the cell again." },
  ]);
});
