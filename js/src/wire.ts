/**
 * Decodes what `tam_widgets/views/wire.py` encodes: one JSON header and binary buffers.
 *
 * What may be null may also be missing: JupyterLite's kernel leaves out what is None in Python.
 */
import { wire_version as VERSION } from "../../tam_widgets/contract.json";
import type { AttributionRecord } from "./attribution";
import type { Method } from "./methods";

export interface Candidate {
  readonly id: number;
  readonly text: string;
  readonly probability: number;
}

export interface Token {
  readonly id: number;
  readonly text: string;
  readonly kind: "prompt" | "answer";
  readonly span: readonly [number, number];
  readonly special: boolean;
  readonly probability?: number | null;
  readonly candidates: readonly Candidate[];
}

/** Left, top, right, bottom in pixels of the upright full-size image. */
export type Rect = readonly [number, number, number, number];

export interface Grid {
  readonly rows: number;
  readonly cols: number;
  readonly rect: Rect;
  readonly image: number;
  /** Start and end in seconds, for frames of a video. */
  readonly time?: readonly [number, number] | null;
  /** Number of consecutive images, from `image` on, that the grid covers together. */
  readonly frames: number;
  /** Whether it is the downscaled view of a whole picture that is also seen as tiles. */
  readonly thumbnail: boolean;
}

export interface StoredImage {
  readonly mime: string;
  readonly width: number;
  readonly height: number;
  /** Index of the video it belongs to; null for a picture. */
  readonly video?: number | null;
  /** When the frame is shown, in seconds. */
  readonly time?: number | null;
  readonly data: Uint8Array;
}

/** A message of the conversation: its role, its first token, and the one after its last. */
export type Turn = readonly [role: "user" | "assistant", start: number, stop: number];

/** A word that might stand in an answer token's place; rows are stored in this order. */
export interface Alternative {
  readonly token: number;
  readonly text: string;
  /** Vocabulary ids, one row each; several if the text is more than one token. */
  readonly ids: readonly number[];
  readonly probability?: number | null;
}

/** Where the objects of one category truly lie, from a labelled mask. */
export interface Outline {
  readonly name: string;
  /** Closed lines x, y, x, y, … in thousandths of the picture's width and height. */
  readonly rings: readonly (readonly number[])[];
  /** Tokens of the words that name it. */
  readonly tokens: readonly number[];
  readonly image: number;
}

/** One explanation, as the views read it. */
export interface Panel extends AttributionRecord {
  readonly title: string;
  readonly model: string;
  readonly family: string;
  readonly prompt: string;
  readonly truncated: boolean;
  /** Whether the answer was given to the model rather than generated. */
  readonly given: boolean;
  readonly images: readonly StoredImage[];
  readonly grids: readonly Grid[];
  readonly tokens: readonly Token[];
  /** Tokens that make up a word, word by word; spaces and punctuation belong to none. */
  readonly words: readonly (readonly number[])[];
  readonly turns: readonly Turn[];
  readonly alternatives: readonly Alternative[];
  readonly firstClass?: number | null;
  readonly referenceActivation: Float32Array;
  readonly referenceRelevance: Float32Array;
  /** [rows, visual] and [rows, tokens], one row per id of the alternatives, in order. */
  readonly alternativeActivations: Float32Array;
  readonly alternativeRelevance: Float32Array;
  /** Maps that the browser does not compute, [tokens, visual], by name of the method. */
  readonly maps: Readonly<Record<string, Float32Array>>;
  /** The tokens for which they were computed, where these are not all. */
  readonly mapTokens: Readonly<Record<string, readonly number[]>>;
  /** Known in an evaluation only. */
  readonly outlines: readonly Outline[];
  /** Tokens of words that differ from the other panel's, of a step and what it was made from. */
  readonly changed?: readonly number[] | null;
}

/** A word of one panel, `[panel, its tokens]`; a group holds all occurrences of one word. */
export type Occurrence = readonly [number, readonly number[]];

export interface Decoded {
  readonly methods: readonly Method[];
  readonly panels: readonly Panel[];
  readonly links: readonly (readonly Occurrence[])[];
  /** Tokens that each panel shows before anybody chose one. */
  readonly atRest: readonly (readonly number[])[];
}

interface WireArray {
  readonly buffer: number;
  readonly dtype: "float32" | "float16";
  readonly shape: readonly number[];
  readonly scale: number;
}

type WireImage = Omit<StoredImage, "data"> & { readonly buffer: number };

const ARRAYS = [
  "activations",
  "relevance",
  "referenceActivation",
  "referenceRelevance",
  "alternativeActivations",
  "alternativeRelevance",
] as const;

type Arrays = (typeof ARRAYS)[number];

type WirePanel = Omit<Panel, Arrays | "images" | "maps"> &
  Readonly<Record<Arrays, WireArray>> & {
    readonly images: readonly WireImage[];
    readonly maps: Readonly<Record<string, WireArray>>;
  };

export interface Header {
  readonly version: number;
  readonly methods: readonly Method[];
  /** A number stands for an earlier panel, which is shown again. */
  readonly panels: readonly (WirePanel | number)[];
  readonly links: Decoded["links"];
  readonly atRest: Decoded["atRest"];
}

/** A buffer as the host provides it: in Jupyter, a DataView into a larger message. */
export type Buffer = DataView | ArrayBuffer | Uint8Array;

/** The bytes of a buffer, without a copy. */
export function bytes(buffer: Buffer): Uint8Array {
  if (buffer instanceof ArrayBuffer) return new Uint8Array(buffer);
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}

/** IEEE 754 half precision to a number. */
export function decodeFloat16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}

function array(spec: WireArray, buffers: readonly Uint8Array[]): Float32Array {
  const copy = buffers[spec.buffer].slice().buffer as ArrayBuffer;
  const values =
    spec.dtype === "float16"
      ? Float32Array.from(new Uint16Array(copy), (bits) => spec.scale * decodeFloat16(bits))
      : new Float32Array(copy);
  const count = spec.shape.reduce((product, side) => product * side, 1);
  if (values.length !== count)
    throw new Error(`array of ${values.length} values: expected ${spec.shape.join(" × ")}`);
  return values;
}

function panel(spec: WirePanel, buffers: readonly Uint8Array[]): Panel {
  const arrays = ARRAYS.map((name) => [name, array(spec[name], buffers)]);
  const maps = Object.entries(spec.maps).map(([name, values]) => [name, array(values, buffers)]);
  return {
    ...spec,
    ...(Object.fromEntries(arrays) as Record<Arrays, Float32Array>),
    maps: Object.fromEntries(maps),
    images: spec.images.map(({ buffer, ...image }) => ({ ...image, data: buffers[buffer] })),
  };
}

/**
 * Methods, panels and links from a header and its buffers; throws if the version differs. Panels
 * that show the same picture share its data.
 */
export function decode(header: Header, buffers: readonly Buffer[]): Decoded {
  if (header.version !== VERSION)
    throw new Error(
      `The data has version ${header.version}, this view reads ${VERSION}: ` +
        "install the same version of tam_widgets for both, then reload the page.",
    );
  const data = buffers.map(bytes);
  const panels: Panel[] = [];
  for (const spec of header.panels)
    panels.push(typeof spec === "number" ? panels[spec] : panel(spec, data));
  return { ...header, panels };
}
