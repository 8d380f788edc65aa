/** The question whether a word’s map is true. */
import { element } from "../dom";
import { adopt } from "../style-sheet";
import { spanText } from "../words";
import { CheckRegion } from "./check-region";
import { STYLE } from "./check-style";
import { checksOf, type KnownChecks } from "./checked";
import type { Place, Question } from "./question";

const NAME = "check";

/** Checks of what is locked, or all of them if nothing is; those of the method in view first. */
const known = (place: Place) => {
  const entries = place.known<KnownChecks>(NAME)?.entries ?? [];
  const found = place.locked.length > 0 ? checksOf(entries, place.locked) : entries;
  const { method } = place.opened.store.of(place.index);
  return found.toSorted((a, b) => Number(b.method === method) - Number(a.method === method));
};

export const check: Question = {
  name: NAME,
  button: (place) => {
    const { locked, panel } = place;
    if (known(place).length > 0)
      return locked.length > 0
        ? ["checked", "Shows how the word fell while the picture was removed in the map’s order"]
        : ["checked words", "Shows the checks of this answer’s words"];
    const answered =
      locked.length > 0 && locked.every((token) => panel.tokens[token].kind === "answer");
    return answered && place.asks(NAME)
      ? [
          "check this",
          `Removes the picture in the order of the map, and reads how probable “${spanText(panel.tokens, locked)}” stays`,
        ]
      : null;
  },
  open: (body, place, signal) => {
    adopt(place.opened.root, STYLE);
    const inner = element("div", { class: "tam-check" });
    body.append(inner);
    const region = new CheckRegion(inner, place, () => known(place), signal);
    return (changed) => region.follow(changed);
  },
};
