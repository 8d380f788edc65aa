/** How much of each word's probability the picture carries. */
import { element } from "../dom";
import type { Unanswered } from "./client";
import type { Question } from "./question";

const NAME = "reliance";

export const reliance: Question = {
  name: NAME,
  button: (place) =>
    place.asks(NAME)
      ? ["reliance", "Measures how much of each word’s probability the picture carries"]
      : null,
  open: (body, place, signal) => {
    const said = element("p", { class: "tam-note", text: "…", role: "status" });
    body.append(said);
    const running = place.ask(NAME, {});
    signal.addEventListener("abort", running.stop, { once: true });
    running.answer.then(
      ({ data }) => {
        said.textContent = JSON.stringify(data);
      },
      (error: Unanswered) => {
        said.textContent = error.message;
      },
    );
    return () => {};
  },
};
