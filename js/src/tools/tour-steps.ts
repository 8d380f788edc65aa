/** The steps of the tour: what to do, what it shows, and how to do it for a person. */
import { decimal } from "../dom";
import { place } from "../geometry";
import type { Pair } from "../links";
import { methodNamed } from "../methods";
import { peak } from "../peak";
import type { Box, ExplorerSettings } from "../state/store";
import { same } from "../state/traits";
import { spanText } from "../words";
import { isFunctionWord } from "./function-words";
import { type Drawings, type InView, isReadable, type Span } from "./in-view";

export interface Step {
  /** What it is about. */
  readonly target: string;
  readonly ask: string;
  /** Said when it is done. */
  readonly done: () => string;
  /** Null if there is nothing to do but read. */
  readonly perform: (() => void) | null;
  /** Called when the step begins. */
  readonly begin?: () => void;
  readonly isDone: (before: ExplorerSettings) => boolean;
}

/** What a step asks to change, and the check of the first map needs as it was. */
const MATHEMATICS = ["method", "methods", "eci"] as const;

const FINISH = "Finish puts the view back as it was.";

const touch = () => matchMedia("(hover: none)").matches;

export function stepsOf(drawings: Drawings, inView: InView): Step[] {
  const { store, methods, panels, words } = drawings.opened;
  const before = store.settings;
  const span = (): Span => inView.span ?? { panel: 0, tokens: [0] };
  const word = () => `“${drawings.text(span())}”`;
  const pairs = () => span().tokens.map((token) => [span().panel, token] as const);
  /** Whether it can be seen: a map of “and” teaches nothing. */
  const isContent = (panel: number, token: number) => {
    const { tokens } = panels[panel];
    const word = spanText(tokens, words[panel].of(token));
    return isReadable(tokens[token]) && !isFunctionWord(word);
  };
  /** A content word of the answer that is not in view, if there is one. */
  const another = (): Pair | null => {
    const { panel, tokens } = span();
    const fits = (_: unknown, i: number) => isContent(panel, i) && !tokens.includes(i);
    const found = panels[panel].tokens.findLastIndex(fits);
    return found < 0 ? (pairs()[0] ?? null) : [panel, found];
  };
  /** What is in view, or another word if that says nothing or was only read. */
  const toCheck = (): readonly Pair[] => {
    const { tokens } = panels[span().panel];
    const written = pairs().every(([, token]) => tokens[token].kind === "answer");
    const other = another();
    const fits = written && pairs().some(([panel, token]) => isContent(panel, token));
    return fits || !other ? pairs() : [other];
  };
  const own = () => store.of(span().panel);
  const most = () => peak(drawings.map(span(), own()) ?? []);
  const shown = () => {
    const { label, options } = methodNamed(methods, own().method);
    return options.includes("eci") ? `${label}, ECI ${decimal(store.settings.eci)}` : label;
  };
  const asked = drawings.opened.model.get("_questions") as
    | readonly (readonly string[])[]
    | undefined;
  const canCheck = asked?.some((names) => names.includes("check")) ?? false;
  /** There is no TAM: maps alone are shown, and nothing beside them. */
  const alone = panels.every(({ activations }) => activations.length === 0);
  const canDoubt = !alone || methods.length > 1;
  const other = () => methods.find(({ name }) => name !== own().method)?.name ?? own().method;
  const twins = panels.length > 1 ? " The same word lights up in the other answer." : "";
  const steps: Step[] = [
    {
      target: ".tam-answer",
      ask: `${touch() ? "Tap" : "Move over"} a word of the answer, or reach it with Tab and the arrow keys.`,
      done: () => `The picture shows where the model found evidence for ${word()}.${twins}`,
      perform: () => {
        store.preview = another();
      },
      isDone: () => store.preview !== null,
    },
    {
      target: ".tam-legend",
      ask: "",
      done: () =>
        `The legend says what a colour is worth: clear is 0, and ${word()} reaches ` +
        (alone
          ? `${decimal(most())}.`
          : `${decimal(most())}, where 1 is the most that picture or text can say for a word. ` +
            "Other words are shaded by how much they prepared this one."),
      perform: null,
      isDone: () => true,
    },
    {
      target: ".tam-answer",
      ask: `${touch() ? "Tap a word twice" : "Click a word, or press Enter on it,"} to lock it.`,
      done: () =>
        `Point at others to compare: ${word()} comes back when you leave them. Shift-click takes ` +
        "several words together; Escape frees them.",
      perform: () => {
        store.lock(pairs());
        store.preview = null;
      },
      isDone: () => store.settings.selected.length > 0,
    },
    {
      target: ".tam-stage",
      ask: touch()
        ? "The other way round: press long on the picture and draw a box."
        : "The other way round: drag a box on the picture, or press Shift and arrow keys on it.",
      done: () =>
        "Below the text stand the words whose maps lie most in the box, and bars under the " +
        `words say how much of each. Escape removes the box.${canDoubt || canCheck ? "" : ` ${FINISH}`}`,
      perform: () => {
        const box = boxAround(drawings, span());
        if (box) store.set("box", box);
      },
      isDone: () => store.settings.box.length > 0,
    },
    {
      target: ".tam-toolbar",
      ask: `Now doubt it: choose another method above${alone ? "" : ", or move ECI"}.`,
      done: () =>
        `This is ${shown()}. Where methods disagree, be ` +
        "careful: a map is evidence of what the model used, not proof. ? explains every control." +
        (canCheck ? "" : ` ${FINISH}`),
      perform: () => {
        store.set("method", alone ? other() : own().method === "tam" ? "cam" : "tam");
        store.set("methods", []);
      },
      isDone: (before) => MATHEMATICS.some((name) => !same(store.settings[name], before[name])),
    },
  ];
  if (!canDoubt) steps.pop();
  const putBack = () => {
    for (const name of MATHEMATICS) store.set(name, before[name] as never);
  };
  if (canCheck) steps.push({ ...checkStep(drawings, word, toCheck), begin: putBack });
  return steps;
}

