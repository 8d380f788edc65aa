/** One side of a card: a picture under a word's map, its scores, and the answer. */
import { element } from "../dom";
import { textOf } from "../texts";
import { OutlineLines, outlineCanvas } from "../view/outlines";
import { excerpt } from "./excerpt";
import { twoDecimals } from "./labels";
import { PICTURE } from "./layout";
import type { GalleryData, Measurement } from "./samples";
import type { EncodedImage, Thumbnail } from "./thumbnails";

/** Invisible differences between the map's and the picture's edges, in shares of the picture. */
const HARDLY = 0.01;

/** Width of a letter of the answer in CSS pixels, and the lines that there are. */
const LETTER = 5.8;
const LINES = 2;

function image(name: string): HTMLImageElement {
  const made = element("img", { class: name });
  Object.assign(made, { alt: "", decoding: "async", draggable: false, hidden: true });
  return made;
}

function show(img: HTMLImageElement, picture: EncodedImage | null): void {
  if (img.hidden !== (picture === null)) img.hidden = picture === null;
  // replacing the address alone would show the old picture until the new one is decoded
  if (picture === null) img.removeAttribute("src");
  else img.src = picture.address;
}

/** Letters that fit the narrowest card: only longer text is clipped, as a clip costs a layer. */
const FITTING_NOUN = 10;
const FITTING_SIGN = 22;

const percent = (share: number) => `${(100 * share).toFixed(2)}%`;

/** Text that is only updated when it changes. */
class Label {
  readonly element: HTMLElement;
  #text = "";
  #title = "";

  constructor(name: string) {
    this.element = element("span", { class: name });
  }

  get text(): string {
    return this.#text;
  }

