/** Entry of the exported file: the same explorer on data embedded in the page. */
import { bundledPart } from "./bundled-parts";
import { inflate } from "./inflate";
import { localModel } from "./local-model";
import { render } from "./render";

interface Page {
  readonly state: Record<string, unknown>;
  /** Each zlib-compressed, then base64. */
  readonly buffers: readonly string[];
}

async function start(): Promise<void> {
  const data = document.getElementById("tam-data")?.textContent ?? "{}";
  const page = JSON.parse(data) as Page;
  const buffers = await Promise.all(page.buffers.map(inflate));
  const el = document.getElementById("tam") as HTMLElement;
  el.replaceChildren();
  render({ model: localModel({ ...page.state, _buffers: buffers }, bundledPart), el });
}

start().catch((error) => {
  const el = document.getElementById("tam");
  if (el) el.textContent = `This file could not be opened: ${error}`;
});
