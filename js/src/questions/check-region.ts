/** What a check opens: the curve as it grows, and the picture that greys in step. */
import { button, select } from "../controls";
import { element } from "../dom";
import type { Method } from "../methods";
import { spanText } from "../words";
import { type Checked, isBegun, isOf, lastStep, type Side } from "./checked";
import type { Progress, Running, Unanswered } from "./client";
import { Curve } from "./curve";
import { EXACT, Greying } from "./greying";
import type { Changed, Place } from "./question";
import { Said } from "./said";
import { areasOf, DONE, inPlace, OTHER, short, verdict } from "./verdict";

const SIDES: readonly (readonly [Side, string])[] = [
  ["deletion", "Removes the picture in the order of the map: a true one lowers the word fast"],
  ["insertion", "Shows the picture in the order of the map: a true one brings the word back fast"],
];

export class CheckRegion {
  readonly #place: Place;
  readonly #known: () => readonly Checked[];
  readonly #signal: AbortSignal;
  readonly #greying: Greying;
  readonly #curve: Curve;
  readonly #head = element("p", { class: "tam-check-word" });
  readonly #choice = element("span");
  readonly #again: HTMLButtonElement;
  readonly #bar = element("progress", { aria: { label: "Progress of the check" } });
  readonly #count = element("span", { class: "tam-output" });
  readonly #progress: HTMLElement;
  readonly #said = new Said();
  readonly #sides: readonly HTMLButtonElement[];
  readonly #result: HTMLElement;
  readonly #toggle: HTMLElement;
  readonly #slider = element("input");
  readonly #value = element("output", { class: "tam-check-value" });
  readonly #verdict = element("p", { class: "tam-check-verdict tam-either", role: "status" }, [
    element("span"),
  ]);
  readonly #notes = element("p", { class: "tam-note tam-either" }, [element("span")]);
  #tokens: readonly number[] = [];
  #shown: Checked | null = null;
  #running: Running | null = null;
  #side: Side = "deletion";
  /** The step that was chosen, and the one that is pointed at. */
  #step = 0;
  #pointed: number | null = null;

  /** @param known checks of what is locked, the newest first */
  constructor(
    body: HTMLElement,
    place: Place,
    known: () => readonly Checked[],
    signal: AbortSignal,
  ) {
    this.#place = place;
    this.#known = known;
    this.#signal = signal;
    this.#greying = new Greying(place.panel, place.opened.views[place.index].element, signal);
    const point = (step: number | null) => {
      this.#pointed = step;
      this.#drawStep();
    };
    this.#curve = new Curve(point, (step) => this.#choose(step), signal);
    this.#again = button("start", "", () => this.#start(), signal);
    const stop = button(
      "stop",
      "Stops the check; nothing of it is kept",
      () => this.#stop(),
      signal,
    );
    this.#progress = element("div", { class: "tam-set" }, [this.#bar, this.#count, stop]);
    this.#sides = SIDES.map(([side, title]) => button(side, title, () => this.#turn(side), signal));
    this.#toggle = element("div", { class: "tam-set" }, this.#sides);
    this.#slider.type = "range";
    const slide = () => this.#choose(Number(this.#slider.value));
    this.#slider.addEventListener("input", slide, { signal });
    this.#result = element("div", { class: "tam-check-result" }, [
      this.#toggle,
      this.#curve.element,
      this.#slider,
      this.#value,
      this.#curve.key,
    ]);
    const head = element("div", { class: "tam-set" }, [this.#head, this.#choice, this.#again]);
    body.append(head, this.#progress, this.#said.element, this.#verdict, this.#result, this.#notes);
    signal.addEventListener("abort", () => this.#running?.stop(), { once: true });
    this.#take();
    if (!this.#shown && this.#canAsk) this.#start();
  }

  /** Follows what is locked, what is pointed at, and what becomes known. */
  follow(changed: Changed): void {
    if (changed === "selected" || changed === "known") {
      const { locked } = this.#place;
      const other = locked.length > 0 && String(locked) !== String(this.#tokens);
      if (!this.#running && other) this.#take();
      else this.#drawHead();
    } else if (changed === "preview" || changed === "frame") this.#drawStep();
    else this.#drawHead(); // a setting, on which the map may hang
  }

  /** Takes what is locked, and the newest check of it. */
  #take(): void {
    const [newest = null] = this.#known();
    const { locked } = this.#place;
    this.#tokens = locked.length > 0 ? locked : (newest?.tokens ?? []);
    this.#said.say("");
    this.#show(newest);
  }

  #show(checked: Checked | null): void {
    this.#shown = checked;
    this.#step = 0;
    this.#pointed = null;
    this.#draw();
  }

  get #method(): Method {
    const { opened, index } = this.#place;
    return opened.maps.method(opened.store.of(index));
  }

  /** What the button says that asks: by which method, if the check in view is of another one. */
  get #asking(): string {
    const { areas, answers, label = "" } = this.#shown ?? {};
    if (!areas && !answers) return "start";
    const own = this.#method.label;
    return label === own || label.startsWith(`${own}, `) ? "check again" : `check ${own}`;
  }

  get #canAsk(): boolean {
    const { panel } = this.#place;
    const answered = this.#tokens.every((token) => panel.tokens[token].kind === "answer");
    return this.#tokens.length > 0 && answered && this.#place.asks("check");
  }

  /** Whether the same check is there already; the model would read the same again. */
  get #isKnown(): boolean {
    const { opened, index } = this.#place;
    const settings = opened.store.of(index);
    return this.#known().some((one) => isOf(one, this.#tokens, this.#method, settings));
  }

  #start(): void {
    const { locked } = this.#place;
    if (locked.length > 0) this.#tokens = locked;
    const { name } = this.#method;
    this.#said.say("");
    const before = this.#shown;
    this.#show(null);
    const running = this.#place.ask("check", { tokens: this.#tokens, method: name }, (progress) =>
      this.#grow(progress),
    );
    this.#running = running;
    this.#count.textContent = "waits for the model";
    this.#bar.removeAttribute("value");
    this.#draw();
    running.answer.then(
      ({ data }) => this.#finish(data as Checked),
      ({ state, message }: Unanswered) => {
        const begun = this.#shown && isBegun(this.#shown);
        this.#finish(begun ? this.#shown : before); // a check is not lost by asking in vain
        if (state === "stopped") this.#said.say(begun ? UNFINISHED : STOPPED);
        else this.#said.fail(message);
      },
    );
  }

  #stop(): void {
    this.#count.textContent = "stops";
    this.#running?.stop();
  }

  #grow({ done, total, data }: Progress): void {
    this.#bar.max = total;
    this.#bar.value = done;
    this.#count.textContent = `${done} of ${total}`;
    const begins = !this.#shown;
    this.#shown = data as Checked;
    if (begins) this.#draw();
    else this.#drawCurve();
  }

  #finish(shown: Checked | null): void {
    this.#running = null;
    if (this.#signal.aborted) return;
    this.#shown = shown;
    this.#draw();
    (this.#again.hidden ? this.#slider : this.#again).focus({ preventScroll: true });
  }

  #turn(side: Side): void {
    this.#side = side;
    this.#step = 0;
    this.#draw();
  }

  #choose(step: number): void {
    this.#step = step;
    this.#place.opened.store.preview = null; // a finger leaves the word that it tapped in view
    this.#drawStep();
  }

  get #word(): string {
    return spanText(this.#place.panel.tokens, this.#shown?.tokens ?? this.#tokens);
  }

  #draw(): void {
    this.#drawHead();
    const checked = this.#shown;
    this.#progress.hidden = !this.#running;
    this.#result.hidden = !checked;
    this.#verdict.hidden = !checked;
    this.#notes.hidden = !checked;
    if (!checked) {
      this.#greying.clear();
      return;
    }
    const curves = !checked.answers;
    this.#toggle.hidden = !curves;
    for (const one of [this.#curve.element, this.#curve.key]) one.hidden = !curves;
    this.#sides.forEach((one, i) => {
      one.setAttribute("aria-pressed", String(SIDES[i][0] === this.#side));
    });
    either(this.#verdict, this.#side, (side) => verdict(checked, side, this.#word));
    either(this.#notes, this.#side, (side) => notesOn(checked, side).join(" "));
    this.#drawCurve();
  }

  #drawHead(): void {
    const entries = this.#running ? [] : this.#known();
    const by = this.#shown && entries.length < 2 ? ` by ${this.#shown.label}` : "";
    this.#head.textContent = `“${this.#word}”${by}`;
    this.#again.hidden = this.#running !== null || !this.#canAsk || this.#isKnown;
    this.#again.textContent = this.#asking;
    this.#again.title = `Checks the map of “${this.#word}” by ${this.#method.label}`;
    this.#drawChoice(entries);
  }

  /** A menu of the checks, if there are several. */
  #drawChoice(entries: readonly Checked[]): void {
    const { panel } = this.#place;
    const same = (entry: Checked) => JSON.stringify(entry) === JSON.stringify(this.#shown);
    const labels = entries.map((entry) => {
      const word = spanText(panel.tokens, entry.tokens);
      const fills = entries.some(({ fill }) => fill !== entry.fill);
      const parts = [entry.label, entry.protocol, ...(fills ? [entry.fill] : [])];
      return `${word === this.#word ? "" : `“${word}” · `}${parts.join(" · ")}`;
    });
    const described = labels.join("\n");
    if (this.#choice.dataset.labels !== described) {
      this.#choice.dataset.labels = described;
      this.#choice.replaceChildren();
      const choices = labels.map((text, i) => [String(i), text] as const);
      const pick = (i: string) => this.#show(this.#known()[Number(i)]);
      if (entries.length > 1)
        this.#choice.append(select("Which check is shown", choices, pick, this.#signal).element);
    }
    const menu = this.#choice.querySelector("select");
    if (menu) menu.value = String(Math.max(0, entries.findIndex(same)));
  }

  #drawCurve(): void {
    const checked = this.#shown as Checked;
    if (!checked.answers) this.#curve.draw(checked, this.#side, this.#word);
    this.#slider.max = String(lastStep(checked));
    this.#slider.hidden = !!checked.answers && !this.#greying.can(checked);
    this.#drawStep();
  }

  /** Shows a step on the curve and on the picture; a word that is pointed at has its map instead. */
  #drawStep(): void {
    const checked = this.#shown;
    if (!checked) return;
    const step = Math.min(this.#pointed ?? this.#step, lastStep(checked));
    const pointed = this.#pointed !== null;
    const said = step > 0 || pointed ? this.#saidAt(checked, step) : "";
    this.#slider.value = String(step);
    this.#slider.style.setProperty("--tam-filled", String(step / (lastStep(checked) || 1)));
    const what = DONE[this.#side];
    this.#slider.setAttribute("aria-label", `Share of the picture ${what}`);
    this.#slider.setAttribute("aria-valuetext", this.#saidAt(checked, step));
    this.#value.textContent = said || "Move along the curve, and the picture follows.";
    this.#value.classList.toggle("tam-note", !said);
    this.#curve.mark(said ? step : null);
    if (said && !this.#place.opened.store.preview && this.#greying.can(checked))
      this.#greying.show(checked, this.#side, step);
    else this.#greying.clear();
  }

  #saidAt(checked: Checked, step: number): string {
    const what = DONE[this.#side];
    const share = `${Number((100 * checked.shares[step]).toFixed(1))} % ${what}`;
    const value = checked.curves.method?.[this.#side][step];
    const random = checked.random[this.#side]?.mean[step];
    const own = typeof value === "number" ? `: “${this.#word}” ${short(value)}` : "";
    return `${share}${own}${typeof random === "number" ? `, random orders ${short(random)}` : ""}`;
  }
}

const STOPPED = "Stopped: nothing of this check is kept.";
const UNFINISHED = "Stopped: this curve is unfinished, and nothing of it is kept.";

/** Says what belongs to one side; the room is that of the longer one, so that nothing moves. */
function either(within: HTMLElement, side: Side, text: (side: Side) => string): void {
  (within.firstElementChild as HTMLElement).textContent = text(side);
  within.dataset.other = text(OTHER[side]);
}

/** What must be said beside the curve. */
function notesOn(checked: Checked, side: Side): string[] {
  const { tokens, fill, random, protocol, units } = checked;
  const areas = areasOf(checked, side);
  const shown = units !== "pixels";
  const interval = random.count > 1 && areas.includes("(");
  return [
    areas ? `${areas}.` : "",
    interval ? "In brackets the 95 % interval of the random orders’ mean." : "",
    tokens.length > 1 ? `The probability is the product of its ${tokens.length} pieces’.` : "",
    protocol === "cells" ? "" : `Protocol ${protocol}.`,
    !shown ? "It removed single pixels, which are not shown on the picture." : "",
    `${inPlace(checked)}${shown && !EXACT.includes(fill) ? " It is drawn approximately." : ""}`,
  ].filter(Boolean);
}
