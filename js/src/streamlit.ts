/** The explorer as a component of Streamlit, which calls it anew whenever the app has run. */
import { bundledPart } from "./bundled-parts";
import { inflated, type Packed } from "./inflate";
import { localModel } from "./local-model";
import { render } from "./render";
import { same } from "./state/traits";

interface Component {
  readonly data: Packed;
  readonly parentElement: Element | ShadowRoot;
  setStateValue(name: string, value: unknown): void;
}

interface Shown {
  readonly model: ReturnType<typeof localModel>;
  /** The settings as Python has them. */
  known: Record<string, unknown>;
}

/** What a person points at; no more is sent to Python, since each change runs the app. */
const POINTED = ["selected", "box"] as const;

const shown = new WeakMap<Element | ShadowRoot, Shown>();

export default function component({ data, parentElement, setStateValue }: Component): void {
  const before = shown.get(parentElement);
  if (before) follow(before, data.state);
  else void show(data, parentElement, setStateValue);
}

/** Takes over the settings that Python has changed. */
function follow(view: Shown, state: Record<string, unknown>): void {
  const { known, model } = view;
  view.known = { ...known, ...state };
  for (const [name, value] of Object.entries(state))
    if (name !== "_header" && !same(value, known[name])) model.set(name, value);
}

async function show(
  data: Packed,
  parent: Component["parentElement"],
  send: Component["setStateValue"],
): Promise<void> {
  const model = localModel({ ...data.state }, bundledPart);
  const view: Shown = { model, known: data.state };
  shown.set(parent, view);
  model.save_changes = () => {
    const pointed = Object.fromEntries(POINTED.map((name) => [name, model.get(name)]));
    if (POINTED.every((name) => same(pointed[name], view.known[name]))) return;
    view.known = { ...view.known, ...pointed };
    send("pointed", pointed);
  };
  model.set("_buffers", await inflated(data));
  const el = parent.appendChild(document.createElement("div"));
  render({ model, el });
}
