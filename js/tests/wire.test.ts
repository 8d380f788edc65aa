import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { mediaOf } from "../src/media";
import { choicesOf } from "../src/view/candidates";
import { decode, decodeFloat16, type Header, type Panel } from "../src/wire";

interface Encoded {
  readonly header: Header;
  readonly buffers: string[];
}

const FIXTURE = new URL("../../tests/fixtures/wire.json", import.meta.url);
const fixture: Record<"float32" | "float16", Encoded> = JSON.parse(readFileSync(FIXTURE, "utf8"));

/** As Jupyter hands buffers over: views into one larger message, at odd offsets. */
function asReceived(base64: string): DataView {
  const data = Buffer.from(base64, "base64");
  const message = new Uint8Array(data.length + 3);
  message.set(data, 3);
  return new DataView(message.buffer, 3, data.length);
}

const read = ({ header, buffers }: Encoded) => decode(header, buffers.map(asReceived));

/** As JupyterLite hands JSON over: without what is null. */
const withoutNulls = <T>(value: T): T =>
  JSON.parse(JSON.stringify(value, (_, part) => part ?? undefined));

/** The formula of tests/views/made.py. */
const activations = (count: number) =>
  Float32Array.from({ length: count }, (_, i) => ((i * 7) % 16) / 8);

describe.each(["float32", "float16"] as const)("the fixture in %s", (precision) => {
  const { methods, panels, links } = read(fixture[precision]);
  const [first, second, third] = panels;

  it("gives the activations that Python had", () => {
    expect(first.activations).toEqual(activations(7 * 12));
    expect(second.activations).toEqual(activations(4 * 8));
    expect(first.referenceActivation).toEqual(
      first.activations.subarray(2 * 12, 3 * 12).map((value) => value / 2),
    );
  });

  it("gives the methods, and the maps that the browser does not compute", () => {
    expect(methods.map(({ name }) => name)).toEqual([
      "tam",
      "tam-no-eci",
      "tam-no-rgf",
      "cam",
      "mine",
    ]);
    expect(methods[0]).toMatchObject({ label: "TAM", inBrowser: true, signed: false });
    expect(methods[0].options).toContain("eci");
    expect(methods[4]).toMatchObject({
      label: "my method",
      source: "by hand",
      options: [],
      signed: true,
      inBrowser: false,
      alternatives: false,
    });
    expect(first.maps).toEqual({});
    expect(third.maps.mine).toEqual(third.activations.map((value) => value - 15 / 16));
  });

  it("gives the relevance that Python had, zeros above the diagonal", () => {
    expect(first.relevance).toEqual(
      Float32Array.from({ length: 49 }, (_, i) => (i % 7 < Math.floor(i / 7) ? (i % 5) / 4 : 0)),
    );
  });

  it("keeps tokens, grids and images", () => {
    expect(first.tokens.map(({ text }) => text)).toEqual([
      "Say",
      " it",
      " a",
      " dog",
      "ling",
      " <b>runs</b>",
      "<end>",
    ]);
    expect(first.tokens[0]).toMatchObject({ kind: "prompt", probability: null, candidates: [] });
    expect(first.tokens[6]).toMatchObject({ kind: "answer", special: true, probability: 0.5 });
    expect(first.tokens[3].candidates[1]).toEqual({ id: 99, text: " other", probability: 0.25 });
    const grid = { rows: 3, cols: 4, rect: [2, 0, 10, 8], image: 0, time: null };
    expect(first.grids).toEqual([{ ...grid, frames: 1, thumbnail: false }]);
    expect(second.grids.map(({ image, frames }) => [image, frames])).toEqual([
      [0, 2],
      [2, 1],
    ]);
    expect(second.grids[1]).toMatchObject({ time: [1, 1.5] });
    expect(second.images.map(({ video, time }) => [video, time])).toEqual([
      [0, 0],
      [0, 0.5],
      [0, 1],
    ]);
    expect(third.grids.map(({ thumbnail }) => thumbnail)).toEqual([false, false, true]);
    expect(new TextDecoder().decode(first.images[0].data)).toBe("stands for a picture");
    expect(second.images[1]).toMatchObject({ mime: "image/png", width: 12, height: 8 });
    expect([first.truncated, second.truncated]).toEqual([false, true]);
    expect([first.given, third.given]).toEqual([false, true]);
    expect(first).toMatchObject({ title: "by-hand", model: "made/by-hand", prompt: "Say it" });
  });

  it("keeps words, turns and alternatives", () => {
    expect(first.words).toEqual([[0], [1], [2], [3, 4], [5], [5], [5]]);
    expect(first.turns).toEqual([
      ["user", 0, 2],
      ["assistant", 2, 7],
    ]);
    expect(third.turns.map(([role]) => role)).toEqual(["user", "assistant", "user", "assistant"]);
    expect(third.alternatives).toEqual([
      { token: 5, text: " cat", ids: [50], probability: 0.125 },
      { token: 5, text: " hot dog", ids: [51, 52], probability: null },
    ]);
    expect(third.alternativeActivations.length).toBe(3 * 10);
    expect(third.alternativeRelevance.length).toBe(3 * 7);
  });

  it("links the words that both panels have", () => {
    expect(links).toContainEqual([
      [0, [0]],
      [1, [0]],
      [2, [0]],
    ]);
  });
});

describe("decoding", () => {
  it("refuses another version and says how to mend it", () => {
    const { header, buffers } = fixture.float32;
    expect(() => read({ header: { ...header, version: 99 }, buffers })).toThrow(
      /version 99.*same version/,
    );
  });

  it("shows an explanation again where its number stands", () => {
    const { header, buffers } = fixture.float32;
    const panels = [...header.panels, 1, 0];
    const again = read({ header: { ...header, panels }, buffers }).panels;
    expect(again).toHaveLength(header.panels.length + 2);
    expect([again.at(-2), again.at(-1)]).toEqual([again[1], again[0]]);
    expect(again.at(-1)).toBe(again[0]);
  });

  it("refuses an array of the wrong size", () => {
    const { header, buffers } = fixture.float32;
    expect(() => read({ header, buffers: buffers.map(() => "AAAA") })).toThrow();
  });

  it.each([
    [0x3c00, 1],
    [0xc000, -2],
    [0x3555, 0.333251953125],
    [0x0001, 2 ** -24],
    [0x7bff, 65504],
    [0x7c00, Number.POSITIVE_INFINITY],
    [0x8000, -0],
  ])("reads half precision %d as %d", (bits, value) => {
    expect(decodeFloat16(bits)).toBe(value);
  });
});

it("reads what JupyterLite leaves out as it reads null", () => {
  const { header, buffers } = fixture.float32;
  const received = withoutNulls(header);
  expect(JSON.stringify(received)).not.toMatch("null");
  const shown = ({ images, tokens, alternatives }: Panel) => ({
    media: mediaOf(images),
    choices: tokens.map((token, index) => choicesOf(index, token, alternatives)),
  });
  const theirs = read({ header: received, buffers }).panels.map(shown);
  expect(theirs).toEqual(read(fixture.float32).panels.map(shown));
});
