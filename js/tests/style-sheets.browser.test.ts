/** Views of several kinds stand in one page, and share its style sheets. */
import { describe, expect, it, onTestFinished } from "vitest";
import anatomy from "../src/anatomy/anatomy";
import { STYLE as ANATOMY } from "../src/anatomy/style";
import EXERCISE from "../src/exercises/exercise.css?raw";
import GALLERY from "../src/gallery/gallery.css?raw";
import { STYLE as GLOSSARY } from "../src/glossary/style";
import { localModel } from "../src/local-model";
import { STYLE as CHECK } from "../src/questions/check-style";
import { STYLE as RELIANCE } from "../src/questions/reliance-style";
import { STYLE as QUESTIONS } from "../src/questions/style";
import { STYLE as WHAT_IF } from "../src/questions/what-if/style";
import { STYLE as TOOLS } from "../src/tools/style";
import EXPLORER from "../src/widget.css?raw";
import { drawn } from "./events";
import { openExercise } from "./exercises/opened";
import { at, panel } from "./view/made";
import { encode } from "./view/opened";

const IMPORT = /^@import .*$/m;

/** Of each part; those of one part may share their classes. */
const SHEETS: Readonly<Record<string, string>> = {
  explorer: EXPLORER,
  exercise: EXERCISE.replace(IMPORT, ""),
  gallery: GALLERY.replace(IMPORT, ""),
  glossary: GLOSSARY,
  tools: TOOLS,
  questions: QUESTIONS + RELIANCE + WHAT_IF,
  check: CHECK,
  anatomy: ANATOMY,
};

function parsed(text: string): CSSStyleSheet {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  return sheet;
}

function selectors(rules: CSSRuleList): string[] {
  return [...rules].flatMap((rule) => {
    if (rule instanceof CSSStyleRule) return rule.selectorText.split(/,(?![^(]*\))/);
    return rule instanceof CSSGroupingRule ? selectors(rule.cssRules) : [];
  });
}

const classes = (selector: string) => selector.match(/\.[a-z][\w-]*/g) ?? [];

const classesOf = (text: string) => new Set(selectors(parsed(text).cssRules).flatMap(classes));

/** What one view is made of: its parts may style what is of the others. */
const VIEWS = [
  ["explorer", "tools", "questions", "check"],
  ["anatomy", "check"],
];

const ALL = new Map(Object.entries(SHEETS).map(([name, text]) => [name, classesOf(text)]));

/** Selectors of a sheet that hold for another part’s elements too: all their classes are of both. */
function reaching(own: string, other: string): string[] {
  const common = other === "explorer" ? null : ALL.get("explorer");
  const theirs = (name: string) => ALL.get(other)?.has(name) && !common?.has(name);
  return selectors(parsed(SHEETS[own]).cssRules).filter((selector) => {
    const found = classes(selector);
    return found.length > 0 && found.every(theirs);
  });
}

const apart = (own: string, other: string) =>
  own !== "explorer" && !VIEWS.some((parts) => parts.includes(own) && parts.includes(other));

const PAIRS = Object.keys(SHEETS).flatMap((own) =>
  Object.keys(SHEETS).flatMap((other) =>
    own !== other && apart(own, other) ? [[own, other] as const] : [],
  ),
);

it.each(PAIRS)("%s has no rule for what is also of %s", (own, other) => {
  expect(reaching(own, other)).toEqual([]);
});

/** Places and looks of all elements below one. */
function looks(root: Element): string[] {
  const { left, top } = root.getBoundingClientRect();
  return [...root.querySelectorAll("*")].map((one) => {
    const rect = one.getBoundingClientRect();
    const { color, backgroundColor, fill, stroke, fontSize, border } = getComputedStyle(one);
    const place = [rect.left - left, rect.top - top, rect.width, rect.height].map(Math.round);
    const name = `${one.tagName} ${one.getAttribute("class")}`;
    return [name, ...place, color, backgroundColor, fill, stroke, fontSize, border].join(" ");
  });
}

/** The same with these parts’ style sheets in the page, and no others. */
function looksUnder(names: readonly string[], root: Element): string[] {
  const [linked, adopted] = [[...document.styleSheets], [...document.adoptedStyleSheets]];
  document.adoptedStyleSheets = names.map((name) => parsed(SHEETS[name]));
  for (const sheet of linked) sheet.disabled = true;
  try {
    return looks(root);
  } finally {
    document.adoptedStyleSheets = adopted;
    for (const sheet of linked) sheet.disabled = false;
  }
}

/** Compares a view alone with one in a notebook that has all kinds of views. */
function expectSame(own: string, root: Element): void {
  const alone = ["explorer", ...(VIEWS.find(([view]) => view === own) ?? [own])];
  const others = Object.keys(SHEETS).filter((name) => !alone.includes(name));
  const expected = looksUnder(alone, root);
  expect(looksUnder([...alone, ...others], root)).toEqual(expected);
  expect(looksUnder(["explorer", ...others, ...alone.slice(1)], root)).toEqual(expected);
}

describe("beside all other views", () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])("the anatomy looks the same: step %i", async (step) => {
    const encoded = encode([await panel()]);
    const token = at(" red");
    const state = { _token: token, step, _known: [{}], _questions: [[]] };
    const el = document.createElement("div");
    document.body.append(el);
    const close = anatomy.render({ model: localModel({ ...encoded, ...state }), el });
    onTestFinished(() => {
      close();
      el.remove();
    });
    const root = el.firstElementChild as HTMLElement;
    await expect.poll(() => root.dataset.ready, { interval: 5 }).toBe("1");
    await drawn();
    expectSame("anatomy", root);
  });

  it.each(["draw", "word"] as const)("an exercise looks the same: %s", async (kind) => {
    const [red, sea] = [[at(" red")], [at(" sea")]];
    const question = { kind, tokens: red, words: [red, sea], solution: 0 };
    const view = await openExercise(await panel(), question, { drawn: [1], choice: 0 });
    expectSame("exercise", view.root);
    view.state.answered = true;
    const answered = await openExercise(await panel(), question, view.state);
    expectSame("exercise", answered.root);
  });
});
