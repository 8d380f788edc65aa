/** An exercise in the page, as in a notebook without a kernel. */
import axe from "axe-core";
import { expect, onTestFinished } from "vitest";
import type { Question, State } from "../../src/exercises/question";
import { render } from "../../src/exercises/render";
import { localModel } from "../../src/local-model";
import type { Panel } from "../../src/wire";
import { drawn } from "../events";
import { Root } from "../root";
import { encode, pixels } from "../view/opened";
import "../../src/exercises/exercise.css";

export const QUESTION: Question = {
  kind: "draw",
  tokens: [],
  strengths: [],
  words: [],
  solution: -1,
  context: null,
};

export class OpenedExercise extends Root {
  readonly state: Record<string, unknown>;

  constructor(root: HTMLElement, state: Record<string, unknown>) {
    super(root);
    this.state = state;
  }

  button(text: string): HTMLButtonElement {
    const found = this.all("button").find((button) => button.textContent === text);
    if (!found) throw new Error(`${text}: there is no such button`);
    return found as HTMLButtonElement;
  }

  /** Hashes of the heatmaps in view. */
  maps(): number[] {
    return (this.all("canvas.tam-overlay") as HTMLCanvasElement[]).map(pixels);
  }

  async faults(): Promise<string[]> {
    const { violations } = await axe.run(this.root);
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
  }
}

export async function openExercise(
  panel: Panel,
  question: Partial<Question>,
  state: Partial<State> & Record<string, unknown> = {},
  width = 900,
): Promise<OpenedExercise> {
  const all: Record<string, unknown> = {
    ...encode([panel]),
    _question: { ...QUESTION, ...question },
    ...state,
  };
  const el = document.createElement("div");
  el.style.width = `${width}px`;
  document.body.append(el);
  const close = render({ model: localModel(all), el });
  onTestFinished(() => {
    close();
    el.remove();
  });
  const root = el.firstElementChild as HTMLElement;
  await expect.poll(() => root.dataset.ready, { interval: 5 }).toBeDefined();
  await drawn();
  return new OpenedExercise(root, all);
}
