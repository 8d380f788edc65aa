/** Another word in a token's place, from which the model writes on. */
import { button } from "../../controls";
import { element } from "../../dom";
import { shortProbability } from "../../view/probability";
import type { Candidate } from "../../wire";
import type { Place } from "../question";
import { type Desk, note, row, type Way } from "./way";

const CHOOSE = "Click a word of the answer: another is then put in its place.";
const CHOOSE_OR_WRITE = "Choose one of these words, or write one first.";

export const writeOn: Way = {
  name: "write-on",
  button: [
    "write on from another word",
    "Puts another word in a word’s place, and lets the model write on from there",
  ],
  fits: () => true,
  open: (body, desk) => {
    const { place, draft, ask, signal } = desk;
    const said = note();
    said.setAttribute("role", "status");
    const candidates = row();
    const field = element("input", { aria: { label: "Another word" } });
    Object.assign(field, { type: "text", value: draft.word, placeholder: "another word" });
    field.dataset.lmSuppressShortcuts = "true";
    const write = () => {
      const token = tokenOf(place);
      if (field.value.trim() === "") {
        if (token !== null) said.textContent = CHOOSE_OR_WRITE;
        field.focus();
      } else if (token !== null) ask({ write_on: { token, word: field.value } });
    };
    field.addEventListener("input", () => (draft.word = field.value), { signal });
    const enter = (event: KeyboardEvent) => {
      if (event.key !== "Enter" || event.isComposing) return;
      event.preventDefault(); // the keyboard goes to “stop”, which this press must not press
      write();
    };
    field.addEventListener("keydown", enter, { signal });
    const go = button(
      "write on from here",
      "Lets the model write on from this word",
      write,
      signal,
    );
    const other = row(field, go);
    body.append(said, candidates, other);
    const draw = () => {
      const token = tokenOf(place);
      other.hidden = candidates.hidden = token === null;
      said.textContent = token === null ? CHOOSE : heading(place, token);
      candidates.replaceChildren(...(token === null ? [] : buttons(desk, token)));
    };
    draw();
    return (changed) => {
      if (changed === "selected") draw();
    };
  },
};

/** The first locked token of the answer. */
function tokenOf({ locked, panel }: Place): number | null {
  return locked.find((token) => panel.tokens[token].kind === "answer") ?? null;
}

function heading({ panel }: Place, token: number): string {
  return `In the place of “${wordOf(panel.tokens[token])}”, let the model write on from here with:`;
}

/** Buttons of the token's candidates; from its own word, a model writes what it wrote. */
function buttons({ place, ask, signal }: Desk, token: number): HTMLElement[] {
  const { candidates, id: own } = place.panel.tokens[token];
  const others = candidates.filter(({ id }) => place.panel.given || id !== own);
  return others.map(({ id, ...candidate }) => {
    const write = () => ask({ write_on: { token, id } });
    const made = button("", "Lets the model write on from this word", write, signal);
    made.append(...labelOf(candidate));
    return made;
  });
}

function labelOf(candidate: Omit<Candidate, "id">): HTMLElement[] {
  const probability = shortProbability(candidate.probability);
  return [
    element("span", { class: "tam-word", text: wordOf(candidate) }),
    element("span", { class: "tam-count", text: ` ${probability}` }),
  ];
}

/** A token without letters is shown as it is written in code. */
const wordOf = ({ text }: { readonly text: string }) => text.trim() || JSON.stringify(text);
