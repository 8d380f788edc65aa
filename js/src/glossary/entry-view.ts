/** One entry: its picture, its sentence, and what is related. */
import { element } from "../dom";
import { type Entry, entryNamed, otherForms } from "./entries";
import { PICTURES } from "./pictures";
import { drawing } from "./svg";

/** @param go shows another entry */
export function entryView(entry: Entry, go: (entry: Entry) => void): HTMLElement {
  const { name, term, text, see } = entry;
  const others = otherForms(entry);
  const said = element("p", {}, [
    element("b", { text: term }),
    others ? ` (${others}): ${text}` : `: ${text}`,
  ]);
  const links = see.map((other) => termButton(entryNamed(other), entryNamed(other).term, go));
  const related = links.flatMap((link, i) => (i > 0 ? [", ", link] : [link]));
  const below = element("p", { class: "tam-entry-see" }, ["See ", ...related, "."]);
  return element("div", { class: "tam-entry", data: { term: name } }, [
    drawing(PICTURES[name]),
    element("div", {}, links.length > 0 ? [said, below] : [said]),
  ]);
}

/** A term that shows its entry. */
export function termButton(
  entry: Entry,
  text: string,
  go: (entry: Entry, from: HTMLElement) => void,
): HTMLButtonElement {
  const made = element("button", { class: "tam-term", text, data: { name: entry.name } });
  made.type = "button";
  made.dataset.lmSuppressShortcuts = "true";
  made.addEventListener("click", () => go(entry, made));
  return made;
}
