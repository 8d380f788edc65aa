/** The explorer without Jupyter: it opens what is written into the page; or is Streamlit's. */
import { bundledPart } from "./bundled-parts";
import { inflated, type Packed } from "./inflate";
import { localModel } from "./local-model";
import { render } from "./render";

export { default } from "./streamlit";

async function start(data: Element): Promise<void> {
  const page = JSON.parse(data.textContent ?? "{}") as Packed;
  const _buffers = await inflated(page);
  const el = document.getElementById("tam") as HTMLElement;
  el.replaceChildren();
  render({ model: localModel({ ...page.state, _buffers }, bundledPart), el });
}

const data = document.getElementById("tam-data");
if (data)
  start(data).catch((error) => {
    const el = document.getElementById("tam");
    if (el) el.textContent = `This file could not be opened: ${error}`;
  });
