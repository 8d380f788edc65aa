/** Entry of the tools: what is done with a view now and then. */

import { adopt } from "../style-sheet";
import type { Opened, ToolName } from "../view/tools";
import { copy } from "./copy";
import { difference } from "./difference";
import { toggle } from "./drawer";
import { help } from "./help";
import { overview } from "./overview";
import { STYLE } from "./style";
import { invite as ask, tour } from "./tour";

type Use = (opened: Opened, button: HTMLElement) => void;

const TOOLS: Partial<Record<ToolName, Use>> = {
  overview: (opened, button) => toggle(overview(opened), opened, button),
  copy: (opened, button) => toggle(copy(opened), opened, button),
  difference: (opened, button) => toggle(difference(opened), opened, button),
  help: (opened, button) =>
    toggle(
      help(opened, () => use("tour", opened, button)),
      opened,
      button,
    ),
  tour: (opened, button) => toggle(tour(opened), opened, button),
};

export function use(tool: ToolName, opened: Opened, button: HTMLElement): void {
  TOOLS[tool]?.(opened, button);
}

export function invite(opened: Opened, answered: () => void): void {
  adopt(opened.root, STYLE);
  ask(opened, (button) => use("tour", opened, button), answered);
}
