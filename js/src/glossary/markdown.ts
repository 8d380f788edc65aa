/** The glossary as a page of the documentation, and its pictures as files. */
import { type Entry, entryNamed, GROUPS, otherForms } from "./entries";
import { type Colours, lookStyle } from "./looks";
import { PICTURES } from "./pictures";
import { HEIGHT, type Picture, type Shape, WIDTH } from "./shapes";

const LIGHT: Colours = { ink: "#1c2024", muted: "#5d646c", accent: "#1c6fd0", other: "#c2570c" };
const DARK: Colours = { ink: "#e8eaed", muted: "#a3abb5", accent: "#6ab0ff", other: "#fdba5a" };

const HEAD = `# Glossary

The terms that views, messages and these pages use, a sentence each. \`tw.glossary("deletion")\` shows an
entry in a notebook, \`tw.glossary()\` all of them; in the explorer's help (*?*) the terms are links. This page
is made from \`tam_widgets/glossary.json\` by \`npm run glossary\`, in \`js/\`.
`;

/** Files by their paths in the folder \`docs\`. */
export function files(): Map<string, string> {
  const pictures = Object.entries(PICTURES).map(
    ([name, picture]) => [pathOf(name), svgText(picture)] as const,
  );
  return new Map([["glossary.md", page()], ...pictures]);
}

const pathOf = (name: string) => `images/glossary/${name}.svg`;

function page(): string {
  const groups = GROUPS.map(
    ({ title, entries }) =>
      `\n## ${title}\n\n| | |\n| --- | --- |\n${entries.map(row).join("\n")}\n`,
  );
  return HEAD + groups.join("");
}

function row(entry: Entry): string {
  const { name, term, text, see } = entry;
  const others = otherForms(entry);
  const forms = others ? ` (${others})` : "";
  const links = see.map((other) => `[${entryNamed(other).term}](#${other})`).join(", ");
  const related = links ? ` *See ${links}.*` : "";
  return `| <a id="${name}"></a>![](${pathOf(name)}) | **${term}**${forms}: ${text}${related} |`;
}

function svgText(picture: Picture): string {
  const used = new Set(picture.map(({ look }) => look));
  const dark = `@media (prefers-color-scheme: dark) {\n${lookStyle(DARK, used)}\n}`;
  const style = `text { font-family: system-ui, sans-serif; }\n${lookStyle(LIGHT, used)}\n${dark}`;
  const size = `width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}"`;
  const shapes = picture.map(shapeText).join("\n");
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size}>\n<style>\n${style}\n</style>\n${shapes}\n</svg>\n`;
}

function shapeText({ tag, look, attributes, text }: Shape): string {
  const all = Object.entries({ class: `tam-look-${look}`, ...attributes });
  const said = all.map(([name, value]) => `${name}="${value}"`).join(" ");
  return text === undefined ? `<${tag} ${said}/>` : `<${tag} ${said}>${text}</${tag}>`;
}
