/** The text of one explanation, and details of the tokens in view. */
import { relevanceOf } from "../alternatives";
import { contextRelevance } from "../attribution";
import { element } from "../dom";
import { type PlacedGrid, strongestRegion } from "../geometry";
import { gridsOn, peakOf } from "../layer";
import { peak } from "../peak";
import { Region, type TokenMaps } from "../region";
import { NO_SIGHT, type Sight, tokensAt } from "../state/shown";
import { boxIn, type ExplorerSettings } from "../state/store";
import { textOf } from "../texts";
import type { Panel } from "../wire";
import { spanText } from "../words";
import { Caption } from "./caption";
import { CounterfactualView, namesOf } from "./counterfactual";
import { Details } from "./details";
import { shortProbability } from "./probability";
import { Ranking } from "./ranking";
import type { Shared } from "./shared";
import { TokenStrip, type TokenStripEvents } from "./token-strip";

/** What to do first, with a touch screen or with a mouse. */
const invitation = () =>
  matchMedia("(hover: none)").matches ? "Tap a word." : "Move over a word.";

export class TextView {
  readonly element: HTMLElement;
  readonly strip: TokenStrip;
  readonly #panel: Panel;
  readonly #index: number;
  readonly #shared: Shared;
  readonly #grids: () => readonly PlacedGrid[];
  readonly #inView: (image: number) => number;
  readonly #details: Details;
  readonly #ranking: Ranking;
  /** Regions of the pictures and frames that were asked about, by image and layer. */
  readonly #regions = new Map<string, Region>();
  readonly #counterfactual: CounterfactualView;
  #sight = NO_SIGHT;
  /** Tokens of changed words, or of those that no other answer has, and what is said of them. */
  #alone: readonly number[] = [];
  #absence = "";

