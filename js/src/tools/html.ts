/** The offline page of a view: this page itself, or one that the kernel makes. */
import { ask } from "../parts";
import type { Opened } from "../view/tools";
import { bytes } from "../wire";

/** Makes the page; null where that is not possible. */
export function pageMaker({ root, model, store }: Opened): (() => Promise<BlobPart>) | null {
  const own = root.closest("#tam") && document.getElementById("tam-data");
  if (own) return async () => pageItself(store.settings);
  if (model.part || !model.send) return null;
  return async () => {
    const [, [page]] = await ask({ kind: "html" }, model);
    return bytes(page) as Uint8Array<ArrayBuffer>;
  };
}

/** An exported page, with the settings as they are now. */
function pageItself(settings: object): string {
  const copy = document.documentElement.cloneNode(true) as HTMLElement;
  const data = copy.querySelector("#tam-data") as HTMLElement;
  const page = JSON.parse(data.textContent ?? "");
  const changed = { ...page, state: { ...page.state, ...settings } };
  data.textContent = JSON.stringify(changed).replaceAll("<", "\\u003c");
  delete copy.dataset.tamInvitation;
  copy.querySelector("#tam")?.replaceChildren("Loading the explanation …");
  return `<!doctype html>\n${copy.outerHTML}`;
}
