import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { placed, unpack } from "../../src/gallery/packed";
import { decodeFloat16 } from "../../src/wire";

const FIXTURE = new URL("../../../tests/fixtures/packed.json", import.meta.url);
const [FIRST, SECOND] = JSON.parse(readFileSync(FIXTURE, "utf8")) as [string, string];

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

describe("what Python packs", () => {
  it("has its buffers by their numbers, and numbers whose bytes are together again", async () => {
    const { content, buffers } = await unpack<{ places: number[] }>(FIRST);
    const [picture, numbers, empty] = placed(content.places, buffers);
    expect(text(picture)).toBe("picture");
    const halves = new Uint16Array(numbers.slice().buffer);
    expect([...halves].map(decodeFloat16)).toEqual([0.5, -2, expect.closeTo(1e-3, 6)]);
    expect(empty.length).toBe(0);
  });

  it("may refer to the buffers of another message", async () => {
    const first = await unpack(FIRST);
    const { content, buffers } = await unpack<{ places: number[]; text: string }>(SECOND);
    expect(placed(content.places, buffers, first.buffers).map(text)).toEqual(["own", "picture"]);
    expect(content.text).toBe("é<");
  });
});
