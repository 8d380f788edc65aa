/** Reads what `tam_widgets/views/gallery/packing.py` packs. */
import { inflate } from "../inflate";

/** A message, and the buffers that are in it. */
export interface Unpacked<C> {
  readonly content: C;
  readonly buffers: readonly Uint8Array[];
}

interface Header<C> {
  readonly content: C;
  /** Of each buffer its length, and the width of its numbers, whose bytes are parted. */
  readonly stored: readonly (readonly [length: number, width: number])[];
}

export async function unpack<C>(base64: string): Promise<Unpacked<C>> {
  const all = await inflate(base64);
  const length = new DataView(all).getUint32(0, true);
  const text = new TextDecoder().decode(new Uint8Array(all, 4, length));
  const { content, stored } = JSON.parse(text) as Header<C>;
  let at = 4 + length;
  const buffers = stored.map(([size, width]) => {
    const own = new Uint8Array(all, at, size);
    at += size;
    return width > 1 ? joined(own, width) : own;
  });
  return { content, buffers };
}

/** Numbers whose first bytes come before all second ones. */
function joined(parted: Uint8Array, width: number): Uint8Array {
  const count = parted.length / width;
  return Uint8Array.from(parted, (_, i) => parted[(i % width) * count + Math.floor(i / width)]);
}

/** Buffers by their numbers; those of another message are counted down from −1. */
export function placed(
  numbers: readonly number[],
  own: readonly Uint8Array[],
  others: readonly Uint8Array[] = [],
): Uint8Array[] {
  return numbers.map((number) => (number < 0 ? others[~number] : own[number]));
}
