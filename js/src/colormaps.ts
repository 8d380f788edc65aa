/** Colour tables, shared with Python as one file, and the opacity that goes with each value. */
import tables from "../../tam_widgets/widgets/colormaps.json";

export type ColormapName = keyof typeof tables;

export const COLORMAPS = Object.keys(tables) as ColormapName[];

/** Share of the scale at which the overlay reaches its full opacity. */
const SOLID_FROM = 0.6;

/** Opacity of a value, 0 to 1 on the scale: nothing at 0, so that the photo shows through. */
export function coverage(value: number): number {
  const t = Math.min(1, Math.max(0, value / SOLID_FROM));
  return t * (2 - t);
}

export interface Paint {
  readonly colormap: string;
  readonly opacity: number;
  /** Share of the scale below which nothing is drawn. */
  readonly cut: number;
}

/**
 * 256 pixels, RGBA in memory order, for values 0 to 1: colour, with the opacity of the overlay.
 */
export function pixelTable({ colormap, opacity, cut }: Paint): Uint32Array {
  const colours = atob(tables[colormap as ColormapName] ?? tables.viridis);
  const bytes = new Uint8ClampedArray(4 * 256);
  for (let i = 0; i < 256; i++) {
    const value = i / 255;
    for (let channel = 0; channel < 3; channel++)
      bytes[4 * i + channel] = colours.charCodeAt(3 * i + channel);
    bytes[4 * i + 3] = value < cut ? 0 : 255 * opacity * coverage(value);
  }
  return new Uint32Array(bytes.buffer);
}

/** Values 0 to `end` as pixels; an `end` of 0 leaves all transparent. */
export function colourise(
  values: ArrayLike<number>,
  end: number,
  table: Uint32Array,
  target: Uint32Array,
): void {
  const step = end > 0 ? 255 / end : 0;
  for (let i = 0; i < target.length; i++) {
    const level = values[i] * step + 0.5;
    target[i] = table[level < 255 ? level | 0 : 255];
  }
}
