/** The prompt, and the answer with some of its tokens marked. */
import { element } from "../dom";
import type { Panel } from "../wire";

export class AnswerText {
  readonly element: HTMLElement;
  readonly #pieces = new Map<number, HTMLElement>();

  constructor({ prompt, tokens }: Panel) {
    const parts = [...tokens.entries()].flatMap(([i, { kind, special, text }]) => {
      if (kind !== "answer" || special) return [];
      const piece = element("span", { text: text.trim() });
      this.#pieces.set(i, piece);
      const [before, after] = text.trim() ? text.split(text.trim()) : [text, ""];
      return [before, piece, after];
    });
    this.element = element("div", { class: "tam-exercise-text" }, [
      element("div", { class: "tam-prompt", text: prompt.trim() }),
      element("div", { class: "tam-answer" }, trimmed(parts)),
    ]);
  }

  mark(tokens: readonly number[]): void {
    for (const [i, piece] of this.#pieces)
      piece.classList.toggle("tam-asked-for", tokens.includes(i));
  }
}

/** Without spaces before the first word. */
function trimmed(parts: readonly (HTMLElement | string)[]): (HTMLElement | string)[] {
  return parts.slice(
    parts.findIndex((part) => (typeof part === "string" ? part : part.textContent)?.trim()),
  );
}
