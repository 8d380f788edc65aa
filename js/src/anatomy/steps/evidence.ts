/** Where the evidence is, is not yet why: the picture is greyed in the order of the map. */
import { element } from "../../dom";
import { peak } from "../../peak";
import { type Checked, lastStep } from "../../questions/checked";
import { Curve } from "../../questions/curve";
import { Greying } from "../../questions/greying";
import { equation, row, words } from "../mathml";
import { inPercent, live, mathNumber, percent, short } from "../numbers";
import { slider } from "../plot";
import { type Lesson, type Room, type Step, sentence } from "../step";
import { request } from "./request";

const TEXT =
  "The map shows where the word is, not that the model needs these cells. So grey them, the " +
  "strongest first, and read the answer again. “{word}” has probability {full} with the " +
  "picture and {blank} without. Its mean along the curve is {area}, in random order {random}. " +
  "{verdict} " +
  "Drag along the curve.";

const FASTER = "This map leads faster to what counts.";
const SLOWER = "This map is not shown to be true.";
const NOTHING = "The picture hardly matters.";

/** Least probability that the picture must add, as in `questions/verdict.ts`. */
const LEAST_GAIN = 0.05;

const MISSING =
  "The map shows where the word is, not that the model needs these cells. To know, grey " +
  "them, the strongest first, and let the model read its own answer again: if the cells count, " +
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
  const area = checked.areas?.deletion.method ?? 0;
  const random = checked.areas?.deletion.random[0] ?? null;
  const gain = checked.full - checked.blank >= LEAST_GAIN;
  const verdict = !gain ? NOTHING : random !== null && area < random ? FASTER : SLOWER;
  room.text.append(
    ...sentence(TEXT.replace("{verdict}", random === null ? "" : verdict), {
      word,
      full: live("full", checked.full),
      blank: live("blank", checked.blank),
      area: live("area", area),
      random: random === null ? "unknown" : live("random", random),
    }),
  );
  const formula = (step: number) =>
    equation([
      "p",
      row("(", words(`“${word}” |\u00a0`), part(step), words("\u00a0greyed"), ")"),
      "=",
      mathNumber("probability", values[step] ?? 0, step),
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
    const [p, greyed] = [values[step] ?? 0, checked.shares[step]];
    room.equation.replaceChildren(formula(step));
    const others = checked.random.deletion?.mean[step];
    room.reading.replaceChildren(
      percent("share", greyed, step),
      ` greyed: “${word}” `,
      live("probability", p, step),
      ...(typeof others === "number"
        ? [", in random order ", live("random_probability", others, step)]
        : []),
    );
    move.set(step, `${short(greyed)} greyed, probability ${short(p)}`);
  };
  const choose = (step: number) => {
    chosen = step;
    show(step);
  };
  const drawn = new Curve((step) => show(step ?? chosen), choose, signal);
  const move = slider("Share of the picture that is greyed", last, last, 0, choose, signal);
  drawn.draw(checked, "deletion", word);
  room.figure.append(element("div", { class: "tam-check" }, [drawn.element, drawn.key]));
  room.control.append(element("span", { text: "grey" }), move.element);
  signal.addEventListener("abort", () => greying.clear(), { once: true });
  show(0);
}
