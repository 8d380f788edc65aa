/** A way to change something and ask again. */
import { element } from "../../dom";
import type { Panel } from "../../wire";
import type { Changed, Place } from "../question";
import type { Fill } from "./fills";
import type { Painting } from "./painting";

/** What a person has typed and painted on one explanation. */
export interface Draft {
  way: string | null;
  word: string;
  /** Null as long as the answer is as the model wrote it. */
  answer: string | null;
  /** By image or frame. */
  readonly paintings: Map<number, Painting>;
  /** The image that is painted over; null for none yet. */
  image: number | null;
  tool: "brush" | "box";
  /** Radius of the brush as a share of the picture's shorter side. */
  radius: number;
  fill: Fill;
}

/** What a way works with. */
export interface Desk {
  readonly place: Place;
  readonly draft: Draft;
  /** Asks with a change, as `tam_widgets/views/questions/what_if.py` reads it. */
  readonly ask: (change: Readonly<Record<string, unknown>>) => void;
  /** Aborts when the way is left. */
  readonly signal: AbortSignal;
}

export interface Way {
  readonly name: string;
  /** Text and title of its button. */
  readonly button: readonly [text: string, title: string];
  /** Whether it can be gone for this explanation. */
  readonly fits: (panel: Panel) => boolean;
  /** Fills the region, and returns what follows the explorer. */
  readonly open: (body: HTMLElement, desk: Desk) => (changed: Changed) => void;
}

const drafts = new WeakMap<Panel, Draft>();

/** What was begun on an explanation: it outlives the region that it was typed into. */
export function draftOf(panel: Panel): Draft {
  const known = drafts.get(panel);
  if (known) return known;
  const made: Draft = {
    way: null,
    word: "",
    answer: null,
    paintings: new Map(),
    image: null,
    tool: "brush",
    radius: 0.06,
    fill: "mean",
  };
  drafts.set(panel, made);
  return made;
}

/** A line that says what to do, or what is chosen. */
export function note(text = ""): HTMLElement {
  return element("p", { class: "tam-note", text });
}

export function row(...children: readonly (Node | string)[]): HTMLElement {
  return element("div", { class: "tam-set" }, children);
}
