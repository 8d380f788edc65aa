/** A line that says what a question does, or why it has no answer. */
import { element } from "../dom";

export class Said {
  readonly element = element("p", { class: "tam-note", role: "status" });

  say(text: string): void {
    this.#set(text, false);
  }

  /** Says what went wrong, so that nobody takes it for a hint. */
  fail(text: string): void {
    this.#set(text, true);
  }

  #set(text: string, failed: boolean): void {
    this.element.classList.toggle("tam-failed", failed && text !== "");
    if (this.element.textContent !== text) this.element.textContent = text;
  }
}
