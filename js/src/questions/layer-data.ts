/** Tokens at all layers, as `tam_widgets/views/questions/layer_wire.py` packs them. */
import { type Buffer, bytes, decodeFloat16 } from "../wire";

/** What each layer would have written in a token's place. */
export interface Written {
  /** The token's own probability, layer by layer. */
  readonly probability: readonly number[];
  /** Texts of the most probable tokens. */
  readonly choices: readonly string[];
  /** Whether that is the token itself. */
  readonly first: readonly boolean[];
}

export interface SentToken {
  readonly token: number;
  /** Index of its buffer. */
  readonly buffer: number;
  /** Scales of the rows of activations, unexplained activations and relevances. */
  readonly scales: readonly (readonly number[])[];
  /** Smallest and largest relevance of each layer; empty where there is no other token. */
  readonly relevant: readonly (readonly number[])[];
  /** Null where it is not known. */
  readonly written: Written | null;
}

export interface SentLayers {
  /** Numbers of the layers, the last one at the end. */
  readonly layers: readonly number[];
  readonly tokens: readonly SentToken[];
}

/** One layer of a token. */
export interface TokenLayer {
  /** [visual] */
  readonly activation: Float32Array;
  /** What the context does not explain of it: [visual]. */
  readonly unexplained: Float32Array;
  /** Of the tokens before: [tokens]. */
  readonly relevance: Float32Array;
  readonly relevant: readonly number[];
}

export interface TokenLayers {
  readonly layers: readonly TokenLayer[];
  readonly written: Written | null;
}

/** @param tokens number of explained tokens */
export function decodeToken(sent: SentToken, buffer: Buffer, tokens: number): TokenLayers {
  const halves = new Uint16Array(bytes(buffer).slice().buffer);
  const count = sent.relevant.length;
  const visual = (halves.length / count - tokens) / 2;
  let read = 0;
  const rows = (width: number, scales: readonly number[]) =>
    scales.map((scale) => {
      const part = halves.subarray(read, read + width);
      read += width;
      return Float32Array.from(part, (bits) => scale * decodeFloat16(bits));
    });
  const activations = rows(visual, sent.scales[0]);
  const unexplained = rows(visual, sent.scales[1]);
  const relevances = rows(tokens, sent.scales[2]);
  const layers = sent.relevant.map((relevant, i) => ({
    activation: activations[i],
    unexplained: unexplained[i],
    relevance: relevances[i],
    relevant,
  }));
  return { layers, written: sent.written };
}
