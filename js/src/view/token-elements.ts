/** The elements of a token strip: one per token, in one group per turn. */
import { element } from "../dom";
import { textOf } from "../texts";
import type { Panel, Token, Turn } from "../wire";
import { shortProbability } from "./probability";

/** Text with visible line breaks and tabs. */
const visible = (text: string) => text.replace(/\n/g, "↵\n").replace(/\t/g, "⇥");

/** Whether a token has no readable text: only line breaks, or a piece of a character. */
export const isBlank = ({ text }: Token) => text.trim() === "";

export function option(token: Token, panel: number, index: number): HTMLElement {
  const space = isBlank(token) ? "" : (/^ +/.exec(token.text)?.[0] ?? "");
  const text = element("span", {
    class: "tam-token-text",
    text: visible(token.text.slice(space.length)),
  });
  const { kind, probability } = token;
  const written = kind === "answer" && probability != null;
  const aria: Record<string, string> = written
    ? { description: `probability ${shortProbability(probability)}` }
    : {};
  const item = element(
    "span",
    {
      class: "tam-token",
      role: "option",
      aria,
      // Jupyter checks only the focused element: otherwise, `b` would insert a cell
      data: { i: String(index), panel: String(panel), lmSuppressShortcuts: "true" },
    },
    [space, text],
  );
  item.tabIndex = -1;
  item.classList.toggle("tam-special", token.special);
  item.classList.toggle("tam-blank", isBlank(token));
  return item;
}

/** The turns of a conversation, the answer last; turns without tokens are left out. */
export function turnGroups(panel: Panel, items: readonly HTMLElement[]): HTMLElement[] {
  const { turns } = panel;
  const shown = turns.filter(([, start, stop], i) => stop > start || i === turns.length - 1);
  return shown.map((turn, i) =>
    i === shown.length - 1 ? answer(panel, turn, items) : earlier(turn, i, shown.length, items),
  );
}

function earlier(
  [role, start, stop]: Turn,
  i: number,
  count: number,
  items: readonly HTMLElement[],
) {
  const name = role === "user" ? "Prompt" : "Earlier answer";
  const label = count > 2 ? `${name}, turn ${i + 1} of ${count}` : name;
  const group = { class: "tam-prompt", role: "group", aria: { label }, data: { role } };
  return element("div", group, items.slice(start, stop));
}

function answer(panel: Panel, [, start, stop]: Turn, items: readonly HTMLElement[]): HTMLElement {
  const note = (text: string) => element("span", { class: "tam-note", text });
  const group = { class: "tam-answer", role: "group", aria: { label: "Answer" } };
  const made = element("div", group, items.slice(start, stop));
  const empty = panel.tokens.slice(start, stop).every(({ special }) => special);
  if (empty) made.prepend(note("The model answered nothing. "));
  if (panel.truncated)
    made.append(element("span", { class: "tam-truncated", text: textOf("truncated") }));
  if (panel.given)
    made.append(element("span", { class: "tam-given", text: "given, not generated" }));
  return made;
}
