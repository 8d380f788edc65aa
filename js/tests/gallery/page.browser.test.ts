import { beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import type { Explorer } from "../../src/gallery/messages";
import type { RenderProps } from "../../src/render";
import { bytes } from "../../src/wire";
import { click, drawn, enter } from "../events";
import type { Root } from "../root";
import { measured, SAMPLES } from "./made";
import { type Choice, openPage } from "./page";

const single = SAMPLES.map(({ id, runs }) => ({ id, runs: runs.slice(0, 1) }));
const others = single.map(({ id }) => ({ id, runs: [measured(0.5, [["dog", 1, 0.5]])] }));
const ONE: readonly Choice[] = [
  { runs: [["m", "tam"]], samples: single },
  { runs: [["other", "tam"]], samples: others },
];
const TWO: readonly Choice[] = [
  {
    runs: [
      ["m", "tam"],
      ["m", "tam"],
    ],
    samples: SAMPLES,
  },
];

const shown: RenderProps[] = [];
const explorer: Explorer = {
  default: {
    render: (props) => {
      shown.push(props);
      props.el.textContent = `explorer of ${JSON.stringify(props.model.get("selected"))}`;
      return () => {};
    },
  },
};

beforeEach(() => {
  shown.length = 0;
});

const card = (view: Root, id: string) => view.find(`.tam-card[id][data-id="${id}"]`);
const picture = (view: Root, id: string) =>
  card(view, id).querySelector<HTMLImageElement>(".tam-thumbnail");

async function opened(view: Root, id: string): Promise<void> {
  click(card(view, id));
  await expect.poll(() => view.find(".tam-sample").dataset.sample, { interval: 5 }).toBe(id);
}

describe("a gallery in a page of its own", () => {
  it("shows the pictures that the page has in it", async () => {
    const view = await openPage(ONE, explorer);
    for (const { id } of single)
      await expect.poll(() => picture(view, id)?.naturalWidth, { interval: 5 }).toBe(1);
    expect(view.root.dataset.shown).toBe("5");
  });

  it("opens a sample in the explorer, with buffers of both of its messages", async () => {
    const view = await openPage(ONE, explorer);
    await opened(view, "b");
    expect(view.text(".tam-host")).toBe("explorer of [[0,0]]");
    const buffers = shown[0].model.get("_buffers") as Uint8Array[];
    expect([...bytes(buffers[1])]).toEqual([7]);
    expect(buffers[0].length).toBeGreaterThan(30);
  });

  it("opens at first what was open in the view", async () => {
    const view = await openPage(ONE, explorer, { selection: ["c"] });
    await expect.poll(() => view.find(".tam-sample").dataset.sample, { interval: 5 }).toBe("c");
  });

  it("shows why a sample has no explanation, with its picture and answer", async () => {
    const view = await openPage(ONE, explorer);
    await opened(view, "e");
    expect(view.text(".tam-sample")).toContain("not saved");
    await expect.poll(() => view.text(".tam-fallback"), { interval: 5 }).toContain("e 0 -1");
  });

  it("changes the model, with its listing, pictures and explanation", async () => {
    const view = await openPage(ONE, explorer);
    await opened(view, "b");
    const select = view.find<HTMLSelectElement>(".tam-run select");
    select.value = "other";
    select.dispatchEvent(new Event("change", { bubbles: true }));
    await expect.poll(() => view.text(".tam-host"), { interval: 5 }).toBe("explorer of [[0,1]]");
    await expect.poll(() => card(view, "a").textContent, { interval: 5 }).toContain("dog IoU 0.50");
  });

  it("has the pictures of two runs with any nouns in focus", async () => {
    const view = await openPage(TWO, explorer);
    await expect.poll(() => picture(view, "c")?.naturalWidth, { interval: 5 }).toBe(1);
    enter(view.find<HTMLInputElement>(".tam-find"), "hot");
    await expect.poll(() => view.root.dataset.shown, { interval: 5 }).toBe("1");
    await expect.poll(() => picture(view, "c")?.naturalWidth, { interval: 5 }).toBe(1);
  });

  it("downloads a table with the answers", async () => {
    const view = await openPage(ONE, explorer, { selection: ["b", "e"] });
    const texts: Promise<string>[] = [];
    const made = vi.spyOn(URL, "createObjectURL").mockImplementation((blob) => {
      texts.push((blob as Blob).text());
      return "#";
    });
    onTestFinished(() => made.mockRestore());
    const csv = view.all("button").find((one) => one.textContent === "download CSV");
    click(csv as HTMLElement);
    await expect.poll(() => texts.length, { interval: 5 }).toBe(1);
    expect(await texts[0]).toContain("b 0 ");
  });

  it("says so where its file is cut off", async () => {
    const view = await openPage(ONE, explorer);
    document.getElementById("tam-explanation-1")?.remove();
    click(card(view, "b"));
    await expect
      .poll(() => view.root.textContent, { interval: 5 })
      .toContain("the file is cut off");
  });
});

describe("notes in a page of its own", () => {
  const notes = { b: { tags: ["odd"], note: "two\nlines" } };

  it("are shown, and cannot be changed", async () => {
    const view = await openPage(ONE, explorer, { notes, _read_only: true });
    await opened(view, "b");
    const own = view.find(".tam-note-box");
    expect(own.textContent).toContain("odd");
    expect(own.textContent).toContain("two\nlines");
    expect(own.textContent).toContain("cannot be changed in this file");
    expect(own.querySelectorAll("input, textarea, button").length).toBe(0);
    await opened(view, "c");
    expect(own.textContent).toMatch(/^No tags, no note\./);
    await drawn();
  });
});
