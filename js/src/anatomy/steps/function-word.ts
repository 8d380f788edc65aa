/** A function word lights up as well: the light of the context. */
import { element } from "../../dom";
import { peak } from "../../peak";
import { equation, frac, inner, row, sub, words } from "../mathml";
import { live, mathNumber, percent } from "../numbers";
import { follow, read, type Step, sentence } from "../step";

const TEXT =
  "“{other}” names nothing that can be seen, and yet its activation reaches {max}: {share} of " +
  "the largest of “{word}”. The two maps agree to {cosine}, where 1 is the same shape. All words " +
  "read the same states, only the row w differs: what lights for many words is not this word’s " +
  "own light.";

const NONE =
  "This answer has no English function word to compare with. In other answers, words such as " +
  "“and” light up as well, although they name nothing that can be seen: all words read the same " +
  "states, only the row w differs. What lights for many words is not this word’s own light.";

export const functionWord: Step = {
  name: "context",
  title: ({ facts }) =>
    facts.functionWord === null
      ? "Why every word glows"
      : `Why “${facts.text(facts.functionWord)}” glows, too`,
  show: (lesson, room) => {
    const { facts } = lesson;
    const { activation, word } = facts;
    const own = peak(activation);
    if (facts.functionWord === null) {
      room.text.append(NONE);
      room.picture.draw({ map: activation, end: own, what: `activation of “${word}”` });
      follow(lesson, room, () =>
        read(room, lesson, ["A = ", live("activation", activation[lesson.cell], lesson.cell)]),
      );
      return;
    }
    const other = facts.text(facts.functionWord);
    const theirs = facts.activationOf(facts.functionWord);
    const top = peak(theirs);
    const alike = cosine(activation, theirs);
    const share = own > 0 ? top / own : 0;
    const numbers = {
      max: live("max", top),
      share: percent("share", share),
      cosine: live("cosine", alike),
      other,
      word,
    };
    room.text.append(...sentence(TEXT, numbers));
    const [a, b] = [sub("A", words(word)), sub("A", words(other))];
    const [c, d] = [sub("A", words(word)), sub("A", words(other))];
    room.equation.append(
      equation([
        "cos",
        "=",
        frac(inner(a, b), row("‖", c, "‖", "‖", d, "‖")),
        "=",
        mathNumber("cosine", alike),
      ]),
    );
    const end = Math.max(own, top);
    room.picture.draw({ map: activation, end, what: `activation of “${word}”` });
    const second = lesson.second();
    second.draw({ map: theirs, end, what: `“${other}”, same scale` });
    room.figure.append(element("div", { class: "tam-second" }, [second.element]));
    const touch = () => {
      second.mark([lesson.cell]);
      read(room, lesson, [
        `A of “${word}” `,
        live("own", activation[lesson.cell], lesson.cell),
        `, of “${other}” `,
        live("activation", theirs[lesson.cell], lesson.cell),
      ]);
    };
    follow(lesson, room, touch);
    second.touched = (cell) => room.picture.touched(cell);
  },
};

function cosine(a: Float32Array, b: Float32Array): number {
  let [cross, own, other] = [0, 0, 0];
  for (let v = 0; v < a.length; v++) {
    cross += a[v] * b[v];
    own += a[v] * a[v];
    other += b[v] * b[v];
  }
  return own * other > 0 ? cross / Math.sqrt(own) / Math.sqrt(other) : 0;
}
