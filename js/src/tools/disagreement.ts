/** A table of the words that two answers share, those with the least agreement first. */
import { scale } from "../../../tam_widgets/contract.json";
import { button } from "../controls";
import { decimal, element } from "../dom";
import { peak } from "../peak";
import { same } from "../state/traits";
import type { Opened } from "../view/tools";
import type { Header } from "../wire";
import { spanText } from "../words";
import { type Agreement, type Twins, wordPairs } from "./agreement";
import { isFunctionWord } from "./function-words";
import type { Pair } from "./pair";

interface Row extends Agreement {
  readonly twins: Twins;
  readonly text: string;
  /** The largest value of either map. */
  readonly peak: number;
}

/** Milliseconds of computing between two pauses, in which the page can answer. */
const SLICE = 8;

/** What shows a word while it is pointed at, and what ends that. */
const PREVIEWS = [
  ["pointerenter", true],
  ["pointerleave", false],
  ["focus", true],
  ["blur", false],
] as const;

/** A number with its sign, or a dash where it cannot be measured. */
export function measured(value: number): string {
  if (Number.isNaN(value)) return "–";
  return value < 0 ? `−${decimal(-value)}` : decimal(value);
}

export class Disagreement {
  readonly element: HTMLElement;
  readonly #opened: Opened;
  readonly #signal: AbortSignal;
  readonly #note = element("p", { class: "tam-note", role: "status" });
  readonly #body = element("tbody");
  readonly #table: HTMLTableElement;
  #run = 0;
  #buttons: readonly (readonly [Twins, HTMLElement])[] = [];
  #pair: Pair | null = null;

  constructor(opened: Opened, signal: AbortSignal) {
    this.#opened = opened;
    this.#signal = signal;
    const head = ["word", "correlation", "overlap"].map((text) => {
      const cell = element("th", { text });
      cell.scope = "col";
      return cell;
    });
    this.#table = element("table", { class: "tam-agreement" }, [
      element("thead", {}, [element("tr", {}, head)]),
      this.#body,
    ]);
    this.element = element("div", { class: "tam-words" }, [this.#note, this.#table]);
  }

  /** Gives up what is being computed: it is out of date. */
  wait(): void {
    this.#run += 1;
    this.#note.textContent = "Comparing all words …";
  }

  /** Computes all words of a pair anew, without keeping the page waiting. */
  compute(pair: Pair): void {
    this.#pair = pair;
    this.wait();
    const own = this.#run;
    const rows = this.#rows(pair);
    const found: Row[] = [];
    const step = () => {
      if (own !== this.#run || this.#signal.aborted) return;
      const until = performance.now() + SLICE;
      while (performance.now() < until) {
        const next = rows.next();
        if (next.done) {
          this.#fill(found);
          return;
        }
        if (next.value) found.push(next.value);
      }
      setTimeout(step);
    };
    step();
  }

  /** Row after row; null where a map was not computed. */
  *#rows(pair: Pair): Generator<Row | null> {
    const { store, maps, panels, model } = this.#opened;
    const { links } = model.get("_header") as Header;
    const [first, second] = pair.panels;
    const { tokens } = panels[first];
    for (const twins of wordPairs(links, first, second)) {
      if (tokens[twins[0][0]].kind === "prompt") continue;
      const [settings, other] = pair.panels.map((panel) => store.of(panel));
      const known = maps.has(first, settings, twins[0]) && maps.has(second, other, twins[1]);
      const a = maps.joint(first, twins[0], settings);
      const b = maps.joint(second, twins[1], other);
      const agreement = known && a && b ? pair.agreement([a, b]) : null;
      yield a && b && agreement
        ? {
            ...agreement,
            twins,
            text: spanText(tokens, twins[0]),
            peak: Math.max(peak(a), peak(b)),
          }
        : null;
    }
  }

  #fill(found: readonly Row[]): void {
    const least = scale.least_end * peak(found.map((row) => row.peak));
    const content = found.filter(({ text }) => !isFunctionWord(text));
    const strong = content.filter((row) => row.peak >= least && row.peak > 0);
    const order = (value: number) => (Number.isNaN(value) ? 2 : value);
    strong.sort((a, b) => order(a.correlation) - order(b.correlation));
    this.#table.hidden = strong.length === 0;
    const [others, weak] = [found.length - content.length, content.length - strong.length];
    const left = [
      ...(others > 0 ? [`function words (${others})`] : []),
      ...(weak > 0 ? [`words with weak maps in both panels (${weak})`] : []),
    ];
    this.#note.textContent =
      strong.length === 0
        ? "The answers share no content word with a map to compare."
        : "Shared words, least agreement first. Press one to lock it." +
          (left.length > 0 ? ` Left out: ${left.join(", ")}.` : "");
    const made = strong.map((row) => this.#row(row));
    this.#body.replaceChildren(...made.map(([, row]) => row));
    this.#buttons = strong.map(({ twins }, i) => [twins, made[i][0]]);
    this.mark();
  }

  #row({ text, twins, correlation, overlap }: Row): readonly [HTMLElement, HTMLElement] {
    const { store } = this.#opened;
    const preview = (shown: boolean) => {
      store.preview = shown ? this.#locks(twins)[0] : null;
    };
    const lock = () => {
      store.toggle(this.#locks(twins));
      preview(false); // the whole word, not the piece that is pointed at
    };
    const word = button(text, `Locks “${text}”`, lock, this.#signal);
    for (const [event, shown] of PREVIEWS)
      word.addEventListener(event, () => preview(shown), { signal: this.#signal });
    const cells = [correlation, overlap].map((value) => element("td", { text: measured(value) }));
    const head = element("th", {}, [word]);
    head.scope = "row";
    return [word, element("tr", {}, [head, ...cells])];
  }

  #locks([tokens]: Twins): [panel: number, token: number][] {
    const panel = this.#pair?.panels[0] ?? 0;
    return tokens.map((token) => [panel, token]);
  }

  /** Shows which word is locked. */
  mark(): void {
    const { selected } = this.#opened.store.settings;
    for (const [twins, pressed] of this.#buttons)
      pressed.setAttribute("aria-pressed", String(same(this.#locks(twins), selected)));
  }
}
