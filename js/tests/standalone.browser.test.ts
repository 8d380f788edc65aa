import { expect, it } from "vitest";
import { packed } from "./packed";
import { panel } from "./view/made";

it("opens what is written into the page", async () => {
  const page = JSON.stringify(await packed(await panel(), { selected: [[0, 3]] }));
  document.body.innerHTML = '<div id="tam">loading</div><script id="tam-data"></script>';
  (document.getElementById("tam-data") as HTMLElement).textContent = page;
  await import("../src/standalone");
  await expect.poll(() => document.querySelector("[data-ready='1']")).not.toBeNull();
  expect(document.getElementById("tam")?.textContent).not.toContain("loading");
  expect(document.querySelector("[data-drawn]")?.getAttribute("data-drawn")).toBe("0:3");
});
