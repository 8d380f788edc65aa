/** Two panels of a step: the answer before it, and the one now. */
import { element } from "../../dom";
import type { Opened } from "../../view/tools";

const NAMES = ["before", "now"] as const;

/** Names the panels, and marks changed words more clearly than words that are merely alone. */
export function namePair({ panels, views }: Opened): void {
  const same = panels.every(({ changed }) => changed?.length === 0);
  views.forEach(({ element: panel }, i) => {
    panel.classList.add("tam-stepped");
    panel.setAttribute("aria-label", `${NAMES[i]}: ${panels[i].title}`);
    const title = panel.querySelector(".tam-title");
    title?.prepend(element("strong", { class: "tam-when-asked", text: NAMES[i] }));
    if (same && i === 1) title?.append(element("span", { text: "no word has changed" }));
  });
}
