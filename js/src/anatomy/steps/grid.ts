/** The picture is cut into cells, and each becomes one visual token. */
import { element } from "../../dom";
import { equation } from "../mathml";
import { live, mathNumber } from "../numbers";
import { follow, type Lesson, type Room, read, type Step, sentence } from "../step";

const ONE = "into {rows} × {cols} cells";
const SEVERAL = "into {grids} grids, the first of {rows} × {cols} cells,";

const TEXT =
  "The model does not see pixels. It cuts the picture {into} and makes one vector, a visual " +
  "token, of each: {cells} in all. Move over the picture: the outlined cell covers {width} × " +
  "{height} pixels. All that the model knows of the picture, it knows from these {cells} vectors.";

/** Side of the enlarged cell and its neighbours, in pixels. */
const SIDE = 220;

export const grid: Step = {
  name: "cells",
  title: () => "From pixels to visual tokens",
  show: (lesson, room) => {
    const { facts } = lesson;
    const [first] = facts.grids;
    const [left, top, right, bottom] = first.rect;
    const numbers = {
      rows: live("rows", first.rows),
      cols: live("cols", first.cols),
      cells: live("cells", facts.visual),
      grids: live("grids", facts.grids.length),
      width: live("width", (right - left) / first.cols),
      height: live("height", (bottom - top) / first.rows),
    };
    const into = facts.grids.length > 1 ? SEVERAL : ONE;
    room.text.append(...sentence(TEXT.replace("{into}", into), numbers));
    room.equation.append(sizes(lesson));
    const canvas = element("canvas", { class: "tam-zoom", aria: { hidden: "true" } });
    const caption = element("figcaption", { class: "tam-note" });
    room.figure.append(element("figure", { class: "tam-zoomed" }, [canvas, caption]));
    room.picture.draw(null);
    room.picture.lines(true);
    room.signal.addEventListener("abort", () => room.picture.lines(false), { once: true });
    follow(lesson, room, () => {
      read(room, lesson, ["visual token ", live("cell", lesson.cell + 1), ` of ${facts.visual}`]);
      enlarge(canvas, lesson, room);
      caption.textContent = "The outlined cell, and what lies around it";
    });
  },
};

/** How many cells there are. */
function sizes({ facts }: Lesson): HTMLElement {
  const { grids, visual } = facts;
  const [{ rows, cols }] = grids;
  if (grids.length === 1)
    return equation([
      mathNumber("rows", rows),
      "×",
      mathNumber("cols", cols),
      "=",
      mathNumber("cells", visual),
    ]);
  const all = grids.slice(0, 6).flatMap((one) => ["+", String(one.rows * one.cols)]);
  const more = grids.length > 6 ? ["+", "…"] : [];
  return equation([...all.slice(1), ...more, "=", mathNumber("cells", visual)]);
}

/** Draws the pixels of the cell, twice as much on each side, and its border. */
function enlarge(canvas: HTMLCanvasElement, { facts, cell }: Lesson, room: Room): void {
  const ratio = Math.min(3, window.devicePixelRatio || 1);
  [canvas.width, canvas.height] = [SIDE * ratio, SIDE * ratio];
  const context = canvas.getContext("2d");
  const photo = room.picture.photoOf(cell);
  if (!context || !photo) return;
  const { width, height } = facts.panel.images[facts.gridOf(cell).image];
  const [left, top, right, bottom] = facts.rectOf(cell);
  const side = 2.5 * Math.max(right - left, bottom - top);
  const [x, y] = [(left + right - side) / 2, (top + bottom - side) / 2];
  const own = photo instanceof HTMLImageElement;
  const across = (own ? photo.naturalWidth : photo.width) / width;
  const down = (own ? photo.naturalHeight : photo.height) / height;
  const scale = canvas.width / side;
  context.imageSmoothingEnabled = false;
  context.drawImage(
    photo,
    x * across,
    y * down,
    side * across,
    side * down,
    0,
    0,
    canvas.width,
    canvas.width,
  );
  for (const [colour, wide] of [
    ["rgb(0 0 0 / 55%)", 5],
    ["#fff", 2],
  ] as const) {
    context.strokeStyle = colour;
    context.lineWidth = wide * ratio;
    context.strokeRect(
      (left - x) * scale,
      (top - y) * scale,
      (right - left) * scale,
      (bottom - top) * scale,
    );
  }
}
