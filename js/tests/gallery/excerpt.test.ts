import { describe, expect, it } from "vitest";
import { excerpt } from "../../src/gallery/excerpt";

const nouns = (...texts: string[]) => texts.map((text) => ({ text, category: -1, iou: null }));

describe("an excerpt", () => {
  it("is the whole of a short answer, with the noun in its middle", () => {
    expect(excerpt("A dog, a  cat.", nouns("dog", "cat"), 1, 50)).toEqual([
      "A dog, a ",
      "cat",
      ".",
    ]);
  });

  it("marks the noun in focus of several that are alike, and no part of a longer word", () => {
    const answer = "Hot dogs, a dog and a dog.";
    expect(excerpt(answer, nouns("dog", "dog"), 0, 50)[0]).toBe("Hot dogs, a ");
    expect(excerpt(answer, nouns("dog", "dog"), 1, 50)[0]).toBe("Hot dogs, a dog and a ");
  });

  it("begins before a noun that comes late, and ends where there is no more room", () => {
    const answer = `${"many words come first ".repeat(5)}until the dog ${"and more ".repeat(9)}`;
    const [before, noun, after] = excerpt(answer, nouns("dog"), 0, 60);
    expect(before).toMatch(/^…\w.* until the $/);
    expect(noun).toBe("dog");
    expect(after).toMatch(/ and more.*…$/);
    expect((before + noun + after).length).toBeLessThanOrEqual(62);
  });

  it.each([
    ["no noun", nouns(), -1],
    ["a noun that the answer does not have", nouns("cat"), 0],
  ])("of %s marks nothing", (_, all, focus) => {
    expect(excerpt("A dog.", all, focus, 50)).toEqual(["", "", "A dog."]);
    expect(excerpt("", all, focus, 50)).toEqual(["", "", ""]);
  });

  it("keeps a noun that is longer than the room", () => {
    expect(excerpt("A refrigerator.", nouns("refrigerator"), 0, 5)[1]).toBe("refrigerator");
  });
});