/** The last step where the model can be asked whether a map is true. */
function checkStep({ opened }: Drawings, word: () => string, toCheck: () => readonly Pair[]): Step {
  const { root, store, views } = opened;
  return {
    target: ".tam-questions",
    ask: "Back to the settings of the beginning: is the map true? Lock a word, and press check this below the answer.",
    done: () =>
      `Parts of the picture are filled, the map’s brightest first, and the curve shows how probable ${word()} ` +
      "stays. If the map is true, it falls sooner than under random orders. Below a locked word you can also " +
      `ask for other layers, and what the model would have written otherwise. ${FINISH}`,
    perform: () => {
      const locked = toCheck();
      store.lock(locked);
      store.preview = null;
      const view = views[locked[0]?.[0] ?? 0].element;
      view.querySelector<HTMLElement>("button[data-question=check]")?.click();
    },
    isDone: () => root.querySelector("section[data-question=check]") !== null,
  };
}

/** A box around the strongest cell of the word, a third of the picture wide. */
function boxAround(drawings: Drawings, span: Span): Box | null {
  const map = drawings.map(span, drawings.opened.store.of(span.panel));
  const panel = drawings.panel(span);
  const most = map ? map.indexOf(peak(map)) : 0;
  const grid = place(panel.grids).findLast(({ offset }) => offset <= most);
  if (!grid) return null;
  const { width, height } = panel.images[grid.image];
  const [left, top, right, bottom] = grid.rect;
  const [row, col] = [
    Math.floor((most - grid.offset) / grid.cols),
    (most - grid.offset) % grid.cols,
  ];
  const around = (from: number, to: number, at: number, count: number, size: number) => {
    const centre = from + ((to - from) * (at + 0.5)) / count;
    const start = Math.min(Math.max(0, centre - size / 6), (2 * size) / 3);
    return [Math.round(start), Math.round(start + size / 3)] as const;
  };
  const [x1, x2] = around(left, right, col, grid.cols, width);
  const [y1, y2] = around(top, bottom, row, grid.rows, height);
  return [span.panel, grid.image, x1, y1, x2, y2];
}
