/** A view as a list of rectangles, texts and pictures, which become a canvas or an SVG file. */

export interface Rectangle {
  readonly kind: "rectangle";
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly fill?: string;
  readonly stroke?: string;
  readonly dashed?: boolean;
}

export interface Text {
  readonly kind: "text";
  readonly x: number;
  /** Of the baseline. */
  readonly y: number;
  readonly text: string;
  readonly size: number;
  readonly fill: string;
  readonly bold?: boolean;
}

export interface Picture {
  readonly kind: "picture";
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly canvas: HTMLCanvasElement;
}

export type Mark = Rectangle | Text | Picture;

export interface Figure {
  readonly width: number;
  readonly height: number;
  readonly background: string;
  readonly marks: readonly Mark[];
}

const FAMILY = "system-ui, sans-serif";

export function fontOf({ size, bold }: Pick<Text, "size" | "bold">): string {
  return `${bold ? 600 : 400} ${size}px ${FAMILY}`;
}

/** @param scale pixels of the canvas in a unit of the figure */
export function canvasOf(figure: Figure, scale: number): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = Math.ceil(figure.width * scale);
  canvas.height = Math.ceil(figure.height * scale);
  const context = canvas.getContext("2d");
  if (!context) return canvas;
  context.scale(scale, scale);
  context.fillStyle = figure.background;
  context.fillRect(0, 0, figure.width, figure.height);
  for (const mark of figure.marks) paint(context, mark);
  return canvas;
}

function paint(context: CanvasRenderingContext2D, mark: Mark): void {
  if (mark.kind === "picture")
    context.drawImage(mark.canvas, mark.x, mark.y, mark.width, mark.height);
  else if (mark.kind === "text") {
    context.font = fontOf(mark);
    context.fillStyle = mark.fill;
    context.fillText(mark.text, mark.x, mark.y);
  } else {
    const { x, y, width, height } = mark;
    context.setLineDash(mark.dashed ? [4, 3] : []);
    context.lineWidth = 1.5;
    if (mark.fill) context.fillStyle = mark.fill;
    if (mark.fill) context.fillRect(x, y, width, height);
    if (mark.stroke) context.strokeStyle = mark.stroke;
    if (mark.stroke) context.strokeRect(x, y, width, height);
  }
}

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};

/** Text for XML, without the characters that it forbids. */
function escaped(text: string): string {
  const allowed = text.replace(
    /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu,
    "",
  );
  return allowed.replace(/[&<>"]/g, (letter) => ESCAPES[letter]);
}

function tag(name: string, attributes: Record<string, string | number>, inside = ""): string {
  const all = Object.entries(attributes).map(([key, value]) => {
    const said = typeof value === "number" ? String(Number(value.toFixed(2))) : escaped(value);
    return ` ${key}="${said}"`;
  });
  return `<${name}${all.join("")}>${inside}</${name}>`;
}

export function svgOf({ width, height, background, marks }: Figure, title: string): string {
  const box = { width, height, viewBox: `0 0 ${width} ${height}` };
  const page = tag("rect", { width, height, fill: background });
  const inside = [tag("title", {}, escaped(title)), page, ...marks.map(svgMark)].join("\n");
  const family = { "font-family": FAMILY };
  return tag("svg", { xmlns: "http://www.w3.org/2000/svg", ...box, ...family }, `\n${inside}\n`);
}

function svgMark(mark: Mark): string {
  const { x, y } = mark;
  if (mark.kind === "text") {
    const look = { fill: mark.fill, "font-size": mark.size, "font-weight": mark.bold ? 600 : 400 };
    return tag("text", { x, y, ...look, "xml:space": "preserve" }, escaped(mark.text));
  }
  const { width, height } = mark;
  if (mark.kind === "picture")
    return tag("image", {
      x,
      y,
      width,
      height,
      href: mark.canvas.toDataURL(),
      preserveAspectRatio: "none",
    });
  const { fill = "none", stroke, dashed } = mark;
  const line = stroke ? { stroke, "stroke-width": 1.5 } : {};
  return tag("rect", {
    x,
    y,
    width,
    height,
    fill,
    ...line,
    ...(dashed && { "stroke-dasharray": "4 3" }),
  });
}
