/** Shows an exercise, or says why it cannot be shown. */
import { button, keepKeys } from "../controls";
import { element } from "../dom";
import type { PartModel } from "../parts";
import { Traits } from "../state/traits";
import { followTheme } from "../view/theme";
import { type Buffer, decode, type Header } from "../wire";
import { AnswerText } from "./answer-text";
import { InferenceChoice, WordChoice } from "./choice-view";
import { DrawView } from "./draw-view";
import { type Question, type State, UNANSWERED } from "./question";
import { asked } from "./sentences";
import { type KindView, mapMaker, type Shared } from "./shared";

export interface ExerciseProps {
  readonly model: PartModel;
  readonly el: HTMLElement;
  /** Aborts when the view is removed; older hosts call the returned function instead. */
  readonly signal?: AbortSignal;
}

const KINDS: Readonly<Record<Question["kind"], new (shared: Shared) => KindView>> = {
  draw: DrawView,
  eci: InferenceChoice,
  word: WordChoice,
};

async function show(
  model: PartModel,
  root: HTMLElement,
  host: HTMLElement,
  signal: AbortSignal,
): Promise<void> {
  const decoded = decode(model.get("_header") as Header, model.get("_buffers") as Buffer[]);
  const question = model.get("_question") as Question;
  const [panel] = decoded.panels;
  const state = new Traits<State>(model, UNANSWERED, signal);
  const shared = { question, panel, state, mapOf: mapMaker(decoded), signal };
  const view = new KINDS[question.kind](shared);
  const text = new AnswerText(panel);
  const again = () => {
    for (const [name, value] of Object.entries(UNANSWERED)) state.set(name as keyof State, value);
    view.focus();
  };
  const restart = button("start again", "Forgets the answer", again, signal);
  const draw = () => {
    const { answered } = state.values;
    view.draw();
    restart.hidden = !answered;
    text.mark(question.kind !== "word" || answered ? question.tokens : []);
    root.dataset.answered = String(answered);
  };
  const title = element("h2", { class: "tam-asked", text: asked(question, panel) });
  const parts = [title, text.element, view.element, restart];
  root.append(element("div", { class: "tam-exercise-body" }, parts));
  state.subscribe(draw);
  keepKeys(root, signal);
  followTheme(host, root, signal)();
  draw();
  await view.load();
  root.dataset.ready = "1";
}

function fail(root: HTMLElement, error: unknown): void {
  const reason = error instanceof Error ? error.message : String(error);
  const text = `The exercise could not be shown. ${reason}`;
  root.replaceChildren(element("p", { class: "tam-message tam-error", text, role: "status" }));
  root.dataset.ready = "error";
}

export function render({ model, el, signal }: ExerciseProps): () => void {
  const controller = new AbortController();
  signal?.addEventListener("abort", () => controller.abort(), { once: true });
  const data = { testid: "tam-exercise" };
  const root = element("div", { class: "tam-root tam-exercise", data });
  root.dataset.lmSuppressShortcuts = "true";
  el.append(root);
  void show(model, root, el, controller.signal).catch((error) => fail(root, error));
  return () => {
    controller.abort();
    root.remove();
  };
}
