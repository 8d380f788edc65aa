import axe from "axe-core";
import { describe, expect, it, onTestFinished } from "vitest";
import { ENTRIES } from "../../src/glossary/entries";
import { render } from "../../src/glossary/glossary";
import { localModel } from "../../src/local-model";
import { click, enter, hover, press } from "../events";
import { Root } from "../root";
import { faults, openTool } from "../tools/opened";
import { at } from "../view/made";
import "../../src/widget.css";

function openGlossary(state: Record<string, unknown> = {}, width = 900): Root {
  const el = document.createElement("div");
  el.style.width = `${width}px`;
  document.body.append(el);
  const close = render({ model: localModel(state), el });
  onTestFinished(() => {
    close();
    el.remove();
  });
  return new Root(el.firstElementChild as HTMLElement);
}

const shown = (view: Root) =>
  view
    .all(".tam-entry")
    .filter((one) => one.checkVisibility())
    .map((one) => one.dataset.term);

const term = (within: Element, text: string) =>
  [...within.querySelectorAll<HTMLElement>(".tam-term")].find(
    (one) => one.textContent === text,
  ) as HTMLElement;

describe("glossary", () => {
  it("shows all entries, each with its picture", () => {
    const view = openGlossary();
    expect(shown(view)).toEqual(ENTRIES.map(({ name }) => name));
    expect(view.all(".tam-entry > .tam-entry-picture").length).toBe(ENTRIES.length);
  });

  it("searches terms, other forms and sentences", () => {
    const view = openGlossary();
    enter(view.find<HTMLInputElement>("input"), "ECI");
    expect(shown(view)).toContain("eci");
    expect(shown(view).length).toBeLessThan(8);
    expect(view.text("[role=status]")).toBe(`${shown(view).length} of ${ENTRIES.length} terms`);
    enter(view.find<HTMLInputElement>("input"), "no such thing");
    expect(shown(view)).toEqual([]);
  });

  it("shows one entry, goes to a related one, and back to all", () => {
    const state: Record<string, unknown> = { term: "deletion" };
    const view = openGlossary(state);
    expect(shown(view)).toEqual(["deletion"]);
    click(term(view.find("[data-term=deletion]"), "insertion"));
    expect(shown(view)).toEqual(["insertion"]);
    expect(state.term).toBe("insertion");
    click(view.find(".tam-button"));
    expect(shown(view).length).toBe(ENTRIES.length);
  });

  it("goes to a related entry among all of them", () => {
    const view = openGlossary();
    click(term(view.find("[data-term=deletion]"), "insertion"));
    expect(shown(view).length).toBe(ENTRIES.length);
    expect(document.activeElement).toBe(view.find("[data-term=insertion]"));
  });

  it.each([320, 1100])("has no faults in accessibility at %i pixels", async (width) => {
    const view = openGlossary({}, width);
    const { violations } = await axe.run(view.root);
    expect(violations.map(({ id, help }) => `${id}: ${help}`)).toEqual([]);
    expect(view.root.scrollWidth).toBeLessThanOrEqual(width);
  });
});

describe("terms in the help", () => {
  const opened = async () => {
    const view = await openTool("help");
    await expect.poll(() => view.all(".tam-drawer .tam-term").length).toBeGreaterThan(5);
    return view;
  };

  it("open their entry below the text, and close it", async () => {
    const view = await opened();
    const eci = term(view.root, "Estimated causal inference");
    click(eci);
    expect(view.text(".tam-opened-entry b")).toBe("estimated causal inference");
    expect(eci.ariaExpanded).toBe("true");
    click(eci);
    expect(view.all(".tam-opened-entry")).toEqual([]);
    expect(eci.ariaExpanded).toBe("false");
  });

  it("close by Escape, and the help stays open", async () => {
    const view = await opened();
    const eci = term(view.root, "Estimated causal inference");
    click(eci);
    term(view.find(".tam-opened-entry"), "interference").focus();
    click(document.activeElement as HTMLElement);
    expect(view.text(".tam-opened-entry b")).toBe("interference");
    press("Escape");
    expect(view.all(".tam-opened-entry")).toEqual([]);
    expect(document.activeElement).toBe(eci);
    expect(view.all(".tam-drawer").length).toBe(1);
    press("Escape");
    expect(view.all(".tam-drawer")).toEqual([]);
  });

  it("stay open, and keep the keyboard, while another word is pointed at", async () => {
    const view = await opened();
    const eci = term(view.root, "Estimated causal inference");
    eci.focus();
    click(eci);
    hover(view.token(at(" sea")));
    await expect.poll(() => view.text(".tam-drawer")).toContain("With “sea” as the example");
    expect(view.all(".tam-opened-entry").length).toBe(1);
    expect(document.activeElement).toBe(eci);
  });

  it("have no faults in accessibility", async () => {
    const view = await opened();
    click(term(view.root, "Estimated causal inference"));
    expect(await faults(view)).toEqual([]);
  });
});
