/** The weighted activations of the context add up to the interference. */
import { element } from "../../dom";
import { peak } from "../../peak";
import { equation, row, sub, sum } from "../mathml";
import { live, short } from "../numbers";
import { slider } from "../plot";
import { follow, read, type Step, sentence } from "../step";

const TEXT =
  "Weigh the earlier tokens’ activations and add them: that is the interference E, what the " +
  "context alone would light. Move the slider to add one token after another, the heaviest " +
  "first. So far {n} of {words} are added, with {share} of the weight, and E reaches {max}. At " +
  "the end it reaches {whole}.";

const NONE = "Without context there is no interference: E is 0 everywhere.";

export const interference: Step = {
  name: "interference",
  title: () => "What the context alone would light",
  show: (lesson, room) => {
    const { facts } = lesson;
    const { order, weights, interference: whole } = facts;
    const end = peak(whole);
    room.equation.append(
      equation([sub("E", "v"), "=", row(sum("k"), sub("α", "k"), sub("A", "kv"))]),
    );
    if (order.length === 0) {
      room.text.append(NONE);
      room.picture.draw({ map: whole, end: 1, what: "interference E" });
      return;
    }
    const steps = partial(order, weights, (k) => facts.activationOf(k));
    const chips = order.map((k) =>
      element("li", { class: "tam-added" }, [facts.text(k), " ", live("weight", weights[k], k)]),
    );
    room.figure.append(
      element("ol", { class: "tam-chips", aria: { label: "Tokens by weight" } }, chips),
    );
    let shown = facts.firstLit + 1;
    let share = 1;
    const draw = () => {
      const map = shown === order.length ? whole : steps[shown - 1];
      const name = shown === order.length ? "interference" : "partial";
      read(room, lesson, ["E = ", live(name, map[lesson.cell], lesson.cell)]);
    };
    const add = (count: number) => {
      shown = count;
      share = order.slice(0, count).reduce((all, k) => all + weights[k], 0);
      const map = steps[count - 1];
      room.text.replaceChildren(
        ...sentence(TEXT, {
          n: live("shown", count),
          share: live("share", share, count - 1),
          max: live("partial_max", peak(map), count - 1),
          words: live("words", order.length),
          whole: live("max", end),
        }),
      );
      chips.forEach((chip, i) => {
        chip.classList.toggle("tam-off", i >= count);
      });
      move.set(count, `${count} tokens, ${short(share)} of the weight`);
      room.picture.draw({ map, end: end || 1, what: "interference E" });
      draw();
    };
    const moved = (value: number) => add(Math.max(1, Math.round(value)));
    const move = slider("Tokens added", order.length, order.length, shown, moved, room.signal);
    room.control.append(element("span", { text: "add tokens" }), move.element);
    add(shown);
    follow(lesson, room, draw);
  },
};

/** The interference of the first tokens, the first two, and so on. */
function partial(
  order: readonly number[],
  weights: Float32Array,
  activationOf: (k: number) => Float32Array,
): Float64Array[] {
  let so = new Float64Array(activationOf(0).length);
  return order.map((k) => {
    const own = activationOf(k);
    so = so.map((value, v) => value + weights[k] * own[v]);
    return so;
  });
}
