/** What a sample without a stored explanation shows: its picture, a map, and the answer. */
import { element } from "../dom";
import { CardSide } from "./card-side";
import { RUN_NAMES } from "./labels";
import type { Wanted } from "./messages";
import type { Sample } from "./samples";
import type { Scene } from "./scene";
import type { Thumbnails } from "./thumbnails";

/** Width of a picture in CSS pixels, as in the style sheet: the size of stored thumbnails. */
const WIDTH = 256;

export function fallback(
  one: Sample,
  [, ...focus]: Wanted,
  scene: Scene,
  thumbnails: Thumbnails,
): HTMLElement {
  const runs = one.runs.map((run, i) => {
    const cardSide = new CardSide(one.runs.length > 1 ? RUN_NAMES[i] : "");
    cardSide.say(scene.data, run, focus[i] ?? -1, scene.score, scene.filters.signatures);
    const { overlay, outline } = scene;
    cardSide.draw(thumbnails[i] ?? null, { width: WIDTH, overlay, outline });
    const answer = element("figcaption", { text: thumbnails[i]?.answer ?? "" });
    return element("figure", {}, [cardSide.element, answer]);
  });
  return element("div", { class: "tam-fallback" }, runs);
}
