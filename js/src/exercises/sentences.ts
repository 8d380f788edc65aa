/** What is asked, and what is said of an answer. */
import { exercise_questions as questions } from "../../../tam_widgets/contract.json";
import type { Panel } from "../wire";
import { spanText } from "../words";
import type { Question } from "./question";
import type { DrawingScore } from "./score";

/** Share of an activation below which its context can hardly be seen. */
const LITTLE = 0.05;

export const NAMES = ["A", "B"] as const;

const percent = (share: number) => `${Math.round(100 * share)} %`;

/** A share in percent, exact enough to be divided by another. */
export function exactPercent(share: number): string {
  const all = 100 * share;
  return all === 0 || all >= 1 ? all.toFixed(1) : all.toPrecision(2);
}

const quoted = (panel: Panel, tokens: readonly number[]) => `“${spanText(panel.tokens, tokens)}”`;

export function asked({ kind, tokens }: Question, panel: Panel): string {
  return questions[kind].replace("{word}", () => spanText(panel.tokens, tokens));
}

/**
 * @param cells how many are drawn
 * @param pictures how many there are
 */
export function drawingInWords(
  { weight, drawn }: DrawingScore,
  cells: number,
  pictures: number,
): string {
  const [held, area] = [exactPercent(weight), exactPercent(drawn)];
  const times = Number(held) / Number(area); // fits the numbers beside it
  const [yours, hold, some, average] =
    cells === 1
      ? ["Your one cell is", "holds", "a cell", "holds"]
      : [`Your ${cells} cells are`, "hold", `${cells} cells`, "hold"];
  return (
    `${yours} ${area} % of the ${pictures > 1 ? "pictures" : "picture"} and ${hold} ${held} % of ` +
    `the map’s weight: ${times.toFixed(times < 10 ? 1 : 0)} times what ${some} taken at random ` +
    `${average} on average.`
  );
}

/** Whether the choice is right, and why. */
export function choiceInWords(question: Question, choice: number, panel: Panel): string {
  const right = choice === question.solution ? "Right" : "No";
  return question.kind === "eci"
    ? `${right}: ${withInference(question, panel)}`
    : `${right}: ${ofWord(question, choice, panel)}`;
}

function withInference({ solution, tokens, context }: Question, panel: Panel): string {
  const [own, other] = [NAMES[solution], NAMES[1 - solution]];
  const { share, word } = context ?? { share: 0, word: "" };
  const text = quoted(panel, tokens);
  if (share < LITTLE)
    return (
      `it is ${own}, but that can hardly be seen: ECI takes only ${(100 * share).toFixed(1)} % of ` +
      `the activation of ${text} away, summed over the picture’s cells.`
    );
  return (
    `it is ${own}. ECI takes ${percent(share)} of the activation of ${text} away, summed over the ` +
    `picture’s cells: what earlier words explain, above all “${word}”. It is gone in ${own}, and ` +
    `still there in ${other}.`
  );
}

function ofWord({ words, solution }: Question, choice: number, panel: Panel): string {
  const own = `it is the map of ${quoted(panel, words[solution])}`;
  const chosen = quoted(panel, words[choice]);
  return choice === solution
    ? `${own}. Below are those of the other words.`
    : `${own}. That of ${chosen} is below, with the others.`;
}
