/** Opens the view whose data are written into the page. */
import { inflated, type Packed } from "./inflate";
import { localModel } from "./local-model";
import type { PartModel } from "./parts";

/** What shows a view. */
type Render = (props: { readonly model: PartModel; readonly el: HTMLElement }) => unknown;

/** Does nothing in a page without such data. */
export function openPage(render: Render, part?: PartModel["part"]): void {
  const data = document.getElementById("tam-data");
  const el = document.getElementById("tam");
  if (data && el)
    start(data, el, render, part).catch((error) => {
      el.textContent = `This file could not be opened: ${error}`;
    });
}

async function start(
  data: Element,
  el: HTMLElement,
  render: Render,
  part: PartModel["part"],
): Promise<void> {
  const page = JSON.parse(data.textContent ?? "{}") as Packed;
  const _buffers = await inflated(page);
  el.replaceChildren();
  render({ model: localModel({ ...page.state, _buffers }, part), el });
}
