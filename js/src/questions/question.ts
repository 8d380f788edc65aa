/** What a question is in the view: a button at a locked word, and what it opens. */
import type { PartModel } from "../parts";
import type { Change } from "../state/store";
import type { Opened } from "../view/tools";
import type { Panel } from "../wire";
import { type Progress, type Running, ask as send } from "./client";

/** One panel, as a question sees it. */
export class Place {
  readonly opened: Opened;
  readonly index: number;
  /** Called with why a question is not answered yet, in plain words, or with "". */
  explain: (why: string) => void = () => {};

  constructor(opened: Opened, index: number) {
    this.opened = opened;
    this.index = index;
  }

  get panel(): Panel {
    return this.opened.panels[this.index];
  }

  get model(): PartModel {
    return this.opened.model;
  }

  /** Tokens of the panel that are locked, in it or through a linked word, in order. */
  get locked(): readonly number[] {
    const { tokens, locked } = this.opened.views[this.index].chosen(null);
    return locked ? tokens : [];
  }

  /** Whether a question can be asked here now. */
  asks(name: string): boolean {
    const possible = this.model.get("_questions") as readonly (readonly string[])[] | undefined;
    return possible?.[this.index]?.includes(name) ?? false;
  }

  /** What is known of a question without asking; undefined for nothing. */
  known<K>(name: string): K | undefined {
    const all = this.model.get("_known") as
      | readonly Readonly<Record<string, unknown>>[]
      | undefined;
    return all?.[this.index]?.[name] as K | undefined;
  }

  ask(
    name: string,
    more: Readonly<Record<string, unknown>>,
    progress?: (progress: Progress) => void,
  ): Running {
    const explain = (why: string) => this.explain(why);
    return send(this.model, { ...more, name, panel: this.index }, progress, explain);
  }
}

/** What has changed: a setting, what is pointed at, or what is known or can be asked. */
export type Changed = Change | "known";

/** What is shown beside the questions, and stays while one of them is open. */
export interface Beside {
  readonly button: HTMLElement;
  readonly element: HTMLElement;
  readonly draw: (changed: Changed) => void;
}

export interface Question {
  readonly name: string;
  /** The button's text and title; null where the question has no button now. */
  readonly button: (place: Place) => readonly [text: string, title: string] | null;
  /** Whether it opens by itself, as a setting asks for. */
  readonly wanted?: (place: Place) => boolean;
  /** Fills the region below the words, and returns what follows the explorer. */
  readonly open: (
    body: HTMLElement,
    place: Place,
    signal: AbortSignal,
  ) => (changed: Changed) => void;
}
