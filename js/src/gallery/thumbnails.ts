/** Encoded pictures, and addresses under which an `img` shows them. */
import { type Buffer, bytes } from "../wire";
import type { WireThumbnail } from "./messages";

/** Bytes converted per call, which limits the number of arguments. */
const CHUNK = 8192;

/**
 * An encoded picture. Its address contains the picture itself, because creating the address of a
 * blob waits for the browser's main process, which is too slow while scrolling.
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
      letters.push(String.fromCharCode.apply(null, part)); // spreading takes ten times as long
    }
    return btoa(letters.join(""));
  }
}

function mime([first]: Uint8Array): string {
  if (first === 0x89) return "image/png";
  return first === 0xff ? "image/jpeg" : "image/webp";
}

/** The picture, map and answer on one side of a card. */
export interface Thumbnail {
  readonly answer: string;
  readonly picture: EncodedImage | null;
  readonly map: EncodedImage | null;
  /** Left, top, right, bottom of the map in shares of the picture. */
  readonly rect: WireThumbnail["rect"];
  readonly size: readonly [width: number, height: number];
  readonly outline: NonNullable<WireThumbnail["outline"]>;
  /** Why there is no picture, if another one may come. */
  readonly missing?: string;
}

/** One per run; null if there is none. */
export type Thumbnails = readonly (Thumbnail | null)[];

export function decodeThumbnail(wire: WireThumbnail, buffers: readonly Buffer[]): Thumbnail {
  const at = (i: number) => (i < 0 ? null : new EncodedImage(bytes(buffers[i])));
  const { answer, rect, size, outline = [] } = wire;
  const [picture, map] = [at(wire.picture), at(wire.map)];
  return { answer, rect, size: size ?? [4, 3], outline, picture, map };
}