  /**
   * @param grids the visible grids
   * @param inView maps an image to the visible frame of its video, and a picture to itself
   */
  constructor(
    panel: Panel,
    index: number,
    shared: Shared,
    grids: () => readonly PlacedGrid[],
    inView: (image: number) => number,
  ) {
    this.#panel = panel;
    this.#index = index;
    this.#shared = shared;
    this.#grids = grids;
    this.#inView = inView;
    this.strip = new TokenStrip(panel, index, this.#events(), shared.signal);
    this.#counterfactual = new CounterfactualView(panel, index, shared);
    this.#details = new Details(
      new Caption(shared.store, shared.signal),
      this.#counterfactual.element,
    );
    this.#ranking = new Ranking(panel, this.#events(), shared.signal);
    // pointing at a chip may only change what lies below it, so that it stays under the pointer
    const parts = [this.strip.element, this.#ranking.element, this.#details.element];
    if (shared.panels.length > 1) this.#underline(parts);
    this.element = element("div", { class: "tam-text" }, parts);
    const leave = ({ relatedTarget }: FocusEvent) => {
      if (!this.element.contains(relatedTarget as Node | null)) shared.store.preview = null;
    };
    this.element.addEventListener("focusout", leave, { signal: shared.signal });
    const copy = (event: ClipboardEvent) => this.#copy(event);
    this.strip.element.addEventListener("copy", copy, { signal: shared.signal });
  }

  /** Marks changed words, or those that no other answer has, and adds a key below the strip. */
  #underline(parts: HTMLElement[]): void {
    const { links, panels } = this.#shared;
    const { words, tokens, changed } = this.#panel;
    const alone = (token: number) =>
      tokens[token].kind === "answer" && !links.has([this.#index, token]);
    this.#alone = changed ?? words.flat().filter(alone);
    if (this.#alone.length === 0) return;
    const others = panels.length > 2 ? "in no other answer" : "not in the other answer";
    this.#absence = changed ? "changed" : others;
    this.strip.underline(this.#alone);
    const [word, mark] = changed ? ["changed", "words"] : ["word", others];
    const sample = element("u", { class: "tam-alone", text: word });
    parts.splice(1, 0, element("div", { class: "tam-note" }, [sample, ` ${mark}`]));
  }

  /** Copies the visible words, because dragging over them locks them and selects no text. */
  #copy(event: ClipboardEvent): void {
    const { tokens } = this.#sight;
    if (tokens.length === 0) return;
    event.clipboardData?.setData("text/plain", spanText(this.#panel.tokens, tokens));
    event.preventDefault();
  }

  /** The text of the tokens in view. */
  get #word(): string {
    const { tokens, alternative, contrast } = this.#sight;
    if (alternative !== null && !contrast) return namesOf(this.#panel, tokens[0], alternative)[1];
    return spanText(this.#panel.tokens, tokens);
  }

  draw(sight: Sight): void {
    this.#sight = sight;
    const { tokens, missing, alternative, map } = sight;
    this.drawBox();
    this.#counterfactual.draw(sight);
    if (!map)
      this.#details.clear(missing ? "no counterpart in this answer" : this.#invitation(tokens));
    else this.#drawDetails(tokens, alternative, map);
  }

  get #settings(): ExplorerSettings {
    return this.#shared.store.of(this.#index);
  }

  #invitation(tokens: readonly number[]): string {
    const { maps } = this.#shared;
    const settings = this.#settings;
    if (maps.has(this.#index, settings, tokens)) return invitation();
    const name = maps.has(this.#index, settings) ? "not_computed" : "no_map";
    return textOf(name, { method: maps.method(settings).label });
  }

  /** Shades the words by their share in the box, or by relevance if there is no box. */
  drawBox(): void {
    const { settings } = this.#shared.store;
    const { selected } = settings;
    const { tokens } = this.#sight;
    const box = boxIn(settings, this.#index, this.#shared.twinImage);
    const locked = selected.filter(([at]) => at === this.#index).map(([, token]) => token);
    if (!box) {
      const weights = tokens.length > 0 ? this.#weights(this.#sight) : null;
      this.strip.mark(tokens, locked, weights, "context");
      this.#details.explain(weights?.some((weight) => weight > 0) ? this.#word : null);
      this.#ranking.draw(null, 0);
      return;
    }
    const maps = this.#maps();
    const shares = this.#region(this.#inView(box.image)).shares(maps, box.rect);
    this.strip.mark(tokens, locked, shares, "inside");
    this.#details.explain(null);
    this.#ranking.draw(shares, maps.filter((map) => !map).length);
  }

  /** Marks the tokens whose maps are strong in a cell; undefined for no cell. */
  light(image: number, cell: number | undefined): void {
    this.strip.light(cell === undefined ? [] : this.#region(image).litBy(this.#maps(), cell));
  }

  #maps(): TokenMaps {
    return this.#shared.maps.ready(this.#index, this.#settings);
  }

  #region(image: number): Region {
    const key = `${image} ${this.#shared.store.settings.thumbnail}`;
    const known = this.#regions.get(key);
    if (known) return known;
    const made = new Region(gridsOn(this.#grids(), image));
    this.#regions.set(key, made);
    return made;
  }

  #drawDetails(tokens: readonly number[], alternative: number | null, map: Float32Array): void {
    const nothing = peakOf(map, this.#grids()) === 0;
    const { maps, store } = this.#shared;
    const state = store.settings.selected.length === 0 ? "at_rest" : "locked";
    const rest = store.preview ? "" : textOf(state, { word: this.#word, invitation: invitation() });
    const read = tokens.every((token) => this.#panel.tokens[token].kind === "prompt");
    const empty = nothing
      ? read
        ? "A word that the model read, and did not write."
        : "Nothing in the image: earlier words explain it."
      : rest;
    const note = this.#counterfactual.note || empty;
    if (tokens.length > 1) this.#details.drawSpan(this.#word, tokens.length, note);
    else if (alternative !== null) this.#details.drawToken(null, note);
    else {
      const { evidence = maps.of(this.#index, tokens[0], this.#settings).evidence } = this.#sight;
      this.#details.drawToken(evidence, note);
    }
  }

  /** Relevance of the context to the visible tokens, relative to the largest. */
  #weights({ tokens, alternative, contrast, relevance }: Sight): Float32Array {
    const weights = new Float32Array(this.#panel.tokens.length);
    const rows =
      relevance ??
      (alternative === null || contrast
        ? tokens.map((token) => contextRelevance(this.#panel, token))
        : relevanceOf(this.#panel, alternative));
    for (const row of rows)
      for (let i = 0; i < row.length; i++) if (row[i] > weights[i]) weights[i] = row[i];
    for (const token of tokens) weights[token] = 0;
    const largest = peak(weights) || 1;
    return weights.map((value) => value / largest);
  }

  #events(): TokenStripEvents {
    const { store, leave, words } = this.#shared;
    const own = words[this.#index];
    const whole = (token: number) => tokensAt(token, store.settings.granularity, own);
    const pairs = (tokens: readonly number[]) =>
      tokens.map((token) => [this.#index, token] as const);
    return {
      preview: (token) => {
        store.preview = token === null ? null : [this.#index, token];
      },
      toggle: (token) => store.toggle(pairs(whole(token))),
      span: (from, to) => {
        const ends = [...whole(from), ...whole(to)];
        const [first, last] = [Math.min(...ends), Math.max(...ends)];
        store.preview = null;
        store.lock(pairs(Array.from({ length: last - first + 1 }, (_, i) => first + i)));
      },
      release: () => {
        store.preview = null;
        store.set("box", []);
        store.lock([]);
      },
      leave: (token, direction) => leave(this.#index, token, direction),
      next: (token, by, word) => {
        if (word || store.settings.granularity === "word") return own.next(token, by);
        return Math.min(this.#panel.tokens.length - 1, Math.max(0, token + by));
      },
      describe: (token) => this.#describe(token),
    };
  }

  #describe(token: number): string {
    const { text, probability } = this.#panel.tokens[token];
    const { map } = this.#shared.maps.of(this.#index, token, this.#settings);
    const said = probability == null ? "" : `, probability ${shortProbability(probability)}`;
    const where = strongestRegion(map, this.#grids(), this.#panel.images);
    const absence = this.#alone.includes(token) ? `, ${this.#absence}` : "";
    return `${text.trim() || "blank"}${said}, strongest at ${where}${absence}`;
  }
}
