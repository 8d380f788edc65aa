/** An explorer's data as text, for pages and hosts that take nothing else. */

export interface Packed {
  readonly state: Record<string, unknown>;
  /** Each zlib-compressed, then base64. */
  readonly buffers: readonly string[];
}

/** The buffers, in order. */
export function inflated({ buffers }: Packed): Promise<ArrayBuffer[]> {
  return Promise.all(buffers.map(inflate));
}

/** One buffer. */
export async function inflate(base64: string): Promise<ArrayBuffer> {
  const packed = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Response(stream).arrayBuffer();
}
