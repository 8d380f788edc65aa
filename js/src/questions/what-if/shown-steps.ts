/** Adds the chain of steps to a view, and names the panels of a step. */
import { adopt } from "../../style-sheet";
import type { Opened } from "../../view/tools";
import { keepPlace, resumePlace } from "./keep-place";
import { namePair } from "./pair";
import { Steps } from "./steps";
import { STYLE } from "./style";

export function showSteps(opened: Opened): void {
  const { root, model, signal } = opened;
  adopt(root, STYLE);
  const steps = new Steps(opened);
  if (steps.isPair) namePair(opened);
  queueMicrotask(() => resumePlace(root, steps)); // when all questions are there
  const header = model.get("_header");
  const leave = () => {
    if (model.get("_header") !== header) keepPlace(root, steps);
  };
  signal.addEventListener("abort", leave, { once: true });
}
