import { describe, expect, it, vi } from "vitest";
import { click, drawn, press } from "../events";
import { png } from "../view/made";
import { type MadeSample, measured, SAMPLES } from "./made";
import { type OpenedGallery, open } from "./opened";

const single = SAMPLES.map(({ id, runs }) => ({ id, runs: runs.slice(0, 1) }));

function many(count: number): MadeSample[] {
  return Array.from({ length: count }, (_, i) => ({
    id: `s${i}`,
    runs: [measured(i / count, [["dog", 1, i / count]])],
  }));
}

describe("cards", () => {
  it("come in order, the lowest score first", async () => {
    const view = await open(single);
    expect(view.cards).toEqual(["b", "c", "d", "a", "e"]);
    expect(view.root.dataset.shown).toBe("5");
  });

  it("say what was measured", async () => {
    const view = await open(single);
    expect(view.card("b").textContent).toContain("F1-IoU 0.10");
    expect(view.card("b").textContent).toContain("dog IoU 0.10");
    expect(view.card("d").textContent).toContain("table IoU –");
    expect(view.card("d").textContent).toContain("text-driven +1");
    expect(view.card("e").textContent).toContain("not measured");
    expect(view.card("e").textContent).toContain("the image cannot be read");
    expect(view.card("e").textContent).not.toContain("F1-IoU");
  });

  it("of two runs show both, and their difference", async () => {
    const view = await open(SAMPLES);
    const card = view.card("a");
    expect(card.querySelectorAll(".tam-card-side").length).toBe(2);
    expect(card.querySelector(".tam-card-difference")?.textContent).toBe("B − A +0.40");
    expect(view.card("d").textContent).toContain("no such sample");
    expect(card.textContent).toMatch(/^aAF1-IoU 0\.50.*BF1-IoU 0\.90/);
  });

  it("are named by what they show, and by their id before it", async () => {
    const view = await open(single);
    const card = view.card("b");
    expect([card.hasAttribute("aria-label"), card.textContent?.startsWith("b")]).toEqual([
      false,
      true,
    ]);
    expect(card.title).toBe("b");
  });

  it("carry the first tag, the number of others, and a pen for a note", async () => {
    const view = await open(single, { notes: { a: { tags: ["odd", "new"], note: "look" } } });
    const marks = view.card("a").querySelector<HTMLElement>(".tam-marks");
    expect([...(marks?.children ?? [])].map(({ textContent }) => textContent)).toEqual([
      "odd",
      "+1",
      "✎",
      "with a note",
    ]);
    expect(marks?.title).toBe("odd\nnew\nlook");
    view.kernel.set("notes", {});
    await drawn();
    expect(view.card("a").querySelector(".tam-marks")?.childElementCount).toBe(0);
  });

  it("hold text, whatever a report says", async () => {
    const hostile = "<img src=x onerror=alert(1)>";
    const view = await open([
      { id: hostile, runs: [measured(0.1, [[hostile, 0, 0.2]], { e: hostile })] },
    ]);
    expect(view.all(".tam-card img[src='x']")).toEqual([]);
    expect(view.cards).toEqual([hostile]);
  });

  it("are few however many samples there are, and used again while scrolling", async () => {
    const view = await open(many(2000));
    const grid = view.find(".tam-grid");
    const made = () => view.all(".tam-card").length;
    await expect.poll(made, { interval: 5 }).toBeGreaterThan(20);
    expect(view.cards[0]).toBe("s0");
    const before = made();
    for (let step = 1; step <= 10; step++) {
      grid.scrollTop = (step / 10) * grid.scrollHeight;
      await drawn();
    }
    await expect.poll(() => view.cards.at(-1), { interval: 5 }).toBe("s1999");
    expect(made()).toBeLessThan(2 * before);
    expect(view.cards).not.toContain("s0");
  });

  it("keep the rows in view when they get another width", async () => {
    const view = await open(many(500));
    const grid = view.find(".tam-grid");
    grid.scrollTop = 3000;
    await drawn();
    const top = () => {
      const { top, bottom } = grid.getBoundingClientRect();
      const seen = (id: string) => {
        const box = view.card(id).getBoundingClientRect();
        return box.top >= top - box.height / 2 && box.bottom <= bottom;
      };
      return Number(view.cards.find(seen)?.slice(1));
    };
    const before = top();
    const columns = getComputedStyle(grid).width;
    view.root.style.width = "500px";
    await expect.poll(() => getComputedStyle(grid).width, { interval: 5 }).not.toBe(columns);
    await drawn();
    expect(Math.abs(top() - before)).toBeLessThan(20);
  });

  it("are shown from the first one on in another order", async () => {
    const view = await open(many(500));
    const grid = view.find(".tam-grid");
    grid.scrollTop = 3000;
    await drawn();
    view.kernel.set("descending", true);
    await drawn();
    expect([grid.scrollTop, view.cards[0]]).toEqual([0, "s499"]);
  });

  it("say that there are none", async () => {
    const view = await open([]);
    expect(view.text(".tam-left > .tam-message")).toBe("There are no samples here yet.");
  });
});

