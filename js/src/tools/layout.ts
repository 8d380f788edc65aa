/** Lays text out in lines. */
import { fontOf, type Mark, type Text } from "./figure";

/** A piece of text that is drawn alike. */
export interface Piece {
  readonly text: string;
  /** Whether it stands on a mark of its own colour. */
  readonly marked: boolean;
}

export interface Look {
  readonly size: number;
  readonly fill: string;
  readonly mark: string;
  readonly onMark: string;
}

const UNSPACED = /[\u2e80-\u9fff\uac00-\ud7af]/;

const context = document.createElement("canvas").getContext("2d");

export function widthOf(text: string, look: Pick<Text, "size" | "bold">): number {
  if (!context) return 0;
  context.font = fontOf(look);
  return context.measureText(text).width;
}

/** The text, cut off to fit a width. */
export function fitted(text: string, width: number, look: Pick<Text, "size" | "bold">): string {
  if (widthOf(text, look) <= width) return text;
  let end = text.length;
  while (end > 0 && widthOf(`${text.slice(0, end)}…`, look) > width) end -= 1;
  return `${text.slice(0, end)}…`;
}

/**
 * Breaks pieces into lines where a piece starts with a space, and anywhere if one is too long.
 * @returns what to draw from (x, y) down, and the height it takes
 */
export function paragraph(
  pieces: readonly Piece[],
  [x, y, width]: readonly [number, number, number],
  look: Look,
): { readonly marks: Mark[]; readonly height: number } {
  const line = Math.round(look.size * 1.6);
  const marks: Mark[] = [];
  let [left, row] = [0, 0];
  const put = ({ text, marked }: Piece) => {
    const room = widthOf(text, look);
    const [at, base] = [x + left, y + row * line + Math.round(look.size * 1.15)];
    if (marked) {
      const top = base - look.size;
      const sizes = { width: room + 2, height: Math.round(look.size * 1.3) };
      marks.push({ kind: "rectangle", x: at - 1, y: top, ...sizes, fill: look.mark });
    }
    const fill = marked ? look.onMark : look.fill;
    const last = marks.at(-1);
    const goesOn = last?.kind === "text" && last.y === base && last.fill === fill;
    if (goesOn) marks[marks.length - 1] = { ...last, text: last.text + text };
    else marks.push({ kind: "text", x: at, y: base, text, size: look.size, fill });
    left += room;
  };
  const breakLine = () => {
    left = 0;
    row += 1;
  };
  for (const words of wordsOf(pieces)) {
    if (words === "\n") {
      breakLine();
      continue;
    }
    const room = words.reduce((sum, { text }) => sum + widthOf(text, look), 0);
    if (left > 0 && left + room > width) breakLine();
    for (const piece of words)
      for (const part of partsOf(piece, width, look)) {
        const text = left === 0 ? part.text.trimStart() : part.text;
        if (left > 0 && left + widthOf(text, look) > width) breakLine();
        const space = part.marked ? /^ */.exec(text)?.[0] : "";
        if (space) put({ text: space, marked: false });
        put({ text: space ? text.slice(space.length) : text, marked: part.marked });
      }
  }
  return { marks, height: (row + (left > 0 ? 1 : 0)) * line };
}

/** Pieces that no line break may part, and line breaks. */
function wordsOf(pieces: readonly Piece[]): (Piece[] | "\n")[] {
  const words: (Piece[] | "\n")[] = [];
  for (const { text, marked } of pieces)
    for (const part of text.split(/(\n)|(?=[ \t])/).filter(Boolean)) {
      const last = words.at(-1);
      if (part === "\n") words.push("\n");
      else if (!last || last === "\n" || /^\s/.test(part) || UNSPACED.test(part))
        words.push([{ text: part, marked }]);
      else last.push({ text: part, marked });
    }
  return words;
}

/** A piece, or its letters if it is wider than a line. */
function partsOf(piece: Piece, width: number, look: Look): readonly Piece[] {
  if (widthOf(piece.text, look) <= width) return [piece];
  return [...piece.text].map((text) => ({ text, marked: piece.marked }));
}
