"""The steps of an anatomy as an exported file in a real Chromium.

A key goes from step to step, forth and back: the JavaScript of a step, and the key until the first
task after the frame that painted it.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from browsing import AFTER_FRAME, row
from playwright.sync_api import sync_playwright
from report import arguments, publish

import tam_widgets as tw
from scripts.setup_browser import ARGS, find_browser

STEPS = (
    "async () => {"
    + AFTER_FRAME
    + """
  const root = document.querySelector("[data-step]");
  const [scripts, frames] = [[], []];
  for (const key of [...Array(9).fill("ArrowRight"), ...Array(9).fill("ArrowLeft")]) {
    const before = root.dataset.step;
    const start = performance.now();
    root.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    scripts.push(performance.now() - start);
    await afterFrame();
    frames.push(performance.now() - start);
    if (root.dataset.step === before) throw new Error(`${key} did not leave step ${before}`);
  }
  return [scripts, frames];
}"""
)


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--rounds", type=int, default=10)
    options = parser.parse_args()
    path, scene = find_browser(), tw.demo.scene(seed=7)
    rows = []
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*ARGS])
        for name in tw.demo.MODELS:
            file = Path(folder) / f"{name}.html"
            explainer = tw.demo.explainer(name)
            explained = explainer.explain(scene.image, scene.prompt, progress=False)
            checked = explained.with_check(explainer.check(explained, "laptop", progress=False))
            tw.anatomy(checked, "laptop", explainer=explainer).to_html(file)
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            page.goto(file.as_uri())
            page.locator("[data-step]").wait_for()
            page.wait_for_timeout(1_000)
            found = [page.evaluate(STEPS) for _ in range(options.rounds)]
            scripts, frames = ([ms for one in found for ms in one[part]] for part in (0, 1))
            rows += [
                row(f"{name}: step of the anatomy, JavaScript, ms", scripts, 16),
                row(f"{name}: key to the painted step, ms", frames, ""),
            ]
        browser.close()
    publish("anatomy_latency", rows, options.json)


if __name__ == "__main__":
    main()
