/** What an exercise asks; `tam_widgets/views/exercises/question.py` makes it. */

export interface Question {
  readonly kind: "draw" | "eci" | "word";
  /** The word's tokens, shown as one map. */
  readonly tokens: readonly number[];
  /** For "eci" the strength of the causal inference of each map, left to right. */
  readonly strengths: readonly number[];
  /** For "word" the tokens of each word to choose from. */
  readonly words: readonly (readonly number[])[];
  /** Which of them is right; −1 for "draw". */
  readonly solution: number;
  /** For "eci" what the causal inference removes of the activation, and the heaviest earlier word. */
  readonly context: { readonly share: number; readonly word: string } | null;
}

/** The traits that Python can set and read. */
export interface State {
  /** Indices of visual tokens, in order. */
  readonly drawn: readonly number[];
  readonly choice: number | null;
  readonly answered: boolean;
}

export const UNANSWERED: State = { drawn: [], choice: null, answered: false };
