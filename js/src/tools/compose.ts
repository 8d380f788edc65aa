/** Composes the figure of an explorer: what its panels show, drawn from its state. */

import { decimal, element } from "../dom";
import { mediaOf } from "../media";
import { panelName } from "../panel-name";
import { boxIn } from "../state/store";
import { textOf } from "../texts";
import { namesOf } from "../view/counterfactual";
import type { Scale } from "../view/legend";
import type { Overlay } from "../view/paint";
import type { Opened } from "../view/tools";
import { spanText } from "../words";
import type { Figure, Mark } from "./figure";
import { Drawings, type Drawn } from "./in-view";
import { fitted, type Piece, paragraph } from "./layout";
import { paintPicture, ramp } from "./miniature";
import { photo } from "./photos";

const MARGIN = 20;
const GAP = 28;
/** Width of one panel, and of its legend. */
const PANEL = 560;
const LEGEND = 96;
/** Height of pictures that stand in a row. */
const ROW = 150;
/** Pixels of a picture in a unit of the figure. */
export const SHARPNESS = 2;

interface Colours {
  readonly background: string;
  readonly text: string;
  readonly muted: string;
  readonly accent: string;
  readonly onAccent: string;
}

/** The explorer's own colours. */
function coloursOf(root: HTMLElement): Colours {
  const probe = element("span");
  root.append(probe);
  const read = (name: string) => {
    probe.style.color = `var(--tam-${name})`;
    return getComputedStyle(probe).color;
  };
  const [text, muted, accent, onAccent] = ["text", "muted", "accent", "on-accent"].map(read);
  probe.remove();
  const background = root.dataset.theme === "dark" ? "#16191d" : "#ffffff";
  return { background, text, muted, accent, onAccent };
}

/** What is in view now. */
export async function compose(opened: Opened): Promise<Figure> {
  const colours = coloursOf(opened.root);
  const drawings = new Drawings(opened);
  const columns = await Promise.all(
    opened.panels.map((_, i) => column(opened, i, drawings, colours)),
  );
  const marks = columns.flatMap(({ marks }, i) => moved(marks, MARGIN + i * (PANEL + GAP), MARGIN));
  const height = 2 * MARGIN + Math.max(...columns.map((one) => one.height));
  const width = 2 * MARGIN + columns.length * (PANEL + GAP) - GAP;
  return { width, height, background: colours.background, marks };
}

function moved(marks: readonly Mark[], x: number, y: number): Mark[] {
  return marks.map((mark) => ({ ...mark, x: mark.x + x, y: mark.y + y }));
}

interface Block {
  readonly marks: readonly Mark[];
  readonly height: number;
}

async function column(
  opened: Opened,
  index: number,
  drawings: Drawings,
  colours: Colours,
): Promise<Block> {
  const panel = opened.panels[index];
  const view = opened.views[index];
  const sight = view.sight();
  const overlay = sight.map && view.overlay(sight);
  const title = fitted(panelName(opened, index), PANEL, { size: 13, bold: true });
  const marks: Mark[] = [
    { kind: "text", x: 0, y: 12, text: title, size: 13, fill: colours.text, bold: true },
  ];
  const pictures = await picturesOf(opened, index, drawings, overlay);
  marks.push(...moved(pictures.marks, 0, 22));
  let high = pictures.height;
  if (overlay) {
    const bar = ramp(overlay, true, opened.painting);
    const key = legend(view.scale(sight, overlay), bar, colours);
    marks.push(...moved(key.marks, PANEL - LEGEND + 14, 22));
    high = Math.max(high, key.height);
  }
  let y = 22 + high + 14;
  const add = (pieces: readonly Piece[], size: number, fill: string) => {
    const look = { size, fill, mark: colours.accent, onMark: colours.onAccent };
    const block = paragraph(pieces, [0, y, PANEL], look);
    marks.push(...block.marks);
    y += block.height + 4;
  };
  panel.turns.forEach(([, start, stop], i) => {
    const pieces = panel.tokens.slice(start, stop).flatMap(({ text, special }, k) => {
      return special ? [] : [{ text, marked: sight.tokens.includes(start + k) }];
    });
    const answer = i === panel.turns.length - 1;
    if (pieces.length > 0) add(pieces, answer ? 16 : 13, answer ? colours.text : colours.muted);
  });
  for (const note of notesOf(opened, index))
    add([{ text: note, marked: false }], 12, colours.muted);
  return { marks, height: y };
}

