/** Parts of the explorer that few views need: each is a module of its own, loaded on demand. */
import type { Model } from "./state/traits";

export type PartName = "video" | "tools";

/** A model that can send to a kernel, or that holds the parts itself. */
export interface PartModel extends Model {
  send?(content: unknown): void;
  /** Given by pages that work without a kernel. */
  part?(name: PartName): Promise<unknown>;
}

interface Answer {
  readonly kind: string;
  readonly name: PartName;
  readonly code: string;
}

/** Milliseconds after which a kernel counts as gone. */
const PATIENCE = 10_000;

const loaded = new Map<PartName, Promise<unknown>>();

/** A part, from the page, from the model's own state, or else from the kernel. */
export function part<M>(name: PartName, model: PartModel): Promise<M> {
  if (model.part) return model.part(name) as Promise<M>;
  const known = loaded.get(name) ?? codeOf(name, model).then(imported);
  loaded.set(name, known);
  known.catch(() => loaded.delete(name));
  return known as Promise<M>;
}

async function codeOf(name: PartName, model: PartModel): Promise<string> {
  const carried = model.get("_parts") as Partial<Record<PartName, string>> | undefined;
  return carried?.[name] ?? asked(name, model);
}

function asked(name: PartName, model: PartModel): Promise<string> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => {
      clearTimeout(timer);
      model.off("msg:custom", hear);
      act();
    };
    const hear = (...[{ kind, name: other, code }]: Answer[]) => {
      if (kind === "part" && other === name) settle(() => resolve(code));
    };
    const gone = () => settle(() => reject(new Error("this needs the running notebook")));
    const timer = setTimeout(gone, PATIENCE);
    model.on("msg:custom", hear as () => void);
    try {
      model.send?.({ kind: "part", name });
    } catch {
      gone();
    }
  });
}

/** Imports the code of a module. */
export async function imported(code: string): Promise<unknown> {
  const url = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
  try {
    return await import(/* @vite-ignore */ url);
  } finally {
    URL.revokeObjectURL(url);
  }
}
