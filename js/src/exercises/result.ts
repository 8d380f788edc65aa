/** What a drawing is worth, in words, numbers and bars. */
import { element } from "../dom";
import type { DrawingScore } from "./score";
import { drawingInWords, exactPercent } from "./sentences";

const NUMBERS: readonly (readonly [keyof DrawingScore, name: string])[] = [
  ["weight", "map’s weight in your drawing"],
  ["drawn", "picture’s cells in your drawing"],
  ["overlap", "overlap (IoU) with the map’s bright area"],
];

const NOTHING = "You drew nothing, so there is nothing to compare with the map.";

const CAUTION =
  "The map shows where the model found evidence for the word. That need not be the whole object, " +
  "and it is no proof that the model needs it.";

/** A drawing beside the map. */
export interface Drawing {
  readonly score: DrawingScore;
  /** How many cells are drawn. */
  readonly cells: number;
  /** How many pictures there are. */
  readonly pictures: number;
}

export class Result {
  readonly element = element("div", { class: "tam-result", role: "status" });

  constructor() {
    this.element.tabIndex = -1;
  }

  draw(drawing: Drawing | null): void {
    this.element.hidden = drawing === null;
    this.element.replaceChildren(...(drawing ? parts(drawing) : []));
  }
}

function parts({ score, cells, pictures }: Drawing): HTMLElement[] {
  const rows = NUMBERS.map((number) => row(score, number));
  const compared = [
    element("p", { text: drawingInWords(score, cells, pictures) }),
    element("dl", { class: "tam-scores" }, rows),
  ];
  return [
    ...(cells > 0 ? compared : [element("p", { text: NOTHING })]),
    ...outlines(cells > 0),
    element("p", { class: "tam-note", text: CAUTION }),
  ];
}

function row(score: DrawingScore, [name, label]: (typeof NUMBERS)[number]): HTMLElement {
  const bar = element("span", { class: "tam-image-part" });
  bar.style.setProperty("--tam-part", score[name].toFixed(3));
  const value = name === "overlap" ? score[name].toFixed(2) : `${exactPercent(score[name])} %`;
  return element("div", {}, [
    element("dt", { text: label }),
    element("dd", { text: value, data: { score: name } }),
    element("dd", { class: "tam-share-bar", aria: { hidden: "true" } }, [bar]),
  ]);
}

/** What the outlines on the picture are. */
function outlines(drawn: boolean): HTMLElement[] {
  const line = (name: string, text: string) =>
    element("p", { class: "tam-note" }, [
      element("span", { class: `tam-outline-key ${name}`, aria: { hidden: "true" } }),
      text,
    ]);
  const iou = " IoU: cells that both have, as a share of those that either has.";
  return [
    ...(drawn ? [line("tam-key-drawn", "Your drawing.")] : []),
    line(
      "tam-key-bright",
      `The map’s bright area: cells with at least half of its maximum.${drawn ? iou : ""}`,
    ),
  ];
}
