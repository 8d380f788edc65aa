/** Entry of the menus with which each panel of a comparison is shown by a method of its own. */
import { keepKeys, type Select, select } from "../controls";
import { panelName } from "../panel-name";
import { adopt } from "../style-sheet";
import type { Opened } from "./tools";

/** Titles, pictures and texts begin at the same height, though legends are not equally long. */
const STYLE = `
[data-own-methods] .tam-panel {
  display: grid;
  grid-row: span 3;
  grid-template: subgrid / minmax(0, 1fr);
  row-gap: 0;
}
.tam-title select { flex: none; max-width: 70%; }
`;

/** What the explorer loads for several panels. */
export interface MenuModule {
  readonly addMenus: (opened: Opened) => void;
}

/**
 * Adds a menu of methods to each panel's title, which is hidden while all panels show the same; the
 * choice to have such menus to the toolbar; and the method to the panels' accessible names.
 */
export function addMenus(opened: Opened): void {
  const { root, store, panels } = opened;
  adopt(root, STYLE);
  const made = panels.map((_, panel) => menu(opened, panel));
  addChoice(opened);
  const draw = () => {
    const own = store.settings.methods.length > 0;
    root.toggleAttribute("data-own-methods", own);
    made.forEach((one, panel) => {
      one.element.hidden = !own;
      one.show(store.of(panel).method);
      name(opened, panel);
    });
  };
  store.subscribe((changed) => {
    if (changed === "methods" || changed === "method") draw();
  });
  draw();
}

/** Adds a choice to the toolbar's menu, which brings back the methods that the panels had. */
function addChoice({ root, store, panels, signal }: Opened): void {
  const all = root.querySelector<HTMLSelectElement>("[data-setting=method]");
  const toolbar = root.querySelector(".tam-toolbar");
  if (!all || !toolbar) return;
  const choice = [...all.options].find(({ value }) => !value) ?? new Option("", "");
  choice.text = "each panel’s own";
  all.append(choice);
  let before: readonly string[] = [];
  const choose = (event: Event) => {
    if (event.target !== all) return;
    const { method, methods } = store.settings;
    if (methods.length > 0) before = methods;
    if (all.value) return;
    event.stopPropagation(); // there is no method of this name
    store.set("methods", before.length > 0 ? before : panels.map(() => method));
  };
  toolbar.addEventListener("change", choose, { capture: true, signal });
}

function menu({ store, methods, panels, views, signal }: Opened, panel: number): Select {
  const choose = (name: string) =>
    store.set(
      "methods",
      panels.map((_, i) => (i === panel ? name : store.of(i).method)),
    );
  const choices = methods.map(({ name, label }) => [name, label] as const);
  const made = select("How this panel’s map is computed", choices, choose, signal);
  views[panel].element.querySelector(".tam-title h2")?.after(made.element);
  keepKeys(made.element, signal);
  return made;
}

function name(opened: Opened, panel: number): void {
  const { element, strip } = opened.views[panel];
  const own = panelName(opened, panel);
  const label = panel > 0 ? `${own}, panel ${panel + 1}` : own;
  element.setAttribute("aria-label", label);
  strip.element.setAttribute("aria-label", `Words of ${label}`);
}