/** What a reader of the figure must know of its maps. */
function notesOf({ store, maps, panels, views }: Opened, index: number): string[] {
  const { tokens, alternative, lacking, contrast } = views[index].sight();
  const settings = store.of(index);
  const method = maps.method(settings);
  const changed = [
    ...(method.options.includes("eci") && settings.eci !== 1 ? [`ECI ${settings.eci}`] : []),
    ...(settings.kernel_size !== 3 ? [`window ${settings.kernel_size}`] : []),
    ...(settings.threshold > 0 ? [`threshold ${settings.threshold}`] : []),
  ];
  const of = [method.label, ...changed].join(", ");
  if (alternative === null) return lacking ? [textOf("no_alternative"), of] : [of];
  const [own, other] = namesOf(panels[index], tokens[0], alternative);
  return [textOf(contrast ? "contrast" : "alternative", { own, other }), of];
}

/** The pictures of a panel, and of its videos the frames in view. */
async function picturesOf(
  { panels, store, painting, twinImage }: Opened,
  index: number,
  drawings: Drawings,
  overlay: Overlay | null,
): Promise<Block> {
  const { images } = panels[index];
  const media = mediaOf(images);
  const room = PANEL - LEGEND;
  const box = boxIn(store.settings, index, twinImage);
  const marks: Mark[] = [];
  let [x, y, high] = [0, 0, 0];
  for (const { first, start, count, isVideo } of media) {
    const frame = Math.min(count - 1, Math.max(0, store.settings.frame - start));
    const image = isVideo ? first + frame : first;
    const { width, height } = images[image];
    const scale = Math.min(room / width, (media.length > 1 ? ROW : room) / height);
    const [w, h] = [Math.round(width * scale), Math.round(height * scale)];
    if (x > 0 && x + w > room) [x, y, high] = [0, y + high + 8, 0];
    const drawn = drawings.on(index, image, overlay);
    marks.push({
      kind: "picture",
      x,
      y,
      width: w,
      height: h,
      canvas: await painted(drawn, w, h, painting),
    });
    if (box?.image === image) {
      const [left, top, right, bottom] = box.rect.map((edge) => edge * scale);
      const sizes = { x: x + left, y: y + top, width: right - left, height: bottom - top };
      marks.push({ kind: "rectangle", ...sizes, stroke: "#000000" });
      marks.push({ kind: "rectangle", ...sizes, stroke: "#ffffff", dashed: true });
    }
    [x, high] = [x + w + 8, Math.max(high, h)];
  }
  return { marks, height: y + high };
}

async function painted(
  drawn: Drawn,
  width: number,
  height: number,
  painting: Opened["painting"],
): Promise<HTMLCanvasElement> {
  const canvas = element("canvas");
  Object.assign(canvas, { width: SHARPNESS * width, height: SHARPNESS * height });
  const bitmap = await photo(drawn.stored, canvas.width);
  const context = canvas.getContext("2d");
  if (context) paintPicture(context, drawn, bitmap, painting);
  return canvas;
}

const BAR = 130;

/** The scale, and what its colours stand for. */
function legend(scale: Scale, bar: HTMLCanvasElement, { text, muted }: Colours): Block {
  const { end, ends, quantity, shared, unit } = scale;
  const marks: Mark[] = [];
  let y = 0;
  const say = (said: string, fill: string) => {
    const look = { size: 11, fill, mark: "", onMark: "" };
    const block = paragraph([{ text: said, marked: false }], [0, y, LEGEND - 14], look);
    marks.push(...block.marks);
    y += said ? block.height + 4 : 0;
  };
  say(ends ? ends[0] : quantity, text);
  const at = (share: number, said: string): Mark => {
    return { kind: "text", x: 14, y: y + 8 + share * (BAR - 8), text: said, size: 11, fill: text };
  };
  marks.push(
    { kind: "rectangle", x: 0, y, width: 9, height: BAR, fill: "#8888881a" },
    { kind: "picture", x: 0, y, width: 9, height: BAR, canvas: bar },
    at(0, `${ends ? "+" : ""}${decimal(end)}`),
    at(1, ends ? `−${decimal(end)}` : "0"),
  );
  y += BAR + 4;
  say(ends ? ends[1] : "", text);
  say(textOf(shared ? "shared_scale" : "own_scale"), muted);
  say(unit, muted);
  return { marks, height: y };
}

/** The name of a file of what is in view, without its ending. */
export function fileName({ panels, views }: Opened): string {
  const words = views.map((view, i) => spanText(panels[i].tokens, view.sight().tokens));
  const word = words.find(Boolean) ?? "";
  const plain = `${panels[0].title} ${word}`.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-");
  return `tam-${plain.replace(/^-|-$/g, "").slice(0, 60)}`;
}
