/** Below a video: a slider over the curve of the token's strength in each frame. */
import { button } from "../controls";
import { decimal, element } from "../dom";
import { peakFrame, steps } from "../video-frames";

const SVG = "http://www.w3.org/2000/svg";

/** What a person does to a video. */
export interface ScrubberEvents {
  readonly go: (frame: number) => void;
  readonly togglePlay: () => void;
}

export class Scrubber {
  readonly element: HTMLElement;
  readonly #times: readonly (number | null)[];
  readonly #events: ScrubberEvents;
  readonly #slider = element("input", { class: "tam-slider" });
  readonly #curve = document.createElementNS(SVG, "path");
  readonly #when = element("span", { class: "tam-when", aria: { hidden: "true" } });
  readonly #play: HTMLButtonElement;
  readonly #peak: HTMLButtonElement;
  #values: Float32Array | null = null;

  /**
   * @param name the video's name among others, or empty
   * @param times the times of the frames in seconds
   */
  constructor(
    name: string,
    times: readonly (number | null)[],
    events: ScrubberEvents,
    signal: AbortSignal,
  ) {
    this.#times = times;
    this.#events = events;
    this.#play = button("", "Plays the video (space bar)", () => events.togglePlay(), signal);
    this.#play.classList.add("tam-play");
    const peak = () => events.go((this.#values && peakFrame(this.#values)) ?? 0);
    const title = "Shows the frame in which the token is strongest";
    this.#peak = button("peak", title, peak, signal);
    Object.assign(this.#slider, { type: "range", min: "0", max: String(times.length - 1) });
    this.element = element("div", { class: "tam-scrubber" }, [
      this.#play,
      element("div", { class: "tam-timeline" }, [this.#drawing(), this.#slider]),
      this.#when,
      this.#peak,
    ]);
    this.#slider.setAttribute("aria-label", name ? `Frame of ${name}` : "Frame");
    this.element.style.setProperty("--tam-frames", String(times.length));
    this.#slider.dataset.lmSuppressShortcuts = "true";
    this.#listen(signal);
  }

  #drawing(): SVGElement {
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("viewBox", `0 0 ${this.#times.length} 1`);
    svg.setAttribute("preserveAspectRatio", "none");
    svg.setAttribute("aria-hidden", "true");
    svg.append(this.#curve);
    return svg;
  }

  #listen(signal: AbortSignal): void {
    const slide = () => this.#events.go(Number(this.#slider.value));
    this.#slider.addEventListener("input", slide, { signal });
    const key = (event: KeyboardEvent) => this.#key(event);
    this.element.addEventListener("keydown", key, { signal });
  }

  #key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey) return;
    event.stopPropagation();
    if (event.key !== " " || event.target !== this.#slider) return;
    event.preventDefault();
    this.#events.togglePlay();
  }

  /** Draws the curve of a token's strengths on a scale up to `end`; none for null. */
  measure(values: Float32Array | null, end: number): void {
    this.#values = values;
    this.#curve.setAttribute("d", values ? steps(values, end) : "");
    this.#peak.disabled = values === null || peakFrame(values) === null;
  }

  /** Shows which frame is in view. */
  show(frame: number): void {
    const [time, count] = [this.#times[frame], this.#times.length];
    const seconds = time === null ? "" : `${decimal(time, 1)} s`;
    this.#slider.value = String(frame);
    const strength = this.#values
      ? `strength ${this.#values[frame].toFixed(2).replace(/^0/, "")}`
      : "";
    const said = [`frame ${frame + 1} of ${count}`, seconds, strength].filter(Boolean);
    this.#slider.setAttribute("aria-valuetext", said.join(", "));
    this.#when.textContent = [`${frame + 1}/${count}`, seconds].filter(Boolean).join(" · ");
  }

  /** Shows whether the video plays. */
  mark(playing: boolean): void {
    this.#play.setAttribute("aria-label", playing ? "Pause" : "Play");
    this.#play.classList.toggle("tam-playing", playing);
  }
}
