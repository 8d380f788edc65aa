/** Entry of the tools: what is done with a view now and then. */
import type { Opened, ToolName } from "../view/tools";
import { toggle } from "./drawer";
import { help } from "./help";
import { overview } from "./overview";

type Use = (opened: Opened, button: HTMLElement) => void;

const TOOLS: Partial<Record<ToolName, Use>> = {
  overview: (opened, button) => toggle(overview(opened), opened, button),
  help: (opened, button) => toggle(help(opened, () => use("tour", opened, button)), opened, button),
};

export function use(tool: ToolName, opened: Opened, button: HTMLElement): void {
  TOOLS[tool]?.(opened, button);
}
