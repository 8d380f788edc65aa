/** What is left of a case whose explanation was not kept: its picture, a map, and the answer. */
import { element } from "../dom";
import { Half } from "./card-side";
import { SIDES } from "./labels";
import type { Wanted } from "./messages";
import { type Case, scoreOf } from "./samples";
import type { Scene } from "./scene";
import type { Shots } from "./thumbnails";

/** Width of a picture in CSS pixels, as in the style sheet: cards' pictures have no more. */
const WIDTH = 256;

export function remains(one: Case, [, ...focus]: Wanted, scene: Scene, shots: Shots): HTMLElement {
  const sides = one.sides.map((side, i) => {
    const half = new Half(one.sides.length > 1 ? SIDES[i] : "");
    half.say(
      scene.cases,
      side,
      focus[i] ?? -1,
      scoreOf(one, i, scene.score),
      scene.filters.signatures,
    );
    half.draw(shots[i] ?? null, WIDTH, scene.overlay);
    const answer = element("figcaption", { text: shots[i]?.answer ?? "" });
    return element("figure", {}, [half.element, answer]);
  });
  return element("div", { class: "tam-remains" }, sides);
}
