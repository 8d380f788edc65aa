import { expect, it } from "vitest";
import type { SentLayers, SentToken } from "../../src/questions/layer-data";
import type { Panel } from "../../src/wire";
import { click, drawn } from "../events";
import { at, panel } from "../view/made";
import { open } from "../view/opened";
import { type Asked, withKernel } from "./kernel";

const LAYERS = [1, 2, 3];

/** IEEE half precision of 0 or a power of two. */
const half = (value: number) => (value === 0 ? 0 : (Math.log2(value) + 15) << 10);

/** A token whose map at each layer has one cell, which moves. */
function packed({ tokens, grids }: Panel, token: number, buffer = 0): [SentToken, Uint8Array] {
  const [{ rows, cols }] = grids;
  const spots = LAYERS.flatMap((layer) =>
    Array.from({ length: rows * cols }, (_, cell) => half(cell === layer ? 1 : 0)),
  );
  const relevances = LAYERS.flatMap(() => tokens.map((_, i) => half(i < token ? 0.5 : 0)));
  const data = new Uint8Array(Uint16Array.from([...spots, ...spots, ...relevances]).buffer);
  const sent = {
    token,
    buffer,
    scales: [
      [8, 4, 2],
      [8, 4, 2],
      [1, 1, 1],
    ],
    relevant: LAYERS.map(() => [0, 0.5]),
    written: {
      probability: [0.03, 0.4, 0.9],
      choices: [" cat", tokens[token].text, tokens[token].text],
      first: [false, true, true],
    },
  };
  return [sent, data];
}

async function locked(word = " sea", settings: Record<string, unknown> = {}): Promise<Asked> {
  const own = await panel();
  const made = await withKernel([own], {
    _questions: [["layers"]],
    kernel_size: 1,
    selected: [[0, at(word)]],
    ...settings,
  });
  return made;
}

async function answer({ say }: Asked, own: Panel, tokens: readonly number[]): Promise<void> {
  const all = tokens.map((token, i) => packed(own, token, i));
  const data: SentLayers = { layers: LAYERS, tokens: all.map(([sent]) => sent) };
  say(
    "done",
    { data },
    all.map(([, bytes]) => bytes.buffer as ArrayBuffer),
  );
  await drawn();
}

function slide({ view }: Asked, index: number): void {
  const slider = view.setting("layers");
  slider.value = String(index);
  slider.dispatchEvent(new Event("input", { bubbles: true }));
}

const said = ({ view }: Asked) => view.find(".tam-layer-said").textContent;

it("is not there before a word is locked", async () => {
  const made = await locked(" sea", { selected: [] });
  expect((made.view.find('[data-question="layers"]') as HTMLButtonElement).hidden).toBe(true);
});

it("shows the layer that is chosen, says what it would have written, and gives the map back", async () => {
  const made = await locked();
  const { view, sent, press } = made;
  const before = view.overlay();
  const label = view.find(".tam-choice > .tam-label");
  const candidates = () => getComputedStyle(label, "::after").content;
  await press("layers");
  expect(sent.at(-1)).toMatchObject({ name: "layers", panel: 0, tokens: [at(" sea")] });
  await answer(made, await panel(), [at(" sea")]);
  expect(view.overlay()).toBe(before);
  expect(said(made)).toContain("“sea” (p .90), as from layer 2 on (shaded)");
  expect(candidates()).toBe("none");
  slide(made, 0);
  expect(view.state.layer).toBe(1);
  expect(view.overlay()).not.toBe(before);
  expect(view.find(".tam-quantity").textContent).toBe("evidence for “sea” at layer 1");
  expect(view.find(".tam-raw").textContent).toBe("raw max 8.0");
  expect(said(made)).toBe(
    "At layer 1 the model’s first choice here is “cat” (p of “sea” .03); from layer 2 on (shaded) it is “sea”.",
  );
  expect(view.setting("layers").getAttribute("aria-valuetext")).toBe("layer 1 of 3");
  const one = view.overlay();
  slide(made, 1);
  expect(view.overlay()).not.toBe(one);
  expect(said(made)).toContain("from this layer on (shaded)");
  expect(candidates()).toContain("after the last layer");
  await press("layers");
  expect(view.state.layer).toBe(0);
  expect(view.overlay()).toBe(before);
  expect(candidates()).toBe("none");
});

