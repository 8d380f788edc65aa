/** Small made-up panels: every token lights a spot of its own. */
import type { Grid, Panel, StoredImage, Token } from "../../src/wire";

export const WIDTH = 80;
export const HEIGHT = 60;

const GRID: Grid = {
  rows: 6,
  cols: 8,
  rect: [0, 0, WIDTH, HEIGHT],
  image: 0,
  time: null,
  frames: 1,
  thumbnail: false,
};

export const PROMPT = ["Describe", " this"];
export const ANSWER = [" A", " red", " air", "plane", " over", " sea", ".", "</s>"];

/** The index of a token by what it says. */
export const at = (text: string) => [...PROMPT, ...ANSWER].indexOf(text);

export function grid(more: Partial<Grid> = {}): Grid {
  return { ...GRID, ...more };
}

/** A PNG of one colour. */
export async function png(width: number, height: number, colour = "teal"): Promise<Uint8Array> {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d") as OffscreenCanvasRenderingContext2D;
  context.fillStyle = colour;
  context.fillRect(0, 0, width, height);
  const blob = await canvas.convertToBlob();
  return new Uint8Array(await blob.arrayBuffer());
}

export async function image(more: Partial<StoredImage> = {}): Promise<StoredImage> {
  const { width, height } = { width: WIDTH, height: HEIGHT, ...more };
  const data = await png(width, height);
  return { mime: "image/png", width, height, video: null, time: null, data, ...more };
}

function token(text: string, i: number, answers: boolean): Token {
  return {
    id: 10 + i,
    text,
    kind: answers ? "answer" : "prompt",
    span: [0, text.length],
    special: text.startsWith("</"),
    probability: answers ? 0.5 + i / 100 : null,
    candidates: [],
  };
}

/** A spot of every token, each elsewhere, on all grids together. */
function spots(tokens: number, grids: readonly Grid[]): Float32Array {
  const cells = grids.flatMap(({ rows, cols }, number) =>
    Array.from({ length: rows * cols }, (_, i) => [number, Math.floor(i / cols), i % cols]),
  );
  const values = Array.from({ length: tokens }, (_, i) =>
    cells.map(([number, row, col]) => {
      const distance = Math.hypot(row - ((3 * i) % 6), col - (i % 8));
      const here = grids.length === 1 || number === i % grids.length;
      return here ? Math.max(0, 3 - distance) : 0.1;
    }),
  );
  return Float32Array.from(values.flat());
}

/** "A red airplane over sea.", of two prompt tokens; the airplane depends on what is red. */
export async function panel(more: Partial<Panel> = {}): Promise<Panel> {
  const grids = more.grids ?? [GRID];
  const tokens =
    more.tokens ?? [...PROMPT, ...ANSWER].map((text, i) => token(text, i, i >= PROMPT.length));
  const count = tokens.length;
  const relevance = new Float32Array(count * count);
  relevance[at(" air") * count + at(" red")] = 1;
  return {
    title: "model-a",
    model: "model-a",
    family: "made",
    prompt: PROMPT.join(""),
    truncated: false,
    given: false,
    images: [await image()],
    grids,
    tokens,
    words: [[0], [1], [2], [3], [4, 5], [6], [7]],
    turns: [
      ["user", 0, PROMPT.length],
      ["assistant", PROMPT.length, count],
    ],
    alternatives: [],
    firstClass: null,
    activations: spots(count, grids),
    relevance,
    referenceActivation: new Float32Array(0),
    referenceRelevance: new Float32Array(0),
    alternativeActivations: new Float32Array(0),
    alternativeRelevance: new Float32Array(0),
    maps: {},
    mapTokens: {},
    outlines: [],
    ...more,
  };
}

/** A panel in which a token might have been " ship", or the two pieces of " hot air". */
export async function withAlternatives(place: number, more: Partial<Panel> = {}): Promise<Panel> {
  const made = await panel(more);
  const visual = made.activations.length / made.tokens.length;
  const row = (other: number) => [
    ...made.activations.subarray(other * visual, (other + 1) * visual),
  ];
  const candidates = [
    { id: made.tokens[place].id, text: made.tokens[place].text, probability: 0.7 },
    { id: 3, text: " ship", probability: 0.2 },
  ];
  return {
    ...made,
    tokens: made.tokens.map((one, i) => (i === place ? { ...one, candidates } : one)),
    alternatives: [
      { token: place, text: " ship", ids: [3], probability: 0.2 },
      { token: place, text: " hot air", ids: [91, 92], probability: null },
    ],
    alternativeActivations: Float32Array.from([...row(0), ...row(1), ...row(2)]),
    alternativeRelevance: new Float32Array(3 * made.tokens.length),
  };
}
