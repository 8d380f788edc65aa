/** What the glossary's pictures are drawn with, on a field of 120 × 64. */

export const WIDTH = 120;
export const HEIGHT = 64;

/** How a shape looks in the colours of the theme. */
export type Look =
  | "ink"
  | "muted"
  | "fill"
  | "soft"
  | "warm"
  | "line"
  | "faint"
  | "accent"
  | "other";

export interface Shape {
  readonly tag: "rect" | "path" | "text" | "circle";
  readonly look: Look;
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly text?: string;
}

export type Picture = readonly Shape[];

export const rect = (
  x: number,
  y: number,
  width: number,
  height: number,
  look: Look,
  more: Shape["attributes"] = {},
): Shape => ({ tag: "rect", look, attributes: { x, y, width, height, ...more } });

export const path = (d: string, look: Look): Shape => ({ tag: "path", look, attributes: { d } });

export const dot = (cx: number, cy: number, r: number, look: Look): Shape => ({
  tag: "circle",
  look,
  attributes: { cx, cy, r },
});

/** Centred at x, on the line y. */
export const label = (x: number, y: number, text: string, look: Look = "ink", size = 9): Shape => ({
  tag: "text",
  look,
  attributes: { x, y, "font-size": size, "text-anchor": "middle" },
  text,
});

/** Rows of cells: a digit is how much a cell is lit, a dot is an empty place. */
export function cells(
  x: number,
  y: number,
  size: number,
  rows: readonly string[],
  look: Look = "fill",
): Shape[] {
  return rows.flatMap((row, i) =>
    [...row].flatMap((level, j) => {
      if (level === ".") return [];
      const [left, top] = [x + j * size, y + i * size];
      const lit = rect(left, top, size, size, look, { "fill-opacity": Number(level) / 9 });
      return [...(level === "0" ? [] : [lit]), rect(left, top, size, size, "faint")];
    }),
  );
}

/** A word in a box as wide as itself, with its middle at x. */
export function word(x: number, y: number, text: string, look: Look = "line"): Shape[] {
  const width = 5.2 * text.length + 8;
  const paint = { rx: 3, ...(look === "warm" && { "fill-opacity": 0.35 }) };
  const lit = look === "line" ? [] : [rect(x - width / 2, y - 9, width, 13, look, paint)];
  return [...lit, rect(x - width / 2, y - 9, width, 13, "line", { rx: 3 }), label(x, y, text)];
}

export function arrow(x1: number, y1: number, x2: number, y2: number, look: Look = "line"): Shape {
  const angle = Math.atan2(y2 - y1, x2 - x1);
  const wing = (turn: number) => {
    const [x, y] = [x2 - 5 * Math.cos(angle + turn), y2 - 5 * Math.sin(angle + turn)];
    return `${x.toFixed(1)} ${y.toFixed(1)}`;
  };
  return path(`M${x1} ${y1}L${x2} ${y2}M${wing(0.5)}L${x2} ${y2}L${wing(-0.5)}`, look);
}

/** Bars that stand on the line y; heights in pixels. */
export const bars = (
  x: number,
  y: number,
  heights: readonly number[],
  look: Look = "fill",
  width = 7,
): Shape[] =>
  heights.map((height, i) => rect(x + i * (width + 2), y - height, width, height, look));

export function curve(points: readonly (readonly [number, number])[], look: Look): Shape {
  return path(`M${points.map((point) => point.join(" ")).join("L")}`, look);
}

/** Two axes, whose corner is at the lower left. */
export const axes = (x: number, y: number, width: number, height: number): Shape =>
  path(`M${x} ${y - height}V${y}H${x + width}`, "faint");

/** A picture: the sun over a mountain. */
export function photo(x: number, y: number, width: number, height: number): Shape[] {
  const [right, bottom] = [x + width, y + height];
  const peak = `M${x} ${bottom}L${x + 0.4 * width} ${y + 0.4 * height}L${x + 0.62 * width} ${bottom - 0.25 * height}L${x + 0.75 * width} ${y + 0.55 * height}L${right} ${bottom}Z`;
  return [
    path(peak, "soft"),
    dot(x + 0.74 * width, y + 0.27 * height, 0.11 * height, "warm"),
    rect(x, y, width, height, "line"),
  ];
}

/** Numbers one below the other. */
export const vector = (x: number, y: number, levels: string, look: Look = "fill"): Shape[] =>
  cells(x, y, 7, [...levels], look);

export const cross = (x: number, y: number, size: number): Shape =>
  path(`M${x} ${y}l${size} ${size}m0 ${-size}l${-size} ${size}`, "other");
