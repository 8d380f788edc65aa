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
  /** What the app's last run gave. */
  given: Packed["state"];
}

/** What a person points at; no more is sent to Python, since each change runs the app. */
const POINTED = ["selected", "box"] as const;

const shown = new WeakMap<Element | ShadowRoot, Shown>();

export default function component({ data, parentElement, setStateValue }: Component): void {
  const before = shown.get(parentElement);
  if (before) follow(before, data.state);
  else void show(data, parentElement, setStateValue);
}

/** Takes over what the app has changed since its last run, and leaves what a person has chosen. */
function follow(view: Shown, state: Packed["state"]): void {
  const before = view.given;
  view.given = state;
  for (const [name, value] of Object.entries(state))
    if (name !== "_header" && !same(value, before[name])) view.model.set(name, value);
}

async function show(
  data: Packed,
  parent: Component["parentElement"],
  send: Component["setStateValue"],
): Promise<void> {
  const model = localModel({ ...data.state }, bundledPart);
  shown.set(parent, { model, given: data.state });
  const pointed = () => Object.fromEntries(POINTED.map((name) => [name, model.get(name)]));
  let sent = pointed();
  model.save_changes = () => {
    if (same(pointed(), sent)) return;
    sent = pointed();
    send("pointed", sent);
  };
  model.set("_buffers", await inflated(data));
  const el = parent.appendChild(document.createElement("div"));
  render({ model, el });
}
