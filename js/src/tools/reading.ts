/** What the help says of how to read the view, with numbers of the word in view. */
import type { Evidence } from "../attribution";
import { decimal, element } from "../dom";
import { peak } from "../peak";
import { inWords, NAME, type Reliance } from "../questions/reliance-in-words";
import { evidenceShare } from "../view/details";
import { shortProbability } from "../view/probability";
import type { Drawings, Span } from "./in-view";
import { ramp } from "./miniature";

/** A title, what there is to say, and an example. */
export type Note = readonly [title: string, text: string, example: readonly (Node | string)[]];

/** How many words or candidates an example names. */
const FEW = 3;

const COMPARISON: Note = [
  "a comparison",
  "Pointing at a picture, a box and another word hold in every panel with the same picture. A " +
    "dashed underline marks words that no other answer has. “difference” shows where two maps " +
    "differ, and how far they agree.",
  [],
];

const SCALES =
  "On its own scale the colours end at the map’s maximum, on one scale for all at 1. Raw " +
  "max is the largest activation of what is in view, before anything is taken away.";

const strong = (text: string) => element("b", { text });

export function notesOn(drawings: Drawings, span: Span): Note[] {
  const text = `“${drawings.text(span)}”`;
  return [
    legend(drawings, span, text),
    ...(drawings.panel(span).activations.length > 0
      ? [shading(drawings, span, text), share(drawings, span, text)]
      : []),
    ...reliance(drawings, span, text),
    chips(drawings, span),
    ...(drawings.opened.panels.length > 1 ? [COMPARISON] : []),
    [
      "a box on the picture",
      "Drag over the picture, or press Shift and the arrow keys on it: the words whose maps lie in the box are named and marked. Escape removes it.",
      [],
    ],
    [
      "keys",
      "← → go from token to token, with Alt from word to word; ↑ ↓ to the other panel; Enter or a click locks a word, Shift extends to several; Escape frees them.",
      [],
    ],
  ];
}

function legend(drawings: Drawings, span: Span, text: string): Note {
  const { store, maps } = drawings.opened;
  const { inBrowser, label } = maps.method(store.of(span.panel));
  const values = inBrowser
    ? "1 is the strongest evidence for this word anywhere, in the picture or in the text before " +
      "it, as both are scaled together; 0 is none, and clear."
    : `The values are those of ${label}, scaled as it does it: compare places within a map ` +
      "rather than words with each other.";
  const meaning = `${values} ${SCALES}`;
  const drawn = drawings.of(span, store.of(span.panel));
  if (!drawn) return ["legend", meaning, []];
  const { end, map } = drawn.overlay;
  const most = peak(map);
  const bar = ramp({ ...drawn.overlay, opacity: 1 }, false, drawings.opened.painting);
  return [
    "legend",
    meaning,
    [bar, `0 to ${decimal(end)}; `, text, " reaches ", strong(decimal(most)), "."],
  ];
}

function shading(drawings: Drawings, span: Span, text: string): Note {
  const panel = drawings.panel(span);
  const [token] = span.tokens;
  const row = token * panel.tokens.length;
  const weights = panel.relevance.subarray(row, row + token);
  const most = peak(weights) || 1;
  const strongest = [...weights.keys()]
    .filter((i) => weights[i] > 0 && panel.tokens[i].text.trim() && !panel.tokens[i].special)
    .sort((a, b) => weights[b] - weights[a])
    .slice(0, FEW)
    .map((i) => {
      const word = element("span", { class: "tam-earlier", text: panel.tokens[i].text.trim() });
      word.style.setProperty("--tam-share", (weights[i] / most).toFixed(2));
      return word;
    });
  return [
    "shaded words",
    "The darker an earlier word is shaded, the greater its relevance: the more it prepared the word " +
      "in view. With a box, " +
      "bars under the words show instead which share of each word’s map lies inside.",
    strongest.length > 0 ? [...strongest, `prepared ${text}.`] : [],
  ];
}

function share(drawings: Drawings, span: Span, text: string): Note {
  const { maps, store } = drawings.opened;
  const settings = store.of(span.panel);
  const evidence: Evidence | null = maps.of(span.panel, span.tokens[0], settings).evidence;
  const part = evidence && evidenceShare(evidence);
  return [
    "strongest evidence",
    "The bar below the text weighs the strongest place in the picture against the strongest " +
      "earlier word. Where earlier words win, the map says less about the word. It is no " +
      "probability: how much of that the picture carries is reliance.",
    part === null ? [] : [text, ": ", strong(`${Math.round(100 * part)} %`), " picture."],
  ];
}

/** Only where it is known or can be measured. */
function reliance({ opened: { model } }: Drawings, span: Span, text: string): Note[] {
  const of = <V>(trait: string) => (model.get(trait) as readonly V[] | undefined)?.[span.panel];
  const known = of<{ readonly [NAME]?: Reliance }>("_known")?.[NAME];
  if (!known && !of<readonly string[]>("_questions")?.includes(NAME)) return [];
  const said = known && inWords(known, span.tokens);
  const note: Note = [
    "reliance",
    "The thin bar under a word is as long as the share of its probability that is lost when the " +
      "model reads the same answer with a blank picture. A word without a bar is given away by " +
      "the text alone: doubt its map.",
    said ? [text, ": ", said, "."] : [],
  ];
  return [note];
}

function chips(drawings: Drawings, span: Span): Note {
  const { candidates } = drawings.panel(span).tokens[span.tokens[0]];
  const said = candidates
    .slice(0, FEW)
    .map(({ text, probability }) => `“${text.trim()}” ${shortProbability(probability)}`);
  return [
    "candidates",
    "Below the text: candidates, the tokens that the model weighed for this place, with " +
      "probabilities. Those that can be pressed have a map of their own.",
    said.length > 0 ? [`Here: ${said.join(", ")}.`] : [],
  ];
}
