/** Copies and saves the picture in view, and the code that makes it. */

import { button } from "../controls";
import { element } from "../dom";
import { panelName } from "../panel-name";
import type { Opened } from "../view/tools";
import { codeOf } from "./code";
import { compose, fileName, SHARPNESS } from "./compose";
import type { Tool } from "./drawer";
import { canvasOf, svgOf } from "./figure";
import { copyPicture, copyText, png, save } from "./files";
import { pageMaker } from "./html";

export function copy(opened: Opened): Tool {
  return {
    name: "copy",
    title: "Copy or save",
    fill: (body, signal) => {
      const { store, panels } = opened;
      const said = element("span", { class: "tam-note", role: "status" });
      const code = element("pre", { class: "tam-code" });
      code.tabIndex = 0;
      code.dataset.lmSuppressShortcuts = "true";
      code.setAttribute("aria-label", "The Python that makes this view");
      code.setAttribute("role", "region");
      const action = (text: string, title: string, act: () => Promise<string>) => {
        const press = async () => {
          said.textContent = "";
          const done = act().catch((error) => `That failed: ${(error as Error).message}.`);
          said.textContent = await done;
        };
        return button(text, title, press, signal);
      };
      const picture = async () => png(canvasOf(await compose(opened), SHARPNESS));
      const savePng = async () => {
        const name = `${fileName(opened)}.png`;
        save(await picture(), "image/png", name);
        return `Saved ${name}.`;
      };
      const makePage = pageMaker(opened);
      const actions = [
        action("copy picture", "What is in view, for a slide or a message", async () => {
          if (await copyPicture(picture())) return "Copied.";
          return `The clipboard is not open to this page. ${await savePng()}`;
        }),
        action("save PNG", "The picture as a file of pixels", savePng),
        action("save SVG", "The picture as a file for print, its text as text", async () => {
          const name = `${fileName(opened)}.svg`;
          const titles = panels.map((_, i) => panelName(opened, i)).join(" · ");
          save(svgOf(await compose(opened), titles), "image/svg+xml", name);
          return `Saved ${name}.`;
        }),
      ];
      if (makePage)
        actions.push(
          action("save HTML", "The whole view as one file that works offline", async () => {
            const name = `${fileName(opened)}.html`;
            said.textContent = "The page is being made.";
            save(await makePage(), "text/html", name);
            return `Saved ${name}.`;
          }),
        );
      const copyCode = action("copy code", "The Python that makes this view", async () => {
        if (await copyText(code.textContent ?? "")) return "Copied.";
        getSelection()?.selectAllChildren(code);
        return "The clipboard is not open to this page: the code is selected, copy it by keyboard.";
      });
      const follow = () => {
        code.textContent = codeOf(store.settings, panels);
      };
      follow();
      const row = element("div", { class: "tam-actions" }, [...actions, copyCode]);
      body.append(row, code, said);
      return follow;
    },
  };
}
