import { afterEach, describe, expect, it, vi } from "vitest";
import { click, drawn, enter, hover } from "../events";
import { at, grid, HEIGHT, image, panel, png, WIDTH } from "../view/made";
import type { Opened } from "../view/opened";
import { contrasted, faults, openTool } from "./opened";

const code = (view: Opened) => view.text(".tam-code");
const said = (view: Opened) => view.text(".tam-drawer [role=status]");

/** What a press of a button saves: name, type and content. */
async function saved(view: Opened, button: string) {
  const blobs: Blob[] = [];
  const names: string[] = [];
  vi.spyOn(URL, "createObjectURL").mockImplementation((blob) => {
    blobs.push(blob as Blob);
    return "#";
  });
  vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (
    this: HTMLAnchorElement,
  ) {
    names.push(this.download);
  });
  click(view.button(button));
  await expect.poll(() => names.length, { interval: 5 }).toBe(1);
  return { name: names[0], blob: blobs[0] };
}

async function pictureOf(blob: Blob) {
  const bitmap = await createImageBitmap(blob);
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  const context = canvas.getContext("2d") as OffscreenCanvasRenderingContext2D;
  context.drawImage(bitmap, 0, 0);
  return { width: bitmap.width, height: bitmap.height, context };
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe("the code", () => {
  it("is that of the view, and follows it", async () => {
    const view = await openTool("copy");
    expect(code(view)).toBe("view = tw.Explorer(ex)");
    click(view.token(at(" sea")));
    enter(view.setting("eci"), 0.5);
    expect(code(view)).toBe(`view = tw.Explorer(ex, selected=[(0, ${at(" sea")})], eci=0.5)`);
  });

  it("is copied", async () => {
    const view = await openTool("copy");
    const write = vi.spyOn(navigator.clipboard, "writeText").mockResolvedValue();
    click(view.button("copy code"));
    await expect.poll(() => said(view), { interval: 5 }).toBe("Copied.");
    expect(write).toHaveBeenCalledWith("view = tw.Explorer(ex)");
  });

  it("is selected where the clipboard is closed", async () => {
    const view = await openTool("copy");
    vi.spyOn(navigator.clipboard, "writeText").mockRejectedValue(new Error("denied"));
    click(view.button("copy code"));
    await expect.poll(() => said(view), { interval: 5 }).toContain("the code is selected");
    expect(String(getSelection())).toBe("view = tw.Explorer(ex)");
  });
});

describe("the picture", () => {
  it("is copied as PNG, twice as fine as it is laid out", async () => {
    const view = await openTool("copy");
    let copied: Blob | undefined;
    vi.spyOn(navigator.clipboard, "write").mockImplementation(async ([item]) => {
      copied = await item.getType("image/png");
    });
    click(view.button("copy picture"));
    await expect.poll(() => said(view), { interval: 5 }).toBe("Copied.");
    const { width, context } = await pictureOf(copied as Blob);
    expect(width).toBe(2 * 600);
    const { data } = context.getImageData(0, 0, 1, 1);
    expect([...data]).toEqual([255, 255, 255, 255]);
  });

  it("is saved where the clipboard is closed", async () => {
    const view = await openTool("copy");
    vi.spyOn(navigator.clipboard, "write").mockRejectedValue(new Error("denied"));
    const { name, blob } = await saved(view, "copy picture");
    expect([name, blob.type]).toEqual(["tam-model-a-red.png", "image/png"]);
    await expect.poll(() => said(view), { interval: 5 }).toContain("Saved tam-model-a-red.png");
  });

  it("changes with what is in view", async () => {
    const view = await openTool("copy");
    const before = await (await saved(view, "save PNG")).blob.arrayBuffer();
    vi.restoreAllMocks();
    hover(view.token(at(" sea")));
    const after = await (await saved(view, "save PNG")).blob.arrayBuffer();
    expect(new Uint8Array(after)).not.toEqual(new Uint8Array(before));
  });

  it("keeps its text as text in SVG, whatever it says", async () => {
    const hostile = await panel({ title: `<script>&"a" \u0007` });
    const view = await openTool("copy", [hostile, await panel({ title: "model-b" })]);
    const { name, blob } = await saved(view, "save SVG");
    expect(name).toBe("tam-script-a-red.svg");
    const parsed = new DOMParser().parseFromString(await blob.text(), "image/svg+xml");
    expect(parsed.querySelector("parsererror, script")).toBe(null);
    const texts = [...parsed.querySelectorAll("text")].map(({ textContent }) => textContent);
    expect(texts).toContain('<script>&"a" ');
    expect(texts).toContain("model-b");
    expect(texts).toEqual(
      expect.arrayContaining(["Describe this", "A ", "red", " airplane over sea.", "evidence for"]),
    );
    expect(parsed.querySelectorAll("image")).toHaveLength(4); // pictures and scales
  });

  it("says what a contrast shows", async () => {
    const view = await openTool("copy", [await contrasted()]);
    click(view.token(at(" sea")));
    click(view.button("contrast"));
    await drawn();
    const { blob } = await saved(view, "save SVG");
    const parsed = new DOMParser().parseFromString(await blob.text(), "image/svg+xml");
    const text = [...parsed.querySelectorAll("text")].map((one) => one.textContent).join("");
    expect(text).toContain("Where the image speaks for “sea” (orange)");
  });

  it("marks the box", async () => {
    const view = await openTool("copy", undefined, { box: [0, 0, 8, 6, 40, 30] });
    const { blob } = await saved(view, "save SVG");
    const parsed = new DOMParser().parseFromString(await blob.text(), "image/svg+xml");
    const dashed = parsed.querySelector("rect[stroke-dasharray]") as Element;
    const scale = 464 / 80;
    expect(Number(dashed.getAttribute("width"))).toBeCloseTo(32 * scale, 1);
  });
});

describe("a video", () => {
  it.each([
    [0, [255, 0, 0]],
    [1, [0, 255, 0]],
  ])("shows the frame %d that is in view", async (frame, colour) => {
    const frames = ["red", "lime"].map(async (name, i) =>
      image({ video: 0, time: i, data: await png(WIDTH, HEIGHT, name) }),
    );
    const film = await panel({
      images: await Promise.all(frames),
      grids: [grid({ frames: 2, time: [0, 2] })],
    });
    const view = await openTool("copy", [film], { frame, opacity: 0 });
    const { blob } = await saved(view, "save PNG");
    const { context } = await pictureOf(blob);
    expect([...context.getImageData(300, 300, 1, 1).data].slice(0, 3)).toEqual(colour);
  });
});

describe("the page", () => {
  it("is not offered where nobody can make it", async () => {
    const view = await openTool("copy");
    expect(() => view.button("save HTML")).toThrow();
  });
});

it("has no faults in accessibility", async () => {
  expect(await faults(await openTool("copy"))).toEqual([]);
});
