/** The elements of a gallery's page, and the gallery that reads them. */
import { onTestFinished } from "vitest";
import type { Explorer } from "../../src/gallery/messages";
import { offlineModel } from "../../src/gallery/offline-model";
import { PageData } from "../../src/gallery/page-data";
import { render } from "../../src/gallery/render";
import { deflate } from "../deflate";
import { drawn } from "../events";
import { Root } from "../root";
import { type MadeSample, wire } from "./made";

/** Packs a message with buffers of single bytes. */
async function pack(content: unknown, buffers: readonly Uint8Array[] = []): Promise<string> {
  const stored = buffers.map(({ length }) => [length, 1]);
  const header = new TextEncoder().encode(JSON.stringify({ content, stored }));
  const length = new Uint8Array(new Uint32Array([header.length]).buffer);
  const all = [length, header, ...buffers].flatMap((part) => [...part]);
  return deflate(Uint8Array.from(all));
}

export interface Choice {
  readonly runs: readonly (readonly [string, string])[];
  readonly samples: readonly MadeSample[];
}

function write(id: string, type: string, text: string): void {
  document.getElementById(id)?.remove();
  const made = Object.assign(document.createElement("script"), { id, type, textContent: text });
  document.body.append(made);
  onTestFinished(() => made.remove());
}

const GIF = Uint8Array.from(atob("R0lGODlhAQABAIAAAP///wAAACwAAAAAAQABAAACAkQBADs="), (letter) =>
  letter.charCodeAt(0),
);

/** An entry whose answer says which nouns are in focus. */
function entry(id: string, choice: number, nouns: string) {
  const run = { answer: `${id} ${choice} ${nouns}`, picture: 0, map: -1, rect: [0, 0, 1, 1] };
  return { id, runs: nouns.split(",").map(() => ({ ...run, size: [1, 1] })) };
}

function nounsOf(one: MadeSample): string[] {
  const counts = one.runs.map((run) => run?.w.length ?? 0);
  const all = counts.map((count) => Array.from({ length: count + 1 }, (_, i) => String(i - 1)));
  return all.reduce((done, next) => done.flatMap((a) => next.map((b) => `${a},${b}`)));
}

async function writeSample(id: string, place: number, choices: readonly Choice[]): Promise<void> {
  const cards = choices.map(({ samples }, i) => {
    const one = samples.find((other) => other.id === id);
    const nouns = one ? nounsOf(one) : [];
    const entries = Object.fromEntries(nouns.map((name) => [name, entry(id, i, name)]));
    return { entries, buffers: [0] };
  });
  write(`tam-card-${place}`, "text/plain", await pack({ choices: cards }, [GIF]));
  const missing = id === "e" ? "not saved" : null;
  const opened = choices.map((_, i) => ({
    ...{ id, selected: [[0, i]], settings: {}, missing, caveat: null },
    header: missing ? null : 0,
  }));
  const headers = [{ header: { panels: [{ title: id, model: "m" }] }, buffers: [-1, 0] }];
  const content = { choices: opened, headers };
  const own = [Uint8Array.of(7)];
  write(`tam-explanation-${place}`, "text/plain", await pack(content, own));
}

export async function openPage(
  choices: readonly Choice[],
  explorer: Explorer,
  traits: Record<string, unknown> = {},
): Promise<Root> {
  const ids = choices[0].samples.map(({ id }) => id);
  const state = { traits, choices: choices.map(({ runs }) => runs), samples: ids };
  write("tam-state", "application/json", JSON.stringify(state));
  const models = [...new Set(choices.map(({ runs }) => runs[0][0]))];
  for (const [i, { samples, runs }] of choices.entries()) {
    const [model, method] = runs[0];
    const about = { models, methods: [method], model, method, title: `${model}, ${method}` };
    write(`tam-listing-${i}`, "text/plain", await pack(wire(samples, about)));
  }
  for (const [place, id] of ids.entries()) await writeSample(id, place, choices);
  const el = document.createElement("div");
  document.body.append(el);
  const close = render({ model: await offlineModel(new PageData(), explorer), el });
  onTestFinished(() => {
    close();
    el.remove();
  });
  await drawn();
  return new Root(el.firstElementChild as HTMLElement);
}
