import { expect, it } from "vitest";
import { click, hover, unhover } from "../events";
import { at, panel, withAlternatives } from "./made";
import { type Opened, open } from "./opened";

const PLACE = at(" air");

const chips = (view: Opened) => view.all(".tam-choice .tam-candidates > *");

async function locked(settings: Record<string, unknown> = {}) {
  return open([await withAlternatives(PLACE)], { selected: [[0, PLACE]], ...settings });
}

it("lists what the model might have said, with the maps that there are", async () => {
  const view = await locked();
  const said = chips(view).map((chip) => chip.textContent);
  expect(said).toEqual(["air.70", "ship.20", "hot air2 pieces"]);
  expect(chips(view)[0].classList).toContain("tam-chosen");
  view.model.set("selected", [[0, at(" red")]]);
  expect(chips(view).map((chip) => chip.textContent)).toEqual(["red.53"]);
  expect(chips(view)[0].localName).toBe("span");
});

it("shows another word's map while its chip is pointed at", async () => {
  const view = await locked();
  const own = view.overlay();
  hover(chips(view)[1]);
  expect(view.overlay()).not.toBe(own);
  expect(view.text(".tam-details > .tam-note")).toBe("The map of “ship” in the place of “air”.");
  unhover(chips(view)[1]);
  expect(view.overlay()).toBe(own);
  expect(view.state.counterfactual).toBeUndefined();
});

it("keeps the word that is chosen, until its chip is pressed again", async () => {
  const view = await locked({ selected: [] });
  hover(view.token(PLACE));
  click(chips(view)[2]);
  expect(view.state.counterfactual).toEqual([0, PLACE, 1]);
  expect(view.locked()).toEqual([PLACE]);
  expect(chips(view)[2].getAttribute("aria-pressed")).toBe("true");
  click(chips(view)[2]);
  expect(view.state.counterfactual).toEqual([]);
});

it("is given up when another word is locked", async () => {
  const view = await locked({ counterfactual: [0, PLACE, 0] });
  expect(chips(view)[1].getAttribute("aria-pressed")).toBe("true");
  click(view.token(at(" sea")));
  expect(view.state.counterfactual).toEqual([]);
});

it("contrasts both words, with a name at each end of the scale", async () => {
  const view = await locked();
  click(view.button("contrast"));
  expect([view.state.contrast, view.state.counterfactual]).toEqual([true, [0, PLACE, 0]]);
  expect(view.all(".tam-end").map((end) => end.textContent)).toEqual(["air", "ship"]);
  const [top, middle, bottom] = view.all(".tam-number").map((number) => number.textContent);
  expect([top?.[0], middle, bottom?.[0]]).toEqual(["+", "0", "−"]);
  expect(view.text(".tam-details > .tam-note")).toContain("“air” (orange)");
  click(view.button("contrast"));
  expect(view.state.contrast).toBe(false);
});

it("is reached by keys", async () => {
  const view = await locked();
  const own = view.overlay();
  chips(view)[1].focus();
  expect(view.overlay()).not.toBe(own);
  chips(view)[1].blur();
  expect(view.overlay()).toBe(own);
});

it("looks pressed only where a contrast is in view", async () => {
  const other = { alternatives: [], tokens: (await panel()).tokens };
  const view = await open([await withAlternatives(PLACE), await panel(other)]);
  const pressed = () =>
    view
      .all("button")
      .filter((button) => button.textContent === "contrast" && !button.hidden)
      .map((button) => button.getAttribute("aria-pressed"));
  click(view.token(PLACE));
  click(view.button("contrast"));
  expect(pressed()).toEqual(["true"]);
  view.model.set("counterfactual", []);
  expect([view.state.contrast, pressed()]).toEqual([true, ["false"]]);
});

it("offers no contrast where no other word has a map", async () => {
  const view = await locked({ selected: [[0, at(" red")]] });
  expect(view.button("contrast").hidden).toBe(true);
});