it("keeps other words as they are, and follows to another locked one", async () => {
  const made = await locked();
  const { view, press, sent } = made;
  await press("layers");
  const own = await panel();
  await answer(made, own, [at(" sea")]);
  slide(made, 0);
  const other = view.token(at(" red"));
  other.dispatchEvent(new PointerEvent("pointerover", { bubbles: true }));
  expect(view.find(".tam-quantity").textContent).not.toContain("layer");
  click(other);
  expect(sent.at(-1)).toMatchObject({ tokens: [at(" red")] });
  await answer(made, own, [at(" red")]);
  expect(view.find(".tam-quantity").textContent).toBe("evidence for “red” at layer 1");
  expect(sent.filter(({ name }) => name === "layers")).toHaveLength(2);
});

it("opens when Python sets a layer, and aggregates the tokens of a word", async () => {
  const own = await panel();
  const plane = [at(" air"), at("plane")];
  const made = await locked(" air", { selected: plane.map((token) => [0, token]) });
  made.view.model.set("layer", 2);
  await drawn();
  expect(made.sent.at(-1)).toMatchObject({ name: "layers", tokens: plane });
  await answer(made, own, plane);
  expect(made.view.find(".tam-quantity").textContent).toContain("airplane” at layer 2");
  expect(said(made)).toContain("(p .16)");
});

it("names the method where the panels' methods differ", async () => {
  const own = await panel();
  const made = await withKernel([own, own], {
    _questions: [["layers"], ["layers"]],
    kernel_size: 1,
    methods: ["tam", "cam"],
    selected: [[1, at(" sea")]],
  });
  await made.press("layers", 1);
  await answer(made, own, [at(" sea")]);
  slide(made, 1);
  const quantities = made.view.all(".tam-quantity").map(({ textContent }) => textContent);
  expect(quantities[1]).toBe("plain CAM for “sea” at layer 2");
});

it("is set on the curve", async () => {
  const made = await locked();
  await made.press("layers");
  await answer(made, await panel(), [at(" sea")]);
  const curve = made.view.find<SVGElement>(".tam-layer-curve");
  expect(curve.dataset.settled).toBe("1");
  const { left, top } = curve.getBoundingClientRect();
  const place = { clientX: left + 2, clientY: top + 5, pointerId: 1, button: 0, bubbles: true };
  Object.assign(curve, { setPointerCapture: () => {} });
  curve.dispatchEvent(new PointerEvent("pointerdown", place));
  expect(made.view.state.layer).toBe(1);
});

it.each([
  [" sea", "This explanation does not keep what its layers would have written."],
  [" this", "The model read this word and did not write it."],
])("says of%s why no words of its layers are known", async (word, expected) => {
  const made = await locked(word);
  await made.press("layers");
  const [sent, bytes] = packed(await panel(), at(word), 0);
  const data = { layers: LAYERS, tokens: [{ ...sent, written: null }] };
  made.say("done", { data }, [bytes.buffer as ArrayBuffer]);
  await drawn();
  expect(said(made)).toBe(expected);
});

it("says why there is no answer", async () => {
  const made = await locked();
  await made.press("layers");
  made.say("failed", { message: "out of memory" });
  await drawn();
  expect(said(made)).toBe("out of memory");
});

it("needs no kernel where the page carries the layers", async () => {
  const own = await panel();
  const view = await open([own], { selected: [[0, at(" sea")]], kernel_size: 1 });
  const buffers = view.state._buffers as Uint8Array[];
  const [sent, data] = packed(own, at(" sea"), buffers.length);
  const carried = await open([own], {
    _buffers: [...buffers, data],
    _known: [{ layers: { layers: LAYERS, tokens: [sent] } }],
    _questions: [[]],
    selected: [[0, at(" sea")]],
    layer: 1,
  });
  await expect
    .poll(() => carried.all(".tam-quantity")[0]?.textContent, { interval: 5 })
    .toBe("evidence for “sea” at layer 1");
  click(carried.token(at(" red")));
  await drawn();
  expect(carried.find(".tam-layer-said").textContent).toContain("no other layers of this word");
});
