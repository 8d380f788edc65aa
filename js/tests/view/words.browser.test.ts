import { describe, expect, it, vi } from "vitest";
import { userEvent } from "vitest/browser";
import { choose, click, dragOver, hover, press, unhover } from "../events";
import { ANSWER, at, PROMPT, panel } from "./made";
import { METHODS, open } from "./opened";

const FIRST = PROMPT.length;
const LAST = PROMPT.length + ANSWER.length - 1;

describe("pointing", () => {
  it("shows a word's map at once, and sends nothing", async () => {
    const view = await open([await panel()]);
    const empty = view.overlay();
    const save = vi.spyOn(view.model, "save_changes");
    hover(view.token(at(" red")));
    expect(view.shown()).toEqual([at(" red")]);
    expect(view.root.dataset.drawn).toBe(`0:${at(" red")}`);
    expect(view.overlay()).not.toBe(empty);
    unhover(view.find(".tam-strip"));
    expect(view.shown()).toEqual([]);
    expect(view.overlay()).toBe(empty);
    expect(save).not.toHaveBeenCalled();
  });

  it("shades the words that a word depends on", async () => {
    const view = await open([await panel()]);
    hover(view.token(at(" air")));
    const shade = (token: number) =>
      (view.token(token).lastElementChild as HTMLElement).dataset.shade;
    expect([shade(at(" red")), shade(at(" over"))]).toEqual(["8", "0"]);
  });

  it("shows at rest the word that the record names, and goes back to it", async () => {
    const view = await open([await panel()], {}, [], METHODS, [[at(" red")]]);
    expect(view.shown()).toEqual([at(" red")]);
    expect(view.text(".tam-details .tam-note")).toMatch(/^This is the map of “red”\. (Move|Tap)/);
    expect(view.text(".tam-quantity")).toBe("evidence for “red”");
    hover(view.token(at(" air")));
    expect(view.shown()).toEqual([at(" air")]);
    expect(view.text(".tam-details")).not.toContain("This is the map");
    unhover(view.token(at(" air")));
    expect(view.shown()).toEqual([at(" red")]);
    expect(view.state.selected ?? []).toEqual([]);
    click(view.token(at(" air")));
    unhover(view.token(at(" air")));
    expect(view.text(".tam-details .tam-note")).toBe("“air” is locked; Escape frees it.");
  });

  it("keeps the line for what is said of a locked word while another is pointed at", async () => {
    const view = await open([await panel()]);
    const height = () => view.find(".tam-details > .tam-note").getBoundingClientRect().height;
    click(view.token(at(" air")));
    unhover(view.token(at(" air")));
    expect(view.text(".tam-details > .tam-note")).toContain("locked");
    const before = height();
    hover(view.token(at(" over")));
    expect(view.text(".tam-details > .tam-note")).toBe("");
    expect(height()).toBe(before);
  });

  it("invites a person who has done nothing yet", async () => {
    const view = await open([await panel()]);
    expect(view.text(".tam-details")).toContain("Move over a word.");
  });

  it("says how much of a word came from the image, and where nothing did", async () => {
    const made = await panel();
    const visual = made.activations.length / made.tokens.length;
    made.activations.fill(0, at(".") * visual, (at(".") + 1) * visual);
    const view = await open([made]);
    hover(view.token(at(" air")));
    expect(view.find(".tam-share").title).toMatch(/^\d+% picture: /);
    hover(view.token(at(".")));
    expect(view.find(".tam-share").hidden).toBe(true);
    expect(view.text(".tam-details > .tam-note")).toContain("Nothing in the image");
  });

  it("takes whole words where they are asked for", async () => {
    const view = await open([await panel()], { granularity: "word" });
    hover(view.token(at("plane")));
    expect(view.shown()).toEqual([at(" air"), at("plane")]);
    click(view.token(at("plane")));
    expect(view.state.selected).toEqual([
      [0, at(" air")],
      [0, at("plane")],
    ]);
  });
});

