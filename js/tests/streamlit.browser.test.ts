import { expect, it, onTestFinished } from "vitest";
import component from "../src/streamlit";
import { click } from "./events";
import { packed } from "./packed";
import { Root } from "./root";
import { at, panel } from "./view/made";

/** The component in a shadow root, as Streamlit shows it, and what it has sent. */
async function open(settings: Record<string, unknown>) {
  const data = await packed(await panel(), settings);
  const host = document.body.appendChild(document.createElement("div"));
  onTestFinished(() => host.remove());
  const parentElement = host.attachShadow({ mode: "open" });
  const sent: unknown[] = [];
  const setStateValue = (name: string, value: unknown) => sent.push([name, value]);
  const run = (more: Record<string, unknown>) =>
    component({
      data: { ...data, state: { ...data.state, ...more } },
      parentElement,
      setStateValue,
    });
  run({});
  await expect.poll(() => parentElement.querySelector("[data-ready='1']")).not.toBeNull();
  const view = new Root(parentElement.querySelector("[data-testid='tam']") as HTMLElement);
  return { view, sent, run };
}

const token = (view: Root, i: number) => view.find(`.tam-token[data-i="${i}"]`);

it("sends what a person points at, and nothing else", async () => {
  const { view, sent, run } = await open({ selected: [], box: [] });
  click(token(view, at(" sea")));
  const pointed = ["pointed", { selected: [[0, at(" sea")]], box: [] }];
  expect(sent).toEqual([pointed]);
  run({ selected: [] }); // the app has made its view anew
  expect(token(view, at(" sea")).getAttribute("aria-selected")).toBe("true");
  const colours = view.find<HTMLSelectElement>("[data-setting='colormap']");
  colours.value = "jet";
  colours.dispatchEvent(new Event("change"));
  await new Promise((done) => setTimeout(done, 300));
  expect(sent).toEqual([pointed]);
});

it("is drawn once, and follows the app", async () => {
  const { view, run } = await open({ selected: [], colormap: "viridis" });
  const colours = view.find<HTMLSelectElement>("[data-setting='colormap']");
  const before = view.root;
  run({ selected: [[0, at(" air")]], colormap: "inferno" });
  expect(colours.value).toBe("inferno");
  expect(view.root.dataset.drawn).toBe(`0:${at(" air")}`);
  run({ selected: [[0, at(" air")]], colormap: "inferno" });
  const shown = before.getRootNode() as ShadowRoot;
  expect(shown.querySelectorAll("[data-testid='tam']")).toHaveLength(1);
});
