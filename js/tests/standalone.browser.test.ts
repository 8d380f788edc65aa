import { expect, it } from "vitest";
import { deflate } from "./deflate";
import { panel } from "./view/made";
import { encode } from "./view/opened";

it("opens what is written into the page", async () => {
  const { _header, _buffers } = encode([await panel()]);
  const buffers = await Promise.all(_buffers.map(deflate));
  const page = JSON.stringify({ state: { _header, selected: [[0, 3]] }, buffers });
  document.body.innerHTML = '<div id="tam">loading</div><script id="tam-data"></script>';
  (document.getElementById("tam-data") as HTMLElement).textContent = page;
  await import("../src/standalone");
  await expect.poll(() => document.querySelector("[data-ready='1']")).not.toBeNull();
  expect(document.getElementById("tam")?.textContent).not.toContain("loading");
  expect(document.querySelector("[data-drawn]")?.getAttribute("data-drawn")).toBe("0:3");
});