describe("locking", () => {
  it("keeps a clicked word until it is clicked again", async () => {
    const view = await open([await panel()]);
    click(view.token(at(" red")));
    expect(view.state.selected).toEqual([[0, at(" red")]]);
    expect(view.locked()).toEqual([at(" red")]);
    hover(view.token(at(" sea")));
    expect([view.shown(), view.locked()]).toEqual([[at(" sea")], [at(" red")]]);
    unhover(view.find(".tam-strip"));
    expect(view.shown()).toEqual([at(" red")]);
    click(view.token(at(" red")));
    expect(view.state.selected).toEqual([]);
  });

  it("takes all words that are dragged over", async () => {
    const view = await open([await panel()]);
    dragOver(view.token(at(" red")), view.token(at(" over")));
    expect(view.locked()).toEqual([3, 4, 5, 6]);
    expect(view.text(".tam-span-text")).toBe("red airplane over");
    expect(view.text(".tam-caption .tam-count")).toBe("4 tokens");
  });

  it("extends to a word that is clicked with Shift", async () => {
    const view = await open([await panel()]);
    click(view.token(at(" over")));
    click(view.token(at(" air")), { shiftKey: true });
    expect(view.locked()).toEqual([at(" air"), at("plane"), at(" over")]);
  });

  it("joins several maps as chosen", async () => {
    const view = await open([await panel()], { selected: [3, 4, 5].map((token) => [0, token]) });
    const largest = view.overlay();
    choose(view.setting<HTMLSelectElement>("aggregate"), "mean");
    expect(view.state.aggregate).toBe("mean");
    expect(view.overlay()).not.toBe(largest);
  });

  it("follows what Python locks", async () => {
    const view = await open([await panel()]);
    view.model.set("selected", [[0, at(" sea")]]);
    expect(view.locked()).toEqual([at(" sea")]);
    expect(view.shown()).toEqual([at(" sea")]);
  });

  it("needs a second tap on a touch screen, where the first shows", async () => {
    const view = await open([await panel()]);
    const tap = () => {
      const token = view.token(at(" red"));
      const options = { bubbles: true, pointerType: "touch" };
      for (const type of ["pointerover", "pointerdown", "pointerup"])
        token.dispatchEvent(new PointerEvent(type, options));
      token.click();
    };
    tap();
    expect([view.shown(), view.locked()]).toEqual([[at(" red")], []]);
    tap();
    expect(view.locked()).toEqual([at(" red")]);
  });

  it("copies the words in view", async () => {
    const view = await open([await panel()], { selected: [4, 5].map((token) => [0, token]) });
    const clipboardData = new DataTransfer();
    const event = new ClipboardEvent("copy", { clipboardData, bubbles: true, cancelable: true });
    view.token(4).dispatchEvent(event);
    expect(clipboardData.getData("text/plain")).toBe("airplane");
    expect(event.defaultPrevented).toBe(true);
  });
});

describe("keys", () => {
  async function focused(token: number) {
    const view = await open([await panel()]);
    view.token(token).focus();
    return view;
  }

  it.each([
    ["ArrowRight", {}, at(" air"), at("plane")],
    ["ArrowLeft", {}, at(" air"), at(" red")],
    ["Home", {}, at(" air"), 0],
    ["End", {}, at(" air"), LAST],
    ["ArrowLeft", {}, 0, 0],
    ["ArrowRight", {}, LAST, LAST],
    ["ArrowRight", { altKey: true }, at(" air"), at(" over")],
    ["ArrowLeft", { altKey: true }, at(" over"), at(" air")],
  ])("%s with %j from token %i reaches %i", async (key, more, from, to) => {
    const view = await focused(from);
    press(key, more);
    expect(document.activeElement).toBe(view.token(to));
    expect(view.shown()).toEqual([to]);
    expect(view.all('.tam-token[tabindex="0"]')).toEqual([view.token(to)]);
  });

  it("lock with Enter, extend with Shift, and free all with Escape", async () => {
    const view = await focused(at(" red"));
    press("Enter");
    expect(view.locked()).toEqual([at(" red")]);
    press("ArrowRight", { shiftKey: true });
    press("ArrowRight", { shiftKey: true });
    expect(view.locked()).toEqual([3, 4, 5]);
    press("ArrowLeft", { shiftKey: true });
    expect(view.locked()).toEqual([3, 4]);
    press("Escape");
    expect(view.locked()).toEqual([]);
  });

  it("stay in the explorer where they mean something, and no longer", async () => {
    const view = await focused(at(" red"));
    const heard: string[] = [];
    const hear = ({ key }: KeyboardEvent) => heard.push(key);
    document.addEventListener("keydown", hear);
    await userEvent.keyboard("{ArrowRight}{Enter}b");
    document.removeEventListener("keydown", hear);
    expect(heard).toEqual(["b"]);
    expect(view.token(at(" air")).dataset.lmSuppressShortcuts).toBe("true");
  });

  it("describe every written token from the start", async () => {
    const view = await open([await panel()]);
    const said = (token: number) => view.token(token).getAttribute("aria-description");
    expect([said(0), said(at(" red"))]).toEqual([null, "probability .53"]);
  });

  it("tell a screen reader the word, its probability and where it looks", async () => {
    const view = await focused(at(" red"));
    expect(view.token(at(" red")).getAttribute("aria-label")).toMatch(
      /^red, probability \.53, strongest at (top|bottom)?/,
    );
  });
});

