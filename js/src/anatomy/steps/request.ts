/** What a step says that lacks something, and how it asks the model for it. */
import { button } from "../../controls";
import { element } from "../../dom";
import type { Running, Unanswered } from "../../questions/client";
import type { Lesson, Room } from "../step";

interface Missing {
  readonly what: "products" | "check";
  readonly why: string;
  /** The call that gives it. */
  readonly call: string;
  /** What the button says, where the model can be asked. */
  readonly action: string;
}

/** Says what is missing; with a model a button gets it. */
export function request(lesson: Lesson, room: Room, { what, why, call, action }: Missing): void {
  const { signal } = room;
  room.text.append(why);
  const code = element("code", { text: call });
  const said = element("p", { class: "tam-note", role: "status" });
  if (!lesson.asks(what)) {
    room.figure.append(
      element("p", { class: "tam-needs" }, ["This call adds what is missing: ", code]),
    );
    return;
  }
  let running: Running | null = null;
  const start = () => {
    if (running) {
      running.stop();
      return;
    }
    made.textContent = "stop";
    running = lesson.ask(
      what,
      ({ done, total }) => {
        said.textContent = total ? `${done} of ${total} passes of the model` : "";
      },
      (delay) => {
        said.textContent = delay;
      },
    );
    running.answer.then(
      () => {
        if (!signal.aborted) room.again();
      },
      ({ state, message }: Unanswered) => {
        running = null;
        made.textContent = action;
        said.textContent = state === "stopped" ? "Stopped; nothing of it is kept." : message;
      },
    );
  };
  const made = button(action, "", start, signal);
  signal.addEventListener("abort", () => running?.stop(), { once: true });
  room.figure.append(element("div", { class: "tam-needs" }, [made, said]));
}
