/** Pictures as they came, and addresses under which an `img` shows them. */
import { type Buffer, bytes } from "../wire";
import type { WireThumbnail } from "./messages";

/** Bytes that are turned into letters at once: more arguments than this a call may not have. */
const CHUNK = 8192;

/**
 * An encoded picture. Its address holds the picture itself: making a blob's address waits for the
 * browser's main process, which a list that scrolls has no time for.
 */
export class EncodedImage {
  readonly #bytes: Uint8Array;
  #address = "";

  constructor(encoded: Uint8Array) {
    this.#bytes = encoded.slice();
  }

  get address(): string {
    if (this.#address === "") this.#address = `data:${mime(this.#bytes)};base64,${this.#base64()}`;
    return this.#address;
  }

  #base64(): string {
    const letters = [];
    for (let at = 0; at < this.#bytes.length; at += CHUNK) {
      const part = this.#bytes.subarray(at, at + CHUNK) as unknown as number[];
      letters.push(String.fromCharCode.apply(null, part)); // spreading them takes ten times as long
    }
    return btoa(letters.join(""));
  }
}

function mime([first]: Uint8Array): string {
  if (first === 0x89) return "image/png";
  return first === 0xff ? "image/jpeg" : "image/webp";
}

/** What lies on one side of a card. */
export interface Thumbnail {
  readonly answer: string;
  readonly picture: EncodedImage | null;
  readonly map: EncodedImage | null;
  /** Left, top, right, bottom of the map in shares of the picture. */
  readonly rect: WireThumbnail["rect"];
  readonly size: readonly [width: number, height: number];
}

/** One a run; null where there is nothing. */
export type Thumbnails = readonly (Thumbnail | null)[];

export function decodeThumbnail(wire: WireThumbnail, buffers: readonly Buffer[]): Thumbnail {
  const at = (i: number) => (i < 0 ? null : new EncodedImage(bytes(buffers[i])));
  const { answer, rect, size } = wire;
  return { answer, rect, size: size ?? [4, 3], picture: at(wire.picture), map: at(wire.map) };
}
