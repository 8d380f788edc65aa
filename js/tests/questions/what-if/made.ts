/** An explorer in which “what if” can be asked. */
import type { Panel } from "../../../src/wire";
import { click, drawn } from "../../events";
import { at, panel } from "../../view/made";
import { encode } from "../../view/opened";
import { type Asked, withKernel } from "../kernel";

const CANDIDATES = [
  { id: 10 + at(" red"), text: " red", probability: 0.7 },
  { id: 501, text: " blue", probability: 0.2 },
  { id: 502, text: "\n", probability: 0.001 },
];

/** A panel whose word “red” has other candidates. */
export async function withCandidates(more: Partial<Panel> = {}): Promise<Panel> {
  const made = await panel(more);
  const tokens = made.tokens.map((token, i) =>
    i === at(" red") ? { ...token, candidates: CANDIDATES } : token,
  );
  return { ...made, tokens };
}

/** Opens “what if”, and one of its ways. */
export async function openWay(
  way: string | null,
  settings: Record<string, unknown> = {},
  more: Partial<Panel> = {},
): Promise<Asked> {
  const asked = await withKernel([await withCandidates(more)], {
    _questions: [["what-if"]],
    ...settings,
  });
  await asked.press("what-if");
  if (way) await take(asked, way);
  return asked;
}

/** Presses a button by its text. */
export async function take({ view }: Asked, text: string): Promise<void> {
  click(view.button(text));
  await drawn();
}

/** The latest question. */
export const question = ({ sent }: Asked) => sent.findLast(({ kind }) => kind === "question");

export const ORIGINAL = { parent: null, change: "", label: "original", text: "A red airplane." };

/** What Python sets when a step is made: two panels, and the chain of steps. */
export async function answerWith(
  { view, say }: Asked,
  steps: readonly object[],
  step: number,
  changed: readonly [number[], number[]] = [[at(" red")], [at(" red")]],
): Promise<void> {
  const panels = await Promise.all(changed.map((own) => panel({ changed: own })));
  const { _header, _buffers } = encode(panels);
  const { model } = view;
  for (const [name, value] of Object.entries({ _steps: steps, step, _buffers, _header }))
    model.set(name, value);
  say("done", { data: { step } });
}
