/** Five steps through a view, with the words of its own answer. */
import { button } from "../controls";
import { element } from "../dom";
import type { ExplorerSettings, SettingName } from "../state/store";
import { same } from "../state/traits";
import type { Opened } from "../view/tools";
import type { Tool } from "./drawer";
import { Drawings, InView } from "./in-view";
import { type Step, stepsOf } from "./tour-steps";

/** What the steps change, and the end of the tour puts back. */
const CHANGED: readonly SettingName[] = [
  "selected",
  "box",
  "method",
  "eci",
  "counterfactual",
  "contrast",
];

/** @param from the button that the keyboard returns to */
export function tour(opened: Opened): Tool {
  return {
    name: "tour",
    title: "Tour",
    fill: (body, signal, close) => {
      const { store, root } = opened;
      const drawings = new Drawings(opened);
      const inView = new InView(drawings);
      const steps = stepsOf(drawings, inView);
      const before = { ...store.settings };
      const text = element("p", { role: "status" });
      const count = element("span", { class: "tam-note" });
      let [at, done] = [0, false];
      const show = button("Show me", "Does this step for you", () => perform(), signal);
      const back = button("Back", "The step before this", () => go(at - 1), signal);
      const next = button("Next", "", () => (at + 1 < steps.length ? go(at + 1) : close()), signal);
      const actions = element("div", { class: "tam-actions" }, [count, show, back, next]);
      body.append(text, actions);

      const point = (step: Step | null) => {
        for (const old of root.querySelectorAll(".tam-target")) old.classList.remove("tam-target");
        const target = step && root.querySelector(step.target);
        target?.classList.add("tam-target");
        target?.scrollIntoView({ block: "nearest" });
      };
      const say = () => {
        const step = steps[at];
        text.textContent = done ? step.done() : step.ask;
        text.classList.toggle("tam-done", done && step.perform !== null);
        show.hidden = done || step.perform === null;
        next.classList.toggle("tam-primary", done);
      };
      const go = (to: number) => {
        at = to;
        const step = steps[at];
        done = step.perform === null || step.isDone(before);
        count.textContent = `${at + 1} of ${steps.length}`;
        back.disabled = at === 0;
        next.textContent = at + 1 < steps.length ? "Next" : "Finish";
        next.title = next.textContent === "Next" ? "The next step" : "Ends the tour";
        point(step);
        say();
      };
      const perform = () => {
        steps[at].perform?.();
        next.focus();
      };
      const end = () => {
        point(null);
        if (opened.signal.aborted) return;
        store.preview = null;
        for (const name of CHANGED)
          if (!same(store.settings[name], before[name]))
            store.set(name, before[name] as ExplorerSettings[typeof name] as never);
      };
      signal.addEventListener("abort", end, { once: true });
      go(0);
      return () => {
        if (steps[at].perform) done ||= steps[at].isDone(before);
        say();
      };
    },
  };
}

/** Asks a person who is new here, once on a page at a time. */
export function invite(
  opened: Opened,
  start: (button: HTMLElement) => void,
  answered: () => void,
): void {
  const { root, signal } = opened;
  const { dataset } = document.documentElement;
  if (dataset.tamInvitation) return;
  dataset.tamInvitation = "1";
  const controller = new AbortController();
  const text = "New here? Five steps show how to read this.";
  const line = element("div", { class: "tam-invitation", role: "group", aria: { label: "Tour" } }, [
    element("span", { text }),
    button("Start", "Starts the tour", () => answer(true), controller.signal),
    button("No, thanks", "Does not ask again", () => answer(false), controller.signal),
  ]);
  const remove = () => {
    controller.abort();
    line.remove();
    delete dataset.tamInvitation;
  };
  const answer = (yes: boolean) => {
    const help = root.querySelector<HTMLElement>("[data-tool=help]") ?? root;
    answered();
    remove();
    if (yes) start(help);
    else help.focus();
  };
  signal.addEventListener("abort", remove, { once: true });
  root.querySelector(".tam-toolbar")?.after(line);
}
