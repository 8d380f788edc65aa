"""Make the README's pictures from the running product, with both demo models.

The comparison and the check are photographed in exported files, the gallery in JupyterLab, whose
kernel it needs; `make test` brings what that takes.

python -m scripts.screenshot
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageOps
from playwright.sync_api import Browser, Page, sync_playwright

import tam_widgets as tw
from scripts.setup_browser import ARGS, find_browser
from tam_widgets.views.export import to_html
from tests.e2e.explorer import TOURED
from tests.e2e.gallery import run
from tests.e2e.notebook import open_notebook, write_notebook
from tests.e2e.server import jupyter

IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"
SEED = 40
FRAME_MS = 900
GALLERY = """
import tam_widgets as tw
from tam_widgets.evaluation.datasets import DemoScenes

models = [tw.demo.explainer(name) for name in ("qwen2-vl", "llava")]
report = tw.evaluate(models, DemoScenes(72, first_seed=48), folder="report")
view = tw.Gallery(
    report.run("llava"), report.run("qwen2-vl"), sort="difference", descending=True
)
view.selection = [view.shown[1]]
view
"""


def main() -> None:
    IMAGES.mkdir(parents=True, exist_ok=True)
    path = find_browser()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*ARGS])
        save_comparison(browser, Path(folder))
        save_check(browser, Path(folder))
        save_gallery(browser, Path(folder))
        browser.close()


def save_comparison(browser: Browser, folder: Path) -> None:
    """Both models' answers to one picture, the mouse over one word after the other."""
    scene = tw.demo.scene(seed=SEED)
    explanations = [
        tw.demo.explainer(name).explain(scene.image, scene.prompt, progress=False)
        for name in tw.demo.MODELS
    ]
    file = folder / "compare.html"
    to_html(explanations, file)
    page = browser.new_page(viewport={"width": 960, "height": 700}, device_scale_factor=1.5)
    page.add_init_script(TOURED)
    page.goto(file.as_uri())
    page.locator("[data-testid=tam][data-ready='1']").wait_for()
    save_animation(page, answer_words(explanations[0]), folder)


def save_check(browser: Browser, folder: Path) -> None:
    """A word's map tested: the curve, and the picture with a third of its cells filled."""
    scene, explainer = tw.demo.scene(seed=SEED), tw.demo.explainer("qwen2-vl")
    explained = explainer.explain(scene.image, scene.prompt, progress=False)
    checked = explained.with_check(explainer.check(explained, "tree", progress=False))
    tree = explained.find("tree")[0]
    file = folder / "check.html"
    page = browser.new_page(viewport={"width": 960, "height": 900}, device_scale_factor=1.5)
    tw.Explorer(checked, selected=[(0, tree)]).to_html(file)
    page.add_init_script(TOURED)
    page.goto(file.as_uri())
    page.locator("[data-testid=tam][data-ready='1']").wait_for()
    page.locator("button[data-question=check]").click()
    slider = page.locator(".tam-check input[type=range]")
    slider.fill("5")
    page.mouse.move(0, 0)
    page.wait_for_timeout(500)
    shot = folder / "check.png"
    page.locator("#tam").screenshot(path=shot)
    Image.open(shot).convert("RGB").save(IMAGES / "check.webp", quality=85)


def save_gallery(browser: Browser, folder: Path) -> None:
    """Where one model fails and the other does not, with one case open."""
    with jupyter(folder) as server:
        write_notebook(server, "gallery.ipynb", GALLERY)
        page = browser.new_page(viewport={"width": 1640, "height": 1240})
        page.add_init_script(TOURED)
        page.set_default_timeout(90_000)
        notebook = open_notebook(server, page, "gallery.ipynb", "notebook")
        (gallery,) = run(notebook)
        gallery.opened(gallery.shown()[1])
        shot = folder / "gallery.png"
        gallery.root.screenshot(path=shot)
        Image.open(shot).convert("RGB").save(IMAGES / "gallery.webp", quality=85)


def answer_words(explanation: tw.Explanation) -> list[int]:
    """The answer's tokens that are words."""
    return [
        i
        for i, t in enumerate(explanation.tokens)
        if t.kind == "answer" and not t.special and t.text.strip().isalpha()
    ]


def hover(page: Page, token: int) -> None:
    page.locator(f".tam-token[data-panel='0'][data-i='{token}']").hover()
    page.wait_for_function(
        f"document.querySelector('[data-testid=tam]').dataset.drawn === '0:{token}'"
    )


def save_animation(page: Page, words: Sequence[int], folder: Path) -> None:
    """The mouse over every word of the answer, in order."""
    frames = []
    for token in words:
        hover(page, token)
        shot = folder / f"{token}.png"
        page.locator("#tam").screenshot(path=shot)
        frames.append(Image.open(shot).convert("RGB"))
    size = (frames[0].width, max(frame.height for frame in frames))
    frames = [ImageOps.pad(frame, size, color="white", centering=(0, 0)) for frame in frames]
    frames[0].save(
        IMAGES / "compare.webp",
        save_all=True,
        append_images=frames[1:],
        duration=FRAME_MS,
        loop=0,
        quality=85,
    )


if __name__ == "__main__":
    main()
