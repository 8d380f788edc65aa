// Bundles every entry with esbuild and shrinks it with terser: saved notebooks carry the first one.
import { readFile, writeFile } from "node:fs/promises";
import { build } from "esbuild";
import { minify } from "terser";

const FOLDER = "../tam_widgets/views/static";
const ENTRIES = [
  "src/widget.ts",
  "src/standalone.ts",
  "src/gallery/gallery.ts",
  "src/gallery/gallery_page.ts",
  "src/exercises/exercise.ts",
  "src/glossary/glossary.ts",
  "src/view/video.ts",
  "src/view/method_menus.ts",
  "src/tools/tools.ts",
  "src/questions/questions.ts",
  "src/anatomy/anatomy.ts",
];

const STYLES = ["src/gallery/gallery_page.css"];

await build({
  entryPoints: [...ENTRIES, ...STYLES],
  entryNames: "[name]",
  outdir: FOLDER,
  bundle: true,
  minify: true,
  charset: "utf8",
  format: "esm",
  target: "es2022",
  logLevel: "warning",
});
for (const entry of ENTRIES) {
  const name = entry.replace(/.*\/(.*)\.ts$/, "$1");
  const file = `${FOLDER}/${name}.js`;
  const { code } = await minify(await readFile(file, "utf8"), {
    module: true,
    ecma: 2020,
    compress: { passes: 3, unsafe_arrows: true, hoist_funs: true },
    format: { ecma: 2020 },
  });
  await writeFile(file, `${code}\n`);
}
