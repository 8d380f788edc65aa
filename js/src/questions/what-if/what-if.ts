/** What the model answers if one thing is changed. */
import { button } from "../../controls";
import { element } from "../../dom";
import type { Changed, Question } from "../question";
import { crop } from "./crop";
import { otherAnswer } from "./other-answer";
import { paintOver } from "./paint-over";
import { Sending } from "./sending";
import { draftOf, type Way } from "./way";
import { writeOn } from "./write-on";

const NAME = "what-if";

const WAYS = [writeOn, paintOver, crop, otherAnswer];

export const whatIf: Question = {
  name: NAME,
  button: (place) =>
    place.asks(NAME) ? ["what if…", "Changes one thing, and asks the model again"] : null,
  open: (body, place, signal) => {
    const draft = draftOf(place.panel);
    const ways = WAYS.filter(({ fits }) => fits(place.panel));
    const region = element("fieldset", { class: "tam-way" });
    const busy = (running: boolean) => {
      chooser.disabled = region.disabled = running;
    };
    const sending = new Sending(place, busy, signal);
    let leave = new AbortController();
    let follow = (_: Changed) => {};
    const go = (way: Way) => {
      leave.abort();
      leave = new AbortController();
      draft.way = way.name;
      ways.forEach((other, i) => {
        buttons[i].setAttribute("aria-pressed", String(other === way));
      });
      region.replaceChildren();
      region.setAttribute("aria-label", way.button[0]);
      const ask = (change: Readonly<Record<string, unknown>>) => sending.ask(NAME, change);
      follow = way.open(region, { place, draft, ask, signal: leave.signal });
    };
    const buttons = ways.map((way) => button(...way.button, () => go(way), signal));
    const chooser = element("fieldset", { class: "tam-ways", aria: { label: "What to change" } });
    chooser.append(...buttons);
    body.append(chooser, region, sending.element);
    signal.addEventListener("abort", () => leave.abort(), { once: true });
    const first =
      place.locked.length > 0 ? writeOn : (ways.find(({ name }) => name === "paint") ?? writeOn);
    go(ways.find(({ name }) => name === draft.way) ?? first);
    return (changed) => follow(changed);
  },
};
