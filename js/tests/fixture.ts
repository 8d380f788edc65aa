/** Panels of the fixture that Python and this test suite share, and numbers that Python computed. */
import { readFileSync } from "node:fs";
import { type Decoded, decode, type Header, type Panel } from "../src/wire";

export function fixture<T>(name: string): T {
  const file = new URL(`../../tests/fixtures/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, "utf8"));
}

function decoded(): Decoded {
  const wire = fixture<{ float32: { header: Header; buffers: string[] } }>("wire");
  const { header, buffers } = wire.float32;
  return decode(
    header,
    buffers.map((data) => new Uint8Array(Buffer.from(data, "base64"))),
  );
}

export const panels = (): readonly Panel[] => decoded().panels;

export const METHODS = decoded().methods;

export function farthest(found: ArrayLike<number>, expected: readonly number[]): number {
  if (found.length !== expected.length) return Number.POSITIVE_INFINITY;
  return expected.reduce((most, value, i) => Math.max(most, Math.abs(value - found[i])), 0);
}
