/** Where grids lie on their image: what no grid covers, and which cell a point is in. */
import type { Grid, Rect } from "./wire";

/** A grid with its number in the panel and the offset of its first value in a map. */
export interface PlacedGrid extends Grid {
  readonly offset: number;
}

/** Grids with their offsets, in the order of the map. */
export function place(grids: readonly Grid[]): PlacedGrid[] {
  let offset = 0;
  return grids.map((grid) => {
    const placed = { ...grid, offset };
    offset += grid.rows * grid.cols;
    return placed;
  });
}

const area = ([left, top, right, bottom]: Rect) => (right - left) * (bottom - top);

/** Larger grids first, so that tiles are drawn over a thumbnail of the whole. */
export function coarseFirst(grids: readonly PlacedGrid[]): PlacedGrid[] {
  return [...grids].sort((a, b) => area(b.rect) / b.cols / b.rows - area(a.rect) / a.cols / a.rows);
}

function edges(size: number, values: readonly number[]): number[] {
  const inside = values.map((value) => Math.min(size, Math.max(0, value)));
  return [...new Set([0, ...inside, size])].sort((a, b) => a - b);
}

/** Rectangles of a width × height image that no grid covers; slivers under a pixel count as seen. */
export function unseen(width: number, height: number, grids: readonly Grid[]): Rect[] {
  const xs = edges(
    width,
    grids.flatMap(({ rect }) => [rect[0], rect[2]]),
  );
  const ys = edges(
    height,
    grids.flatMap(({ rect }) => [rect[1], rect[3]]),
  );
  const covered = (x: number, y: number) =>
    grids.some(({ rect }) => rect[0] <= x && x <= rect[2] && rect[1] <= y && y <= rect[3]);
  const found: Rect[] = [];
  for (let j = 0; j + 1 < ys.length; j++)
    for (let i = 0; i + 1 < xs.length; i++) {
      const rect: Rect = [xs[i], ys[j], xs[i + 1], ys[j + 1]];
      const wide = rect[2] - rect[0] >= 1 && rect[3] - rect[1] >= 1;
      if (wide && !covered((rect[0] + rect[2]) / 2, (rect[1] + rect[3]) / 2)) found.push(rect);
    }
  return found;
}

export interface Cell {
  /** Index into the token's map. */
  readonly index: number;
  readonly rect: Rect;
}

/** The finest grid's cell at a point of the image, or null where the model saw nothing. */
export function cellAt(grids: readonly PlacedGrid[], x: number, y: number): Cell | null {
  const finestFirst = coarseFirst(grids).reverse();
  const grid = finestFirst.find(
    ({ rect }) => rect[0] <= x && x < rect[2] && rect[1] <= y && y < rect[3],
  );
  if (!grid) return null;
  const [left, top, right, bottom] = grid.rect;
  const [width, height] = [(right - left) / grid.cols, (bottom - top) / grid.rows];
  const [col, row] = [Math.floor((x - left) / width), Math.floor((y - top) / height)];
  return {
    index: grid.offset + row * grid.cols + col,
    rect: [
      left + col * width,
      top + row * height,
      left + (col + 1) * width,
      top + (row + 1) * height,
    ],
  };
}

/** In words, where a map is strongest: "top left", "centre", … of which image. */
export function strongestRegion(map: Float32Array, grids: readonly PlacedGrid[]): string {
  const index = map.reduce((best, value, i) => (value > map[best] ? i : best), 0);
  const grid = grids.findLast(({ offset }) => offset <= index);
  if (!grid || !(map[index] > 0)) return "no region";
  const [row, col] = [
    Math.floor((index - grid.offset) / grid.cols),
    (index - grid.offset) % grid.cols,
  ];
  const vertical = ["top", "", "bottom"][Math.min(2, Math.floor((3 * row) / grid.rows))];
  const horizontal = ["left", "", "right"][Math.min(2, Math.floor((3 * col) / grid.cols))];
  const where = [vertical, horizontal].filter(Boolean).join(" ") || "centre";
  return grids.some(({ image }) => image !== grid.image)
    ? `${where} of image ${grid.image + 1}`
    : where;
}