describe("selecting", () => {
  const open5 = () => open(single);
  const marked = (view: OpenedGallery) =>
    view.all('.tam-card[aria-selected="true"]').map(({ dataset }) => dataset.id);

  it("opens a sample by a click, adds with Ctrl, and takes a span with Shift", async () => {
    const view = await open5();
    click(view.card("c"));
    expect(view.selection).toEqual(["c"]);
    await drawn();
    click(view.card("a"), { ctrlKey: true });
    expect(view.selection).toEqual(["c", "a"]);
    await drawn();
    click(view.card("a"), { ctrlKey: true });
    expect(view.selection).toEqual(["c"]);
    click(view.card("b"));
    click(view.card("d"), { shiftKey: true });
    expect(view.selection).toEqual(["b", "c", "d"]);
    await drawn();
    expect(marked(view).sort()).toEqual(["b", "c", "d"]);
    expect(view.card("d").classList).toContain("tam-open");
  });

  it("is done by keys, which stay in the gallery", async () => {
    const view = await open5();
    const heard = vi.fn();
    document.addEventListener("keydown", heard);
    view.find(".tam-grid").focus();
    press("ArrowRight");
    expect(view.find(".tam-active").dataset.id).toBe("c");
    expect(view.find(".tam-grid").getAttribute("aria-activedescendant")).toBe(view.card("c").id);
    press("Enter");
    expect(view.selection).toEqual(["c"]);
    press("ArrowRight", { shiftKey: true });
    expect(view.selection).toEqual(["c", "d"]);
    press("End");
    press(" ");
    expect(view.selection).toEqual(["e"]);
    press("a", { ctrlKey: true });
    expect([...view.selection].sort()).toEqual(["a", "b", "c", "d", "e"]);
    expect(view.selection.at(-1)).toBe("e");
    press("Escape");
    expect(view.selection).toEqual([]);
    press("b");
    document.removeEventListener("keydown", heard);
    expect(heard).not.toHaveBeenCalled();
  });

  it("follows Python, and scrolls to what it opens", async () => {
    const view = await open(many(2000));
    view.kernel.set("selection", ["s1500"]);
    await drawn();
    await expect.poll(() => view.cards, { interval: 5 }).toContain("s1500");
    expect(view.card("s1500").classList).toContain("tam-open");
  });
});

