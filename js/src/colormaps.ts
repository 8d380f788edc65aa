/** Colour tables, shared with Python as one file, and the opacity that goes with each value. */
import { scale, colormaps as tables } from "../../tam_widgets/contract.json";

export type ColormapName = keyof typeof tables;

export const COLORMAPS = Object.keys(tables) as ColormapName[];

/**
 * Smallest end of a map's own scale: weak maps are amplified, but one with almost nothing left
 * looks empty.
 */
export const LEAST_END = scale.least_end;

/** Names of the upper and the lower end of a method's own diverging scale. */
export const ENDS = scale.ends as [string, string];

/** Share of the scale at which the overlay reaches its full opacity. */
const SOLID_FROM = scale.solid_from;

/** Opacity of a value, 0 to 1 on the scale; 0 is transparent, so that the photo shows. */
export function coverage(value: number): number {
  const t = Math.min(1, Math.max(0, value / SOLID_FROM));
  return t * (2 - t);
}

export interface Paint {
  readonly colormap: string;
  readonly opacity: number;
  /** Share of the scale below which nothing is drawn. */
  readonly threshold: number;
  /** Values run from below 0 to above it, in two colours; 0 is in the middle of the table. */
  readonly diverging: boolean;
}

const channel = (colour: string, i: number) =>
  Number.parseInt(colour.slice(1 + 2 * i, 3 + 2 * i), 16);

/**
 * A colour channel of a value from −1 to 1: orange above 0, blue below, which people with any kind
 * of colour blindness can tell apart.
 */
function divergingChannel(value: number, i: number): number {
  const [pale, full] = value < 0 ? scale.below : scale.above;
  return channel(pale, i) + (channel(full, i) - channel(pale, i)) * Math.abs(value);
}

/** A channel of step 0 to 255, interpolated in a table that holds every third colour. */
function tableChannel(colours: string, step: number, k: number): number {
  const at = 3 * Math.floor(step / 3) + k;
  const from = colours.charCodeAt(at);
  return step % 3 ? from + ((colours.charCodeAt(at + 3) - from) * (step % 3)) / 3 : from;
}

/** 256 pixels, RGBA in memory order, for the whole scale: colour, with the overlay's opacity. */
export function pixelTable({ colormap, opacity, threshold, diverging }: Paint): Uint32Array {
  const colours = atob(tables[colormap as ColormapName] ?? tables.viridis);
  const bytes = new Uint8ClampedArray(4 * 256);
  for (let i = 0; i < 256; i++) {
    const value = diverging ? Math.max(-1, (i - 128) / 127) : i / 255;
    for (let k = 0; k < 3; k++)
      bytes[4 * i + k] = diverging ? divergingChannel(value, k) : tableChannel(colours, i, k);
    const size = Math.abs(value);
    bytes[4 * i + 3] = size < threshold ? 0 : 255 * opacity * coverage(size);
  }
  return new Uint32Array(bytes.buffer);
}

/**
 * Values as pixels, from 0 to `end`, or from −`end` to `end` if `middle` is the table's index of 0.
 * An `end` of 0 makes everything transparent.
 */
export function colourise(
  values: ArrayLike<number>,
  end: number,
  table: Uint32Array,
  target: Uint32Array,
  middle = 0,
): void {
  const step = end > 0 ? (255 - middle) / end : 0;
  for (let i = 0; i < target.length; i++) {
    const level = values[i] * step + middle + 0.5;
    target[i] = table[level < 255 ? level | 0 : 255];
  }
}
