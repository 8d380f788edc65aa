/** Another answer, which the model reads as if it had written it. */
import { button } from "../../controls";
import { element } from "../../dom";
import type { Panel } from "../../wire";
import { note, row, type Way } from "./way";

export const otherAnswer: Way = {
  name: "answer",
  button: ["read another answer", "Lets the model read an answer of yours as its own"],
  fits: () => true,
  open: (body, { place, draft, ask, signal }) => {
    const current = answerOf(place.panel);
    const field = element("textarea", { aria: { label: "Another answer" } });
    Object.assign(field, { rows: 3, value: draft.answer ?? current });
    field.dataset.lmSuppressShortcuts = "true";
    const said = note("The model generates nothing: it reads these words as its own.");
    said.setAttribute("role", "status");
    const read = () => {
      const answer = field.value.trim();
      if (answer && answer !== current) ask({ answer });
      else {
        said.textContent = answer ? "Change the answer first." : "Write an answer first.";
        field.focus();
      }
    };
    field.addEventListener("input", () => (draft.answer = field.value), { signal });
    const title = "Explains this answer instead of the model’s";
    body.append(field, row(button("read this instead", title, read, signal), said));
    return () => {};
  },
};

/** The answer as text, without special tokens. */
export function answerOf({ tokens }: Panel): string {
  const own = tokens.filter(({ kind, special }) => kind === "answer" && !special);
  return own
    .map(({ text }) => text)
    .join("")
    .trim();
}
