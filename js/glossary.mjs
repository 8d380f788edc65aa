// Writes the page of the glossary, and its pictures, into the documentation.
import { mkdir, writeFile } from "node:fs/promises";
import { build } from "esbuild";

const DOCS = "../docs";

const { outputFiles } = await build({
  entryPoints: ["src/glossary/markdown.ts"],
  bundle: true,
  format: "esm",
  write: false,
});
const code = Buffer.from(outputFiles[0].contents).toString("base64");
const { files } = await import(`data:text/javascript;base64,${code}`);
await mkdir(`${DOCS}/images/glossary`, { recursive: true });
for (const [path, text] of files()) await writeFile(`${DOCS}/${path}`, text);
