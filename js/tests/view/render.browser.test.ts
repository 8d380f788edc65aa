import { expect, it, onTestFinished } from "vitest";
import { bundledPart } from "../../src/bundled-parts";
import { localModel } from "../../src/local-model";
import { render } from "../../src/render";
import type { Model } from "../../src/state/traits";
import { panel } from "./made";
import { encode, open } from "./opened";

function show(state: Record<string, unknown>) {
  const el = document.createElement("div");
  document.body.append(el);
  onTestFinished(() => el.remove());
  render({ model: localModel(state), el });
  return el.firstElementChild as HTMLElement;
}

it("says that there is nothing yet", () => {
  const root = show({ _header: {}, _buffers: [] });
  expect(root.textContent).toBe("Nothing to explain yet.");
  expect(root.dataset.ready).toBe("1");
});

it("says why data of another version cannot be shown", async () => {
  const { _header, _buffers } = encode([await panel()]);
  const root = show({ _header: { ..._header, version: 1 }, _buffers });
  await expect.poll(() => root.dataset.ready).toBe("error");
  expect(root.textContent).toMatch(/could not be shown\. The data has version 1, this view reads/);
});

it.each(["by the function that it returned", "by the host's signal"])("closes %s", async (how) => {
  const heard = new Set<unknown>();
  const model: Model = {
    ...localModel(encode([await panel()]), bundledPart),
    on: (_, callback) => heard.add(callback),
    off: (_, callback) => heard.delete(callback),
  };
  const el = document.createElement("div");
  const host = new AbortController();
  const close = render({ model, el, signal: host.signal });
  await expect.poll(() => heard.size).toBeGreaterThan(10);
  if (how.endsWith("signal")) host.abort();
  else close();
  expect(heard.size).toBe(0);
});

it("follows the theme of the page around it", async () => {
  const view = await open([await panel()]);
  expect(view.root.dataset.theme).toBe("light");
  document.body.style.color = "white";
  await expect.poll(() => view.root.dataset.theme, { interval: 5 }).toBe("dark");
  document.body.removeAttribute("style");
  await expect.poll(() => view.root.dataset.theme, { interval: 5 }).toBe("light");
});
