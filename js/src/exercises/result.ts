/** What a drawing is worth, in words, numbers and bars. */
import { element } from "../dom";
import type { DrawingScore } from "./score";
import { drawingInWords, percent } from "./sentences";

const NUMBERS: readonly (readonly [keyof DrawingScore, name: string, title: string])[] = [
  ["weight", "map in your drawing", "Share of the map’s weight that lies in the drawn cells"],
  ["drawn", "picture drawn", "Share of the picture’s cells that were drawn"],
  [
    "overlap",
    "overlap (IoU)",
    "Cells that both have, as a share of those that either has: your drawing, and where the map reaches half of its maximum",
  ],
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
    if (!drawing) {
      this.element.replaceChildren();
      return;
    }
    const { score, cells, pictures } = drawing;
    const said = cells > 0 ? drawingInWords(score, cells, pictures) : NOTHING;
    this.element.replaceChildren(
      element("p", { text: said }),
      ...(cells > 0
        ? [
            element(
              "dl",
              {},
              NUMBERS.flatMap((number) => row(score, number)),
            ),
          ]
        : []),
      element("p", { class: "tam-note", text: CAUTION }),
    );
  }
}

function row(score: DrawingScore, [name, label, title]: (typeof NUMBERS)[number]): HTMLElement[] {
  const bar = element("span", { class: "tam-image-part" });
  bar.style.setProperty("--tam-part", score[name].toFixed(3));
  const value = name === "overlap" ? score[name].toFixed(2) : percent(score[name]);
  return [
    element("dt", { text: label, title }),
    element("dd", { data: { score: name } }, [
      element("span", { class: "tam-share-bar", aria: { hidden: "true" } }, [bar]),
      value,
    ]),
  ];
}
