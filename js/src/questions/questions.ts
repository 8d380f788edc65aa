/** Entry of the questions: what a person asks the model from a view. */
import { adopt } from "../style-sheet";
import type { Opened } from "../view/tools";
import { AnatomyButton } from "./anatomy";
import { QuestionBar } from "./bar";
import { check } from "./check";
import { watch } from "./kernel";
import { layersQuestion } from "./layers";
import { type Changed, Place } from "./question";
import { RelianceBars } from "./reliance";
import { STYLE } from "./style";
import { showSteps } from "./what-if/shown-steps";
import { whatIf } from "./what-if/what-if";

/** Adds the questions to every panel. */
export function attach(opened: Opened): void {
  const { root, panels, model, store, signal } = opened;
  adopt(root, STYLE);
  watch(model, signal);
  showSteps(opened);
  const questions = [check, layersQuestion(), whatIf];
  const bars = panels.map((_, i) => {
    const place = new Place(opened, i);
    return new QuestionBar(place, questions, [new RelianceBars(place), new AnatomyButton(place)]);
  });
  const draw = (changed: Changed) => {
    if (changed !== "pointer") for (const bar of bars) bar.draw(changed);
  };
  const learn = () => draw("known");
  store.subscribe(draw);
  for (const name of ["change:_known", "change:_questions"]) {
    model.on(name, learn);
    signal.addEventListener("abort", () => model.off(name, learn), { once: true });
  }
}
