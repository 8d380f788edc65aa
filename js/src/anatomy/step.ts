/** What a step is: a few sentences, an equation, a figure, and what it draws on the picture. */
import type { Checked } from "../questions/checked";
import type { Progress, Running } from "../questions/client";
import type { Facts } from "./facts";
import type { Picture } from "./picture";
import type { Products } from "./products";

/** The word that is taken apart, and what is known of it. */
export interface Lesson {
  readonly facts: Facts;
  /** The cell in view. */
  cell: number;
  /** The one that a person chose; without, a step begins with a cell that tells something. */
  chosen: number | null;
  /** Hidden states and the classifier's row; null if they are not known. */
  readonly products: () => Products | null;
  /** The check of the word's map; null if there is none. */
  readonly check: () => Checked | null;
  /** Whether the model can be asked for one of these now. */
  readonly asks: (what: "products" | "check") => boolean;
  /** Asks; what it says is known when the answer has come. */
  readonly ask: (
    what: "products" | "check",
    progress: (progress: Progress) => void,
    explain: (why: string) => void,
  ) => Running;
  /** A second picture, for steps that show two maps. */
  readonly second: () => Picture;
}

/** Where a step is shown. */
export interface Room {
  readonly picture: Picture;
  /** Below the picture: what is said of the cell that is pointed at, and a control. */
  readonly reading: HTMLElement;
  readonly control: HTMLElement;
  /** At most sixty words, with its numbers. */
  readonly text: HTMLElement;
  readonly equation: HTMLElement;
  readonly figure: HTMLElement;
  /** Aborts when another step is shown. */
  readonly signal: AbortSignal;
  /** Shows the step again, since more is known. */
  readonly again: () => void;
}

export interface Step {
  /** In the row of steps. */
  readonly name: string;
  readonly title: (lesson: Lesson) => string;
  readonly show: (lesson: Lesson, room: Room) => void;
}

/** Fills the {places} of a text. */
export function sentence(text: string, places: Readonly<Record<string, Node | string>>): Node[] {
  return text.split(/(\{\w+\})/).map((part) => {
    const found = part.startsWith("{") ? places[part.slice(1, -1)] : part;
    // a place may be there twice
    return typeof found === "string" ? document.createTextNode(found) : found.cloneNode(true);
  });
}

/** Says of a cell where it is and its values. */
export function read(
  room: Room,
  { facts, cell }: Pick<Lesson, "facts" | "cell">,
  values: readonly (Node | string)[],
): void {
  const [row, col] = facts.placeOf(cell);
  const grid =
    facts.grids.length > 1 ? `grid ${facts.grids.indexOf(facts.gridOf(cell)) + 1}, ` : "";
  room.reading.replaceChildren(`${grid}row ${row + 1}, column ${col + 1}: `, ...values);
}

/**
 * Calls what follows the cell that is pointed at: now, and whenever it is another one.
 * @param start the cell until a person points at one
 */
export function follow(
  lesson: Lesson,
  room: Room,
  draw: () => void,
  start = lesson.chosen ?? lesson.facts.strongest,
): void {
  const { picture } = room;
  const to = (cell: number) => {
    lesson.cell = cell;
    picture.mark([cell]);
    draw();
  };
  picture.touched = (cell) => {
    lesson.chosen = cell;
    to(cell);
  };
  to(start);
}