  say(text: string, title = ""): void {
    if (text !== this.#text) this.element.textContent = text;
    if (title !== this.#title) this.element.title = title;
    this.#text = text;
    this.#title = title;
  }
}

/** How pictures are drawn. */
export interface Drawing {
  /** Of the picture's area, in CSS pixels. */
  readonly width: number;
  /** Whether the word's map is drawn. */
  readonly overlay: boolean;
  /** Whether the true outline of what the word names is drawn. */
  readonly outline: boolean;
}

/* A scrolling list lays out many of these, so all parts have fixed positions. */
export class CardSide {
  readonly element: HTMLElement;
  readonly #picture = image("tam-thumbnail");
  readonly #map = image("tam-heat");
  readonly #frame = element("div", { class: "tam-frame" }, [this.#picture, this.#map]);
  readonly #blank = new Label("tam-no-thumbnail");
  readonly #bar = element("span", { class: "tam-amount" });
  readonly #quantity = new Label("tam-card-quantity");
  readonly #score = new Label("tam-score");
  readonly #noun = new Label("tam-noun");
  readonly #iouName = new Label("tam-card-quantity");
  readonly #iou = new Label("tam-iou");
  readonly #before = new Label("tam-part");
  readonly #focus = element("b");
  readonly #after = new Label("tam-part");
  readonly #sign = new Label("tam-sign");
  readonly #more = new Label("tam-more");
  readonly #line = element("div", { class: "tam-line" }, [
    this.#noun.element,
    " ",
    this.#iouName.element,
    " ",
    this.#iou.element,
  ]);
  readonly #answer = element("div", { class: "tam-excerpt" }, [
    this.#before.element,
    this.#focus,
    this.#after.element,
  ]);
  readonly #signs = element("div", { class: "tam-signs" }, [
    this.#sign.element,
    " ",
    this.#more.element,
  ]);
  #lines: OutlineLines | null = null;
  #run: Measurement | null = null;
  #noted = -1;
  #shown: Thumbnail | null | undefined;
  #drawn = "";

  /** @param name "A" or "B" where there are two */
  constructor(name: string) {
    const box = element("div", { class: "tam-thumbnail-box" }, [this.#frame, this.#blank.element]);
    if (name) box.append(element("span", { class: "tam-run-name", text: name }));
    this.element = element("div", { class: "tam-card-side" }, [
      box,
      element("div", { class: "tam-amount-track" }, [this.#bar]),
      element("div", { class: "tam-score-line" }, [
        this.#quantity.element,
        " ",
        this.#score.element,
      ]),
      this.#line,
      this.#answer,
      this.#signs,
    ]);
  }

  /**
   * @param focus index of the noun in focus, or −1
   * @param score index of the score
   * @param wanted signatures that are filtered for, which are shown first
   */
  say(
    data: GalleryData,
    run: Measurement | null,
    focus: number,
    score: number,
    wanted: readonly string[],
  ): void {
    const noun = run?.nouns[focus];
    const value = run?.scores[score] ?? null;
    const none = run ? (run.error ? "not_measured" : "no_noun") : "no_sample";
    this.#run = run;
    this.#noted = focus;
    this.#noun.say(noun?.text ?? textOf(none));
    this.#iouName.say(noun ? "IoU" : "");
    this.#iou.say(noun ? twoDecimals(noun.iou) : "");
    this.#quantity.say(run && !run.error ? data.scores[score].label : "");
    this.#score.say(run && !run.error ? twoDecimals(value) : "");
    this.#bar.style.width = `${100 * (value ?? 0)}%`;
    if (run?.error) this.#sign.say(run.error, run.error);
    else this.#saySigns(data, run, wanted);
    this.#line.classList.toggle("tam-long", this.#noun.text.length > FITTING_NOUN);
    this.#signs.classList.toggle("tam-long", this.#sign.text.length > FITTING_SIGN);
  }

  #saySigns(data: GalleryData, run: Measurement | null, wanted: readonly string[]): void {
    const signs = (run?.signatures ?? []).map((i) => data.signatures[i]);
    const first = signs.find(({ name }) => wanted.includes(name)) ?? signs[0];
    const title = signs.map(({ name, meaning }) => `${name}: ${meaning}`).join("\n");
    this.#sign.say(first?.name ?? "", title);
    this.#more.say(signs.length > 1 ? `+${signs.length - 1}` : "", title);
  }

  clear(): void {
    this.draw(undefined, { width: 0, overlay: false, outline: false });
  }

  /** @param thumbnail undefined until it arrives, null if there is none */
  draw(thumbnail: Thumbnail | null | undefined, drawing: Drawing): void {
    const { width, overlay, outline } = drawing;
    const drawn = `${width} ${overlay} ${outline}`;
    if (thumbnail === this.#shown && drawn === this.#drawn) return;
    this.#shown = thumbnail;
    this.#drawn = drawn;
    const blank = thumbnail?.missing ?? "no picture stored";
    this.#blank.say(thumbnail === undefined || thumbnail?.picture ? "" : blank);
    show(this.#picture, thumbnail?.picture ?? null);
    show(this.#map, overlay && thumbnail?.picture ? thumbnail.map : null);
    this.#trace(outline && thumbnail?.picture ? thumbnail.outline : []);
    this.#sayAnswer(thumbnail?.answer ?? "", width);
    if (thumbnail?.picture) this.#fit(thumbnail, width);
  }

  #trace(rings: Thumbnail["outline"]): void {
    if (rings.length > 0 && !this.#lines) {
      this.#lines = new OutlineLines();
      const canvas = outlineCanvas();
      canvas.append(this.#lines.element);
      this.#frame.append(canvas);
    }
    this.#lines?.trace(rings);
  }

  #sayAnswer(answer: string, width: number): void {
    const most = LINES * Math.floor(width / LETTER) - 2;
    const [before, noun, after] = excerpt(answer, this.#run?.nouns ?? [], this.#noted, most);
    this.#before.say(before);
    this.#focus.textContent = noun;
    this.#after.say(after);
    this.#answer.title = answer;
  }

  #fit({ size: [w, h], rect: [left, top, right, bottom] }: Thumbnail, width: number): void {
    const scale = Math.min(width / w, (PICTURE * width) / h);
    const [wide, high] = [Math.round(w * scale), Math.round(h * scale)];
    const [x, y] = [Math.round((width - wide) / 2), Math.round((PICTURE * width - high) / 2)];
    this.#frame.style.cssText = `left:${x}px;top:${y}px;width:${wide}px;height:${high}px`;
    this.#map.style.cssText = `left:${percent(left)};top:${percent(top)};width:${percent(right - left)};height:${percent(bottom - top)}`;
    const partial = left > HARDLY || top > HARDLY || right < 1 - HARDLY || bottom < 1 - HARDLY;
    const beyond = left < 0 || top < 0 || right > 1 || bottom > 1;
    this.#frame.classList.toggle("tam-clipped", partial || beyond);
    this.#map.classList.toggle("tam-partial", partial);
  }
}
