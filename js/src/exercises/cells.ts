/** The cells of one picture, as places that can be drawn. */
import type { Layer } from "../layer";
import type { Rect } from "../wire";

export interface PlacedCell {
  /** Index of the visual token. */
  readonly index: number;
  readonly rect: Rect;
  readonly row: number;
  readonly col: number;
  readonly surface: number;
}

export function cellsOf({ surfaces }: Layer): PlacedCell[] {
  return surfaces.flatMap(({ rows, cols, rect: [left, top, right, bottom], cells }, surface) => {
    const [width, height] = [(right - left) / cols, (bottom - top) / rows];
    return Array.from({ length: rows * cols }, (_, i) => {
      const [row, col] = [Math.floor(i / cols), i % cols];
      const [x, y] = [left + col * width, top + row * height];
      return { index: cells[i], rect: [x, y, x + width, y + height], row, col, surface };
    });
  });
}

/** Cells whose centre lies in a round brush, and the one under its centre. */
export function underBrush(
  cells: readonly PlacedCell[],
  centre: PlacedCell,
  x: number,
  y: number,
  diameter: number,
): number[] {
  const { rect } = centre;
  const [width, height] = [rect[2] - rect[0], rect[3] - rect[1]];
  const within = ({ rect: [left, top, right, bottom] }: PlacedCell) =>
    Math.hypot((left + right - 2 * x) / width, (top + bottom - 2 * y) / height) <= diameter;
  const found = cells.filter((cell) => cell.surface === centre.surface && within(cell));
  return [...new Set([centre, ...found].map(({ index }) => index))];
}

const box = ([left, top, right, bottom]: Rect) => `M${left} ${top}H${right}V${bottom}H${left}Z`;

/** The drawn cells, as an SVG path to be filled. */
export function areaOf(cells: readonly PlacedCell[], drawn: ReadonlySet<number>): string {
  return cells
    .filter(({ index }) => drawn.has(index))
    .map(({ rect }) => box(rect))
    .join("");
}

/** The edges between drawn cells and others, as an SVG path. */
export function outlineOf(cells: readonly PlacedCell[], drawn: ReadonlySet<number>): string {
  const own = cells.filter(({ index }) => drawn.has(index));
  const key = (surface: number, row: number, col: number) => `${surface} ${row} ${col}`;
  const taken = new Set(own.map(({ surface, row, col }) => key(surface, row, col)));
  const edges = own.flatMap(({ surface, row, col, rect: [left, top, right, bottom] }) => {
    const sides = [
      [-1, 0, `M${left} ${top}H${right}`],
      [1, 0, `M${left} ${bottom}H${right}`],
      [0, -1, `M${left} ${top}V${bottom}`],
      [0, 1, `M${right} ${top}V${bottom}`],
    ] as const;
    return sides
      .filter(([down, across]) => !taken.has(key(surface, row + down, col + across)))
      .map(([, , edge]) => edge);
  });
  return edges.join("");
}
