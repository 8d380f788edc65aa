/** Entry of the tools: what is done with a view now and then. */
import type { Opened, ToolName } from "../view/tools";

type Tool = (opened: Opened, button: HTMLElement) => void;

const TOOLS: Partial<Record<ToolName, Tool>> = {};

export function use(tool: ToolName, opened: Opened, button: HTMLElement): void {
  TOOLS[tool]?.(opened, button);
}
