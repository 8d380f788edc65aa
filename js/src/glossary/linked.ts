/** Texts whose terms open their entry below them. */
import { element } from "../dom";
import { adopt } from "../style-sheet";
import { type Entry, parted } from "./entries";
import { entryView, termButton } from "./entry-view";
import { STYLE } from "./style";

/** Writes a text into an element, its terms as links; an entry opens after the element. */
export function writeLinked(target: HTMLElement, text: string): void {
  adopt(target, STYLE);
  const open = (entry: Entry, from: HTMLElement) => toggle(target, entry, from);
  const pieces = parted(text).map(({ text, entry }) =>
    entry ? termButton(entry, text, open) : text,
  );
  target.replaceChildren(...pieces);
  mark(target);
}

const opened = (target: HTMLElement) =>
  target.nextElementSibling?.matches(".tam-opened-entry")
    ? (target.nextElementSibling as HTMLElement)
    : null;

/** Says which terms' entries are open. */
function mark(target: HTMLElement): void {
  const name = opened(target)?.dataset.shown;
  for (const term of target.querySelectorAll<HTMLElement>(".tam-term"))
    term.setAttribute("aria-expanded", String(term.dataset.name === name));
}

function toggle(target: HTMLElement, entry: Entry, from: HTMLElement): void {
  const before = opened(target);
  const close = () => {
    opened(target)?.remove();
    mark(target);
  };
  close();
  if (before?.dataset.shown === entry.name) return;
  const aside = element("div", { class: "tam-opened-entry", role: "note" });
  aside.setAttribute("aria-label", "Glossary");
  const leave = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || !aside.isConnected) return;
    event.stopPropagation();
    close();
    from.focus();
  };
  for (const one of [aside, target]) one.addEventListener("keydown", leave);
  const show = (shown: Entry) => {
    aside.dataset.shown = shown.name;
    aside.replaceChildren(
      entryView(shown, (other) => {
        show(other);
        aside.querySelector<HTMLElement>(".tam-term")?.focus();
      }),
    );
    mark(target);
  };
  target.after(aside);
  show(entry);
}
