/** All parts of the explorer, for pages that have no kernel to ask for them. */
import * as anatomy from "./anatomy/anatomy";
import * as glossary from "./glossary/glossary";
import type { PartName } from "./parts";
import * as questions from "./questions/questions";
import * as tools from "./tools/tools";
import * as method_menus from "./view/method_menus";
import * as outlines from "./view/outlines";
import * as video from "./view/video";

const PARTS: Readonly<Record<PartName, unknown>> = {
  anatomy,
  glossary,
  method_menus,
  outlines,
  questions,
  tools,
  video,
};

export async function bundledPart(name: PartName): Promise<unknown> {
  return PARTS[name];
}
