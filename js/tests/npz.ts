/** A reader of NumPy's .npz files, enough for the golden data. */
import { readFileSync } from "node:fs";
import { inflateRawSync } from "node:zlib";

export interface Array_ {
  readonly shape: number[];
  readonly data: ArrayLike<number>;
}

const READERS: Record<string, (bytes: ArrayBuffer) => ArrayLike<number>> = {
  "<f4": (bytes) => new Float32Array(bytes),
  "<f8": (bytes) => new Float64Array(bytes),
  "|u1": (bytes) => new Uint8Array(bytes),
  "|b1": (bytes) => new Uint8Array(bytes),
  "<i4": (bytes) => new Int32Array(bytes),
  "<i8": (bytes) => Float64Array.from(new BigInt64Array(bytes), Number),
};

/** Parses one .npy file; null for text arrays, which the golden maps do not need. */
function parseNpy(file: Buffer): Array_ | null {
  const wide = file[6] > 1;
  const length = wide ? file.readUInt32LE(8) : file.readUInt16LE(8);
  const start = (wide ? 12 : 10) + length;
  const header = file.toString("latin1", wide ? 12 : 10, start);
  const reader = READERS[/'descr': '([^']+)'/.exec(header)?.[1] ?? ""];
  if (!reader) return null;
  const shape = (/'shape': \(([^)]*)\)/.exec(header)?.[1] ?? "").split(",").filter((n) => n.trim());
  const body = file.subarray(start);
  const data = reader(
    body.buffer.slice(body.byteOffset, body.byteOffset + body.length) as ArrayBuffer,
  );
  return { shape: shape.map(Number), data };
}

/** Walks the central directory of a zip file (stored or deflated entries, no zip64). */
export function readNpz(path: string): Record<string, Array_> {
  const zip = readFileSync(path);
  const end = zip.lastIndexOf(Buffer.from("PK\x05\x06", "latin1"));
  const arrays: Record<string, Array_> = {};
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    const [method, size] = [zip.readUInt16LE(at + 10), zip.readUInt32LE(at + 20)];
    const nameLength = zip.readUInt16LE(at + 28);
    const name = zip.toString("utf8", at + 46, at + 46 + nameLength);
    const local = zip.readUInt32LE(at + 42);
    const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const packed = zip.subarray(start, start + size);
    const array = parseNpy(method === 0 ? packed : inflateRawSync(packed));
    if (array) arrays[name.replace(/\.npy$/, "")] = array;
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return arrays;
}
