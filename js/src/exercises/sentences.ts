/** What is asked, and what is said of an answer. */
import type { Panel } from "../wire";
import { spanText } from "../words";
import type { Question } from "./question";
import type { DrawingScore } from "./score";

/** Share of an activation below which its context can hardly be seen. */
const LITTLE = 0.05;

export const NAMES = ["A", "B"] as const;

export const percent = (share: number) => `${Math.round(100 * share)} %`;

const quoted = (panel: Panel, tokens: readonly number[]) => `“${spanText(panel.tokens, tokens)}”`;

export function asked({ kind, tokens }: Question, panel: Panel): string {
  const word = quoted(panel, tokens);
  if (kind === "draw") return `Where in the picture will ${word} light up?`;
  if (kind === "word") return "Which word of the answer is this the map of?";
  return `Both are maps of ${word}. In which one has the causal inference (ECI) removed what earlier words explain?`;
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
  const times = weight / drawn;
  const many = cells === 1 ? "Your one cell is" : `Your ${cells} cells are`;
  return (
    `${many} ${percent(drawn)} of the ${pictures > 1 ? "pictures" : "picture"} and ${cells === 1 ? "holds" : "hold"} ` +
    `${percent(weight)} of the map’s weight: ${times.toFixed(times < 10 ? 1 : 0)} times what ` +
    "as many cells hold on average."
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
      `it is ${own}, but that can hardly be seen: only ${(100 * share).toFixed(1)} % of the ` +
      `activation of ${text} was context.`
    );
  return (
    `it is ${own}. ${percent(share)} of the activation of ${text} was context, above all that of ` +
    `“${word}”; it is taken away in ${own}, and still there in ${other}.`
  );
}

function ofWord({ words, solution }: Question, choice: number, panel: Panel): string {
  const own = `it is the map of ${quoted(panel, words[solution])}`;
  const chosen = quoted(panel, words[choice]);
  return choice === solution
    ? `${own}. Below are those of the other words.`
    : `${own}. That of ${chosen} is below, with the others.`;
}
