/** At which layer a word becomes the model's first choice, in numbers and in a sentence. */
import { shortProbability } from "../view/probability";
import type { Written } from "./layer-data";

/** What each layer would have written in the place of one or several tokens. */
export interface Course {
  /** Their joint probability, layer by layer. */
  readonly probability: readonly number[];
  /** The most probable texts. */
  readonly choices: readonly string[];
  /** Whether these are the tokens themselves. */
  readonly first: readonly boolean[];
}

/** The course of tokens that follow one another; null if it is not known of all. */
export function courseOf(tokens: readonly (Written | null)[]): Course | null {
  const known = tokens.filter((one) => one !== null);
  if (known.length === 0 || known.length < tokens.length) return null;
  const [{ choices }] = known;
  return {
    probability: choices.map((_, i) => known.reduce((p, one) => p * one.probability[i], 1)),
    choices: choices.map((_, i) => known.map((one) => one.choices[i]).join("")),
    first: choices.map((_, i) => known.every((one) => one.first[i])),
  };
}

/** Index of the layer from which on a word stays the first choice; −1 if it is not in the end. */
export function settledAt({ first }: Course): number {
  const before = first.lastIndexOf(false);
  return before + 1 < first.length ? before + 1 : -1;
}

const quoted = (text: string) =>
  `“${text.trim() || (text.includes("\n") ? "line break" : "space")}”`;

/**
 * Compares the first choice at a layer with the word that was written.
 * @param index of the layer among `layers`
 */
export function sentence(
  word: string,
  course: Course,
  layers: readonly number[],
  index: number,
): string {
  const own = quoted(word);
  const p = shortProbability(course.probability[index]);
  const settled = settledAt(course);
  const at = `At layer ${layers[index]} the model’s first choice here is`;
  if (course.first[index]) {
    if (settled < 0 || settled > index) return `${at} ${own} (p ${p})${later()}.`;
    const since =
      settled === index
        ? "from this layer on (shaded)"
        : `as from layer ${layers[settled]} on (shaded)`;
    return `${at} ${own} (p ${p}), ${since}.`;
  }
  return `${at} ${quoted(course.choices[index])} (p of ${own} ${p})${later()}.`;

  function later(): string {
    if (settled < 0) return `; ${own} is not its first choice in the end`;
    return `; from layer ${layers[settled]} on (shaded) it is ${own}`;
  }
}
