/** Entry of the anatomy: a widget of its own, a page, and a part of the explorer. */
import { settings } from "../../../tam_widgets/contract.json";
import { element } from "../dom";
import { inflated, type Packed } from "../inflate";
import { localModel } from "../local-model";
import type { PartModel } from "../parts";
import { followTheme } from "../view/theme";
import type { Opened } from "../view/tools";
import { VideoView } from "../view/video";
import { type Buffer, decode, type Header, type Panel } from "../wire";
import { Facts } from "./facts";
import { AnatomyView } from "./shell";
import { Source } from "./source";

interface RenderProps {
  readonly model: PartModel;
  readonly el: HTMLElement;
  readonly signal?: AbortSignal;
}

/** Shows videos; null where there are none. */
const videoOf = ({ images }: Panel) =>
  images.some(({ video }) => video !== null) ? VideoView : null;

/** @param alone whether the page has nothing else, so that all keys are the steps' */
async function show(
  { model, el }: RenderProps,
  root: HTMLElement,
  signal: AbortSignal,
  alone: boolean,
): Promise<void> {
  const header = model.get("_header") as Header;
  const [panel] = decode(header, model.get("_buffers") as Buffer[]).panels;
  const token = model.get("_token") as number;
  const went = (step: number) => {
    model.set("step", step);
    model.save_changes();
  };
  const look = { colormap: settings.colormap.default, Video: videoOf(panel), went, close: null };
  const source = new Source(model, 0, token, signal);
  const view = new AnatomyView(new Facts(panel, token), source, look, signal);
  followTheme(el, root, signal)();
  const follow = () => view.show(model.get("step") as number);
  const learn = () => view.refresh(10);
  const heard = { "change:step": follow, "change:_known": learn, "change:_questions": learn };
  for (const [event, hear] of Object.entries(heard)) {
    model.on(event, hear);
    signal.addEventListener("abort", () => model.off(event, hear), { once: true });
  }
  if (alone) document.addEventListener("keydown", (event) => view.key(event), { signal });
  follow();
  await view.mount(root);
  root.dataset.ready = "1";
}

function render(props: RenderProps, alone = false): () => void {
  const { el, signal } = props;
  const controller = new AbortController();
  const root = element("div", { class: "tam-root", data: { testid: "tam-anatomy" } });
  root.dataset.lmSuppressShortcuts = "true";
  el.append(root);
  const close = () => {
    controller.abort();
    root.remove();
  };
  signal?.addEventListener("abort", close, { once: true });
  show(props, root, controller.signal, alone).catch((error) => fail(root, error));
  return close;
}

function fail(root: HTMLElement, error: unknown): void {
  const reason = error instanceof Error ? error.message : String(error);
  const text = `The steps could not be shown. ${reason}`;
  root.replaceChildren(element("p", { class: "tam-message tam-error", text, role: "status" }));
  root.dataset.ready = "error";
}

/** Opens the steps of a word in the place of an explorer. */
export async function open(
  { root, panels, model, store, signal }: Opened,
  index: number,
  token: number,
  closed: () => void,
): Promise<void> {
  const Video = videoOf(panels[index]);
  const explorer = root.firstElementChild as HTMLElement;
  const controller = new AbortController();
  const close = () => {
    controller.abort();
    view.element.remove();
    explorer.hidden = false;
    closed();
  };
  signal.addEventListener("abort", () => controller.abort(), { once: true });
  const source = new Source(model, index, token, controller.signal);
  const look = { colormap: store.settings.colormap, Video, went: () => {}, close };
  const view = new AnatomyView(new Facts(panels[index], token), source, look, controller.signal);
  explorer.hidden = true;
  view.show(1);
  await view.mount(root);
  view.focus();
}

/** Shows what is written into a page; `#5` is the fifth step. */
async function start(data: Element): Promise<void> {
  const page = JSON.parse(data.textContent ?? "{}") as Packed;
  const el = document.getElementById("tam") as HTMLElement;
  const model = localModel({ ...page.state, _buffers: await inflated(page) });
  const asked = () => Number(/^#(10|[1-9])$/.exec(location.hash)?.[1] ?? 0);
  const go = () => asked() && model.set("step", asked());
  go();
  model.save_changes = () => history.replaceState(null, "", `#${model.get("step")}`);
  window.addEventListener("hashchange", go);
  el.replaceChildren();
  render({ model, el }, true);
}

const data = document.getElementById("tam-anatomy");
if (data)
  start(data).catch((error) => {
    const el = document.getElementById("tam");
    if (el) el.textContent = `This file could not be opened: ${error}`;
  });

export default { render: (props: RenderProps) => render(props) };
