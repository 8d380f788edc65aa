/** Entry of the gallery's file: the same gallery, and the explorer, on data in the page. */
import * as explorer from "../render";
import { offlineModel } from "./offline-model";
import { PageData } from "./page-data";
import { render } from "./render";

async function start(el: HTMLElement): Promise<void> {
  const model = await offlineModel(new PageData(), { default: explorer });
  el.replaceChildren();
  render({ model, el });
}

const el = document.getElementById("tam") as HTMLElement;
start(el).catch((error) => {
  el.textContent = `This file could not be opened: ${error}`;
});
