/** Entry of the tools: what is done with a view now and then. */
import type { Opened, ToolName } from "../view/tools";
import { toggle } from "./drawer";
import { help } from "./help";

type Use = (opened: Opened, button: HTMLElement) => void;

const TOOLS: Partial<Record<ToolName, Use>> = {
  help: (opened, button) =>
    toggle(
      help(opened, () => use("tour", opened, button)),
      opened,
      button,
    ),
};

export function use(tool: ToolName, opened: Opened, button: HTMLElement): void {
  TOOLS[tool]?.(opened, button);
}