describe("two panels", () => {
  const links = [
    [
      [0, [at(" air"), at("plane")]],
      [1, [at(" air"), at("plane")]],
    ],
  ] as const;
  const both = async (settings = {}) => {
    const panels = [await panel(), await panel({ title: "model-b" })];
    return open(panels, settings, links);
  };

  it("show a word's twin, or say that there is none", async () => {
    const view = await both();
    hover(view.token(at("plane"), 0));
    expect([view.shown(0), view.shown(1)]).toEqual([[at("plane")], [at("plane")]]);
    hover(view.token(at(" red"), 1));
    expect(view.shown(0)).toEqual([]);
    expect(view.panel(0).textContent).toContain("no counterpart in this answer");
  });

  it("are walked between by keys, from twin to twin or to the answer", async () => {
    const view = await both();
    view.token(at("plane"), 0).focus();
    press("ArrowDown");
    expect(document.activeElement).toBe(view.token(at("plane"), 1));
    press("ArrowRight");
    press("ArrowUp");
    expect(document.activeElement).toBe(view.token(FIRST, 0));
    press("ArrowUp");
    expect(document.activeElement).toBe(view.token(FIRST, 0));
  });
});

describe("the text", () => {
  it("is text, whatever it holds, with line ends to be seen", async () => {
    const made = await panel();
    const tokens = made.tokens.map((token, i) => {
      if (i === at(" red")) return { ...token, text: "<img src=x onerror=alert(1)>" };
      return i === at(" sea") ? { ...token, text: "\n" } : token;
    });
    const view = await open([{ ...made, tokens, title: "<b>bold</b>" }]);
    expect(view.all(".tam-token img, .tam-title b")).toEqual([]);
    expect(view.token(at(" red")).textContent).toBe("<img src=x onerror=alert(1)>");
    expect(view.token(at(" sea")).textContent).toBe("↵\n");
    expect(view.token(LAST).classList).toContain("tam-special");
  });

  it("says when an answer was cut off, given, or empty", async () => {
    const view = await open([await panel({ truncated: true, given: true })]);
    expect(view.text(".tam-truncated")).toBe("cut off at max_new_tokens");
    expect(view.text(".tam-given")).toBe("given, not generated");
    const made = await panel();
    const tokens = made.tokens.map((token) => ({ ...token, special: token.kind === "answer" }));
    const silent = await open([{ ...made, tokens }]);
    expect(silent.text(".tam-answer")).toContain("The model answered nothing.");
  });

  it("sets the turns of a conversation apart", async () => {
    const turns = [
      ["user", 0, 2],
      ["assistant", 2, 4],
      ["user", 4, 6],
      ["assistant", 6, 10],
    ] as const;
    const view = await open([await panel({ turns })]);
    const labels = view.all(".tam-strip > *").map((group) => group.getAttribute("aria-label"));
    expect(labels).toEqual([
      "Prompt, turn 1 of 4",
      "Earlier answer, turn 2 of 4",
      "Prompt, turn 3 of 4",
      "Answer",
    ]);
  });
});
