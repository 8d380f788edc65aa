/** How much each earlier word counts in the light of the context. */
import { element } from "../../dom";
import { peak } from "../../peak";
import { equation, frac, row, sub, sum } from "../mathml";
import { live, mathNumber } from "../numbers";
import { follow, type Lesson, type Room, read, type Step, sentence } from "../step";

const TEXT =
  "How much may come from each of the {context} earlier tokens? Its relevance r is made likewise: " +
  "its state times the row w of “{word}”, or 0 if that is below 0. Divided by their sum, {total}, " +
  "relevances are weights α: “{first}” has the largest, {largest}. {more} Point at a bar to see " +
  "that token’s activation.";

const LEFT = "Repeats of “{word}”, {n}, are left out.";

/** Said where the heaviest token, with which the step would open, shows nothing. */
const DARK = "It lights no cell; in view is “{lit}”.";

const NONE =
  "No earlier token has any weight for this one: there is no context, and nothing is to be taken " +
  "away. A is the word’s own light already.";

export const weights: Step = {
  name: "weights",
  title: () => "How much the context counts",
  show: (lesson, room) => {
    const { facts } = lesson;
    const { order, relevance, weights: shares } = facts;
    if (order.length === 0) {
      room.text.append(NONE);
      room.picture.draw({
        map: facts.activation,
        end: peak(facts.activation),
        what: "activation A",
      });
      return;
    }
    const counted = [...relevance].filter((_, k) => !facts.isLeftOut(k));
    const total = counted.reduce((all, one) => all + one, 0);
    const left = relevance.length - counted.length;
    const lit = facts.firstLit;
    const more = [...(lit === 0 ? [] : [DARK]), ...(left > 0 ? [LEFT] : [])].join(" ");
    const numbers = {
      context: live("context", relevance.length),
      total: live("total", total),
      first: facts.text(order[0]),
      largest: live("largest", shares[order[0]]),
      n: live("left_out", left),
      lit: facts.text(order[lit]),
      word: facts.word,
    };
    room.text.append(...sentence(TEXT.replace("{more} ", more && `${more} `), numbers));
    const list = element("ol", { class: "tam-bars", aria: { label: "Weights of earlier tokens" } });
    list.tabIndex = 0;
    const at = element("div");
    const choose = (k: number) => {
      for (const bar of list.querySelectorAll("button"))
        bar.setAttribute("aria-pressed", String(bar.dataset.token === String(k)));
      const map = facts.activationOf(k);
      room.picture.draw({ map, end: peak(map) || 1, what: `activation of “${facts.text(k)}”` });
      at.replaceChildren(weighing(lesson, k, total));
      shown = k;
      draw();
    };
    let shown = order[lit];
    const draw = () => {
      const { cell } = lesson;
      const made = live("earlier", facts.activationOf(shown)[cell], cell);
      made.dataset.token = String(shown);
      read(room, lesson, [`A of “${facts.text(shown)}” = `, made]);
    };
    // repeats follow, and tokens without a weight are only counted
    const repeats = [...shares.keys()].filter((k) => facts.isLeftOut(k));
    const bars = [...order, ...repeats].map((k) => bar(lesson, k, shares[order[0]], choose, room));
    list.append(...bars);
    const others = shares.length - bars.length;
    const rest = `${others} other ${others > 1 ? "tokens have" : "token has"} the weight 0.`;
    room.equation.append(at);
    room.figure.append(list);
    if (others > 0) room.figure.append(element("p", { class: "tam-note", text: rest }));
    choose(order[lit]);
    follow(lesson, room, draw);
  },
};

function bar(
  { facts }: Lesson,
  k: number,
  most: number,
  choose: (k: number) => void,
  { signal }: Room,
): HTMLElement {
  const out = facts.isLeftOut(k);
  const length = element("span", { class: "tam-bar-length" });
  length.style.setProperty("--tam-share", String(facts.weights[k] / most));
  const made = element("button", { class: "tam-bar-row", data: { token: String(k) } }, [
    element("span", { class: "tam-bar-word", text: facts.text(k) }),
    element("span", { class: "tam-bar-track" }, [length]),
    out ? element("span", { text: "left out" }) : live("weight", facts.weights[k], k),
  ]);
  made.type = "button";
  made.classList.toggle("tam-left-out", out);
  made.dataset.lmSuppressShortcuts = "true";
  for (const event of ["pointerenter", "focus", "click"])
    made.addEventListener(event, () => choose(k), { signal });
  return element("li", {}, [made]);
}

/** The weight of one token, in numbers. */
function weighing({ facts }: Lesson, k: number, total: number): HTMLElement {
  const start = [sub("α", "k"), "=", frac(sub("r", "k"), row(sum("k"), sub("r", "k")))];
  if (facts.isLeftOut(k)) return equation([sub("α", "k"), "=", "0"]);
  const numbers = frac(mathNumber("relevance", facts.relevance[k], k), mathNumber("total", total));
  return equation([...start, "=", numbers, "=", mathNumber("weight", facts.weights[k], k)]);
}
