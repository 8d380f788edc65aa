/** Decodes what `tam_widgets/widgets/wire.py` encodes: one JSON header and binary buffers. */
import type { AttributionRecord } from "./attribution";

export const VERSION = 1;

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
  readonly probability: number | null;
  readonly candidates: readonly Candidate[];
}

/** Left, top, right, bottom in pixels of the upright full-size image. */
export type Rect = readonly [number, number, number, number];

export interface Grid {
  readonly rows: number;
  readonly cols: number;
  readonly rect: Rect;
  readonly image: number;
  readonly time: readonly [number, number] | null;
}

export interface StoredImage {
  readonly mime: string;
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** One explanation, as the views read it. */
export interface Panel extends AttributionRecord {
  readonly title: string;
  readonly model: string;
  readonly family: string;
  readonly prompt: string;
  readonly truncated: boolean;
  readonly images: readonly StoredImage[];
  readonly grids: readonly Grid[];
  readonly tokens: readonly Token[];
  readonly referenceActivation: Float32Array;
  readonly referenceRelevance: Float32Array;
}

/** A word of one panel, `[panel, its tokens]`; a group holds all occurrences of one word. */
export type Occurrence = readonly [number, readonly number[]];

export interface Decoded {
  readonly panels: readonly Panel[];
  readonly links: readonly (readonly Occurrence[])[];
}

interface WireArray {
  readonly buffer: number;
  readonly dtype: "float32" | "float16";
  readonly shape: readonly number[];
  readonly scale: number;
}

type WireImage = Omit<StoredImage, "data"> & { readonly buffer: number };

type Arrays = "activations" | "relevance" | "referenceActivation" | "referenceRelevance";

type WirePanel = Omit<Panel, Arrays | "images"> &
  Readonly<Record<Arrays, WireArray>> & { readonly images: readonly WireImage[] };

export interface Header {
  readonly version: number;
  readonly panels: readonly WirePanel[];
  readonly links: Decoded["links"];
}

/** A buffer as the host hands it over: Jupyter gives a DataView into a larger message. */
export type Buffer = DataView | ArrayBuffer | Uint8Array;

function bytes(buffer: Buffer): Uint8Array {
  if (buffer instanceof ArrayBuffer) return new Uint8Array(buffer);
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}

/** IEEE 754 half precision to a number. */
export function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}

function array(spec: WireArray, buffers: readonly Buffer[]): Float32Array {
  const copy = bytes(buffers[spec.buffer]).slice().buffer;
  const values =
    spec.dtype === "float16"
      ? Float32Array.from(new Uint16Array(copy), (bits) => spec.scale * half(bits))
      : new Float32Array(copy);
  const count = spec.shape.reduce((product, side) => product * side, 1);
  if (values.length !== count)
    throw new Error(`array of ${values.length} values: expected ${spec.shape.join(" × ")}`);
  return values;
}

function panel(spec: WirePanel, buffers: readonly Buffer[]): Panel {
  const { activations, relevance, referenceActivation, referenceRelevance, images, ...rest } = spec;
  return {
    ...rest,
    images: images.map(({ buffer, ...image }) => ({ ...image, data: bytes(buffers[buffer]) })),
    activations: array(activations, buffers),
    relevance: array(relevance, buffers),
    referenceActivation: array(referenceActivation, buffers),
    referenceRelevance: array(referenceRelevance, buffers),
  };
}

/** Panels and links from a header and its buffers; throws where the version is another. */
export function decode(header: Header, buffers: readonly Buffer[]): Decoded {
  if (header.version !== VERSION)
    throw new Error(
      `The data has version ${header.version}, this view reads ${VERSION}: ` +
        "install the same version of tam_widgets for both, then reload the page.",
    );
  return { panels: header.panels.map((spec) => panel(spec, buffers)), links: header.links };
}