describe("pictures", () => {
  const shot = (picture: number, map: number) => ({
    answer: "A dog.",
    picture,
    map,
    rect: [0, 0, 1, 1],
    size: [80, 60],
    outline: [[100, 100, 900, 100, 500, 900]],
  });
  const images = (view: OpenedGallery, id: string) =>
    [...view.card(id).querySelectorAll("img")].filter((img) => !img.hidden);

  it("are asked for with the noun in focus, and shown when they arrive", async () => {
    const view = await open(single);
    const [{ samples }] = view.kernel.requests("pictures");
    expect(samples[0]).toEqual(["b", 0]);
    expect(samples.length).toBe(5);
    const entries = samples.map(([id]) => ({ id, runs: [shot(0, 1)] }));
    const buffers = [await png(80, 60), await png(8, 6)];
    view.kernel.answer({ kind: "pictures", samples: entries }, buffers);
    await expect.poll(() => images(view, "e").length, { interval: 5 }).toBe(2);
    const [picture] = images(view, "b");
    await picture.decode();
    expect(picture.naturalWidth).toBe(80);
    view.kernel.set("overlay", false);
    await expect.poll(() => images(view, "b").length, { interval: 5 }).toBe(1);
  });

  it("bring the answer, in which the word is marked, and the outline of what it names", async () => {
    const view = await open(single);
    expect(view.button("outlines").hidden).toBe(true);
    const card = view.card("b");
    const buffers = [await png(80, 60)];
    const sent = { ...shot(0, -1), answer: "Two dogs and\na dog." };
    view.kernel.answer({ kind: "pictures", samples: [{ id: "b", runs: [sent] }] }, buffers);
    await expect.poll(() => card.querySelector("b")?.textContent, { interval: 5 }).toBe("dog");
    expect(card.querySelector(".tam-excerpt")?.textContent).toBe("Two dogs and a dog.");
    const line = () => card.querySelector(".tam-true")?.getAttribute("d");
    expect(line()).toBe("M100 100 900 100 500 900z");
    const [box, frame] = [".tam-outlines", ".tam-frame"].map((name) =>
      card.querySelector(name)?.getBoundingClientRect(),
    );
    expect([box?.width, box?.height]).toEqual([frame?.width, frame?.height]);
    expect(view.button("outlines").hidden).toBe(false);
    click(view.button("outlines"));
    expect(view.kernel.state.outline).toBe(false);
    await expect.poll(line, { interval: 5 }).toBe("");
  });

  it("are asked for anew when the data are others", async () => {
    const view = await open(single);
    const [{ samples }] = view.kernel.requests("pictures");
    view.kernel.answer({
      kind: "pictures",
      samples: samples.map(([id]) => ({ id, runs: [shot(-1, -1)] })),
    });
    await drawn();
    expect(view.kernel.requests("pictures").length).toBe(1);
    view.kernel.set("_listing", `${view.kernel.state._listing} `);
    await drawn();
    await expect.poll(() => view.kernel.requests("pictures").length, { interval: 5 }).toBe(2);
  });

  it("say where none was kept", async () => {
    const view = await open(single);
    view.kernel.answer({ kind: "pictures", samples: [{ id: "b", runs: [shot(-1, -1)] }] });
    await expect
      .poll(() => view.card("b").textContent, { interval: 5 })
      .toContain("no picture stored");
  });

  it("that cover a part only lie where the model saw them", async () => {
    const view = await open(single);
    const partial = { ...shot(0, 1), rect: [0.25, 0, 0.75, 1] };
    const buffers = [await png(80, 60), await png(8, 6)];
    view.kernel.answer({ kind: "pictures", samples: [{ id: "b", runs: [partial] }] }, buffers);
    await expect.poll(() => images(view, "b").length, { interval: 5 }).toBe(2);
    const map = images(view, "b")[1];
    expect([map.style.left, map.style.width]).toEqual(["25%", "50%"]);
    expect(map.classList).toContain("tam-partial");
  });

  it("that do not arrive are given up, which is said until some arrive", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    try {
      const view = await open(single);
      expect(view.kernel.requests("pictures").length).toBe(1);
      vi.advanceTimersByTime(10_000);
      const notice = () => view.text(".tam-gallery-view > .tam-message");
      expect(notice()).toBe("Pictures are not arriving: the kernel is busy or gone.");
      await drawn();
      const [, again] = view.kernel.requests("pictures");
      view.kernel.answer({
        kind: "pictures",
        samples: [{ id: again.samples[0][0], runs: [null] }],
      });
      expect(notice()).toBe("");
    } finally {
      vi.useRealTimers();
    }
  });
});
