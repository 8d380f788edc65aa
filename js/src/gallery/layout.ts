/** The layout of a long scrolling list: rows of cards of equal size. */

export interface Layout {
  readonly count: number;
  readonly columns: number;
  readonly rows: number;
  /** Size of a card in CSS pixels. */
  readonly width: number;
  readonly height: number;
  /** Height of all rows. */
  readonly total: number;
}

export const GAP = 12;

/** Height of a picture relative to its width. */
export const PICTURE = 0.75;

/** What the layout must know of a card. */
export interface CardSize {
  /** Smallest width in CSS pixels, if there is room for it. */
  readonly least: number;
  /** Number of pictures side by side. */
  readonly pictures: number;
  /** Height of its text. */
  readonly words: number;
}

export const BETWEEN = 4;

/** Width of one of the pictures of a card. */
export function pictureWidth(width: number, pictures: number): number {
  return (width - BETWEEN * (pictures - 1)) / pictures;
}

export function layout(room: number, count: number, size: CardSize): Layout {
  const columns = Math.max(1, Math.floor((room + GAP) / (size.least + GAP)));
  const width = Math.max(1, Math.floor((room - GAP * (columns - 1)) / columns));
  const height = Math.round(PICTURE * pictureWidth(width, size.pictures)) + size.words;
  const rows = Math.ceil(count / columns);
  const total = Math.max(0, rows * (height + GAP) - GAP);
  return { count, columns, rows, width, height, total };
}

/** The left and top edge of a card. */
export function placeOf({ columns, width, height }: Layout, i: number): [number, number] {
  return [(i % columns) * (width + GAP), Math.floor(i / columns) * (height + GAP)];
}

/** The first card, and the one after the last, of the rows in a viewport with a margin. */
export function inWindow(
  { count, columns, height }: Layout,
  top: number,
  room: number,
  margin: number,
): [first: number, stop: number] {
  const step = height + GAP;
  const first = Math.max(0, Math.floor((top - margin) / step));
  const stop = Math.ceil((top + room + margin) / step);
  return [Math.min(count, first * columns), Math.min(count, Math.max(first, stop) * columns)];
}

/** The scroll position that shows a card whole; unchanged if it is already visible. */
export function reveal(all: Layout, i: number, top: number, room: number): number {
  const [, start] = placeOf(all, i);
  const end = start + all.height;
  if (start < top || all.height > room) return start;
  return end > top + room ? end - room : top;
}
