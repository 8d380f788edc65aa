/** Where the evidence is, is not yet why: the picture is removed in the order of the map. */
import { element } from "../../dom";
import { peak } from "../../peak";
import { type Checked, lastStep } from "../../questions/checked";
import { Curve } from "../../questions/curve";
import { Greying } from "../../questions/greying";
import { inPlace, short, verdict } from "../../questions/verdict";
import { equation, row, words } from "../mathml";
import { asProbability, inPercent, mathNumber, percent, probability } from "../numbers";
import { slider } from "../plot";
import { type Lesson, type Room, type Step, sentence } from "../step";
import { request } from "./request";

const TEXT =
  "The map shows which cells speak for “{word}”, not that the model needs them. Remove them, the " +
  "brightest first, and let the model read its answer again. ";

const MISSING =
  "The map shows which cells speak for the word, not that the model needs them. To know, remove " +
  "them, the brightest first, and let the model read its own answer again: if the cells count, " +
  "the word becomes improbable soon. This record has no such check yet.";

export const evidence: Step = {
  name: "check",
  title: () => "Evidence is not yet cause",
  show: (lesson, room) => {
    const { facts } = lesson;
    const checked = lesson.check();
    room.picture.mark([]);
    room.picture.touched = () => {};
    const end = peak(facts.map) || 1;
    room.picture.draw({ map: facts.map, end, what: "map of TAM" });
    if (checked) curve(lesson, room, checked);
    else
      request(lesson, room, {
        what: "check",
        why: MISSING,
        call: `explanation.with_check(explainer.check(explanation, ${JSON.stringify(facts.word)}))`,
        action: "check this map",
      });
  },
};

function curve(lesson: Lesson, room: Room, checked: Checked): void {
  const { facts } = lesson;
  const { word } = facts;
  const { signal, picture } = room;
  room.text.append(
    ...sentence(TEXT, { word }),
    element("strong", { class: "tam-verdict", text: verdict(checked, "deletion", word) }),
  );
  const formula = (step: number) =>
    equation([
      "p",
      row("(", words(`“${word}” |\u00a0`), part(step), words("\u00a0removed"), ")"),
      "=",
      asProbability(mathNumber("probability", values[step] ?? 0, step)),
    ]);
  const part = (step: number) => inPercent(mathNumber("share", checked.shares[step], step));
  const greying = new Greying(facts.panel, picture.element, signal);
  const last = lastStep(checked);
  const values = checked.curves.method?.deletion ?? [];
  let chosen = 0;
  const show = (step: number) => {
    if (step > 0 && greying.can(checked)) greying.show(checked, "deletion", step);
    else greying.clear();
    drawn.mark(step);
    const [p, removed] = [values[step] ?? 0, checked.shares[step]];
    room.equation.replaceChildren(formula(step));
    const others = checked.random.deletion?.mean[step];
    room.reading.replaceChildren(
      percent("share", removed, step),
      ` removed: “${word}” `,
      probability("probability", p, step),
      ...(typeof others === "number"
        ? [", in random order ", probability("random_probability", others, step)]
        : []),
    );
    move.set(step, `${Math.round(100 * removed)} % removed, probability ${short(p)}`);
  };
  const choose = (step: number) => {
    chosen = step;
    show(step);
  };
  const drawn = new Curve((step) => show(step ?? chosen), choose, signal);
  const move = slider("Share of the picture that is removed", last, last, 0, choose, signal);
  drawn.draw(checked, "deletion", word);
  room.figure.append(element("div", { class: "tam-check" }, [drawn.element, drawn.key]));
  const filled = element("p", { class: "tam-note", text: inPlace(checked) });
  room.control.append(element("span", { text: "remove" }), move.element, filled);
  signal.addEventListener("abort", () => greying.clear(), { once: true });
  show(0);
}
