/** What the steps compute of one token, by the equations of `attribution.ts`. */
import {
  contextRelevance,
  contextWeights,
  type Explained,
  explained,
  filterGrids,
  interference,
  leastSquares,
  normalise,
  residualOf,
} from "../attribution";
import { type PlacedGrid, place } from "../geometry";
import { shownGrids } from "../layer";
import { peak } from "../peak";
import { isFunctionWord } from "../tools/function-words";
import type { Panel, Rect } from "../wire";
import { spanText } from "../words";

/** The settings of the published method, but for the border of the filter. */
const OPTIONS = {};

export class Facts {
  readonly panel: Panel;
  readonly token: number;
  readonly grids: readonly PlacedGrid[];
  /** Number of visual tokens. */
  readonly visual: number;
  /** A, [visual]. */
  readonly activation: Float32Array;
  /** r of the earlier tokens, and their share α; 0 for what is left out. */
  readonly relevance: Float32Array;
  readonly weights: Float32Array;
  /** Earlier tokens with a share, the largest first. */
  readonly order: readonly number[];
  /** E, s, and C = relu(A − s·E). */
  readonly interference: Float32Array;
  readonly scale: number;
  readonly residual: Float32Array;
  /** C from 0 to 1, and the filtered map. */
  readonly normalised: Float32Array;
  readonly map: Float32Array;
  /** All relevances that count in the normalisation, and the ends of the common scale. */
  readonly counted: Float32Array;
  readonly low: number;
  readonly high: number;
  /** First token of the strongest function word; null if there is none. */
  readonly functionWord: number | null;
  readonly #own: Explained;

  constructor(panel: Panel, token: number) {
    this.panel = panel;
    this.token = token;
    this.grids = place(panel.grids);
    this.visual = panel.activations.length / panel.tokens.length;
    const own = explained(panel, token, OPTIONS);
    this.#own = own;
    this.activation = own.activation;
    this.relevance = own.relevance;
    this.weights = contextWeights(panel, own, OPTIONS);
    this.order = [...this.weights.keys()]
      .filter((k) => this.weights[k] > 0)
      .sort((a, b) => this.weights[b] - this.weights[a] || a - b);
    this.interference = interference(panel, own, OPTIONS);
    this.scale = leastSquares(own.activation, this.interference);
    this.residual = residualOf(panel, own, OPTIONS);
    this.counted = contextRelevance(panel, token, null, true);
    [this.normalised] = normalise([this.residual], [this.counted]);
    this.map = filterGrids(panel, this.normalised, OPTIONS);
    const all = [...this.residual, ...this.counted];
    this.low = all.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
    this.high = peak(all);
    this.functionWord = strongestFunctionWord(panel, token);
  }

  /** The word, as it is written. */
  get word(): string {
    return this.text(this.token);
  }

  /** The text of a token, or a dot for a blank one. */
  text(token: number): string {
    return spanText(this.panel.tokens, [token]) || "·";
  }

  /** The activation of an earlier or another token. */
  activationOf(token: number): Float32Array {
    return this.panel.activations.subarray(token * this.visual, (token + 1) * this.visual);
  }

  /** Whether an earlier token is left out, since it is the same word. */
  isLeftOut(token: number): boolean {
    const { tokens, firstClass } = this.panel;
    return (token === 0 ? (firstClass ?? tokens[0].id) : tokens[token].id) === this.#own.id;
  }

  /** The cell that is strongest at the end, where the steps begin. */
  get strongest(): number {
    return this.normalised.indexOf(peak(this.normalised));
  }

  /** The cell that the filter changes most; rounded, so that Python finds the same one. */
  get mostFiltered(): number {
    const changes = this.map.map((value, v) =>
      Math.round(1e4 * Math.abs(Math.fround(value - this.normalised[v]))),
    );
    const most = peak(changes);
    return most > 0 ? changes.indexOf(most) : this.strongest;
  }

  /** Part of the activation, summed over the cells of the pictures, that is taken away. */
  get removed(): number {
    const cells = shownGrids(this.grids, false).map(({ offset, rows, cols }) => [
      offset,
      offset + rows * cols,
    ]);
    const total = (values: Float32Array) =>
      cells.reduce(
        (all, [start, end]) => values.subarray(start, end).reduce((a, b) => a + b, all),
        0,
      );
    const whole = total(this.activation);
    return whole > 0 ? 1 - total(this.residual) / whole : 0;
  }

  /** Place in the order of the first earlier token that lights a cell; 0 if none does. */
  get firstLit(): number {
    return Math.max(
      0,
      this.order.findIndex((k) => peak(this.activationOf(k)) > 0),
    );
  }

  gridOf(cell: number): PlacedGrid {
    return this.grids.findLast(({ offset }) => offset <= cell) as PlacedGrid;
  }

  /** Row and column in its grid. */
  placeOf(cell: number): readonly [row: number, col: number] {
    const { offset, cols } = this.gridOf(cell);
    return [Math.floor((cell - offset) / cols), (cell - offset) % cols];
  }

  /** What a cell covers, in pixels of its image. */
  rectOf(cell: number): Rect {
    const { rows, cols, rect } = this.gridOf(cell);
    const [row, col] = this.placeOf(cell);
    const [width, height] = [(rect[2] - rect[0]) / cols, (rect[3] - rect[1]) / rows];
    const [left, top] = [rect[0] + col * width, rect[1] + row * height];
    return [left, top, left + width, top + height];
  }
}

/** As `tam_widgets.explanation.function_word` finds it. */
function strongestFunctionWord(panel: Panel, token: number): number | null {
  const { tokens, words, activations } = panel;
  const visual = activations.length / tokens.length;
  const reach = (one: number) => peak(activations.subarray(one * visual, (one + 1) * visual));
  const found = words
    .filter((word) => tokens[word[0]].kind === "answer" && !word.includes(token))
    .filter((word) => isFunctionWord(spanText(tokens, word)))
    .map(([first]) => first);
  const best = found.reduce((a, b) => (reach(b) > reach(a) ? b : a), found[0]);
  return best ?? null;
}
