import { expect, it } from "vitest";
import { textOf } from "../src/texts";

it("a text's placeholders are filled once, whatever the values hold", () => {
  const text = textOf("alternative", { own: "{other} $&", other: "a $1" });
  expect(text).toBe("The map of “a $1” in the place of “{other} $&”.");
  expect(textOf("no_sample")).toBe("no such sample");
});
