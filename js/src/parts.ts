/** Parts of the explorer that few views need: each is a module of its own, loaded on demand. */
import type { Model } from "./state/traits";
import type { Buffer } from "./wire";

/** Outlines are only known in a gallery, which has that part itself. */
export type PartName =
  | "video"
  | "tools"
  | "questions"
  | "outlines"
  | "method_menus"
  | "glossary"
  | "anatomy";

/** A model that can send to a kernel, or that holds the parts itself. */
export interface PartModel extends Model {
  send?(content: unknown): void;
  /** The host's; that of JupyterLab and Notebook knows its kernel. */
  readonly widget_manager?: { readonly kernel?: unknown };
  /** Given by pages that work without a kernel. */
  part?(name: PartName): Promise<unknown>;
}

/** Milliseconds after which a kernel counts as gone. */
const PATIENCE = 10_000;
/** For what nobody waits for: a kernel that runs all cells of a notebook answers late. */
const LONG_PATIENCE = 1e9;

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
  return carried?.[name] ?? (await ask<{ code: string }>({ kind: "part", name }, model))[0].code;
}

interface Request {
  readonly kind: string;
  readonly name?: PartName;
}

/** The kernel's answer to a request: a message that repeats it, and its buffers. */
export function ask<A>(request: Request, model: PartModel): Promise<[A, Buffer[]]> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => {
      clearTimeout(timer);
      model.off("msg:custom", hear);
      act();
    };
    const { kind, name } = request;
    const hear = (...said: unknown[]) => {
      const answer = said as [A & Request, Buffer[]];
      if (answer[0].kind === kind && answer[0].name === name) settle(() => resolve(answer));
    };
    const gone = () => settle(() => reject(new Error("this needs the running notebook")));
    const timer = setTimeout(gone, name === "questions" ? LONG_PATIENCE : PATIENCE);
    model.on("msg:custom", hear);
    try {
      model.send?.(request);
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
