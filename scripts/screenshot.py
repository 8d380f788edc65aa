"""Make the README's animation from the running product: both demo models, in the exported file.

python scripts/screenshot.py
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

import tam_widgets as tw
from scripts.setup_browser import ARGS, find_browser
from tam_widgets.export import to_html

IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"
SEED = 40
FRAME_MS = 900


def main() -> None:
    scene = tw.demo.scene(seed=SEED)
    explanations = [
        tw.demo.explainer(name).explain(scene.image, scene.prompt, progress=False)
        for name in tw.demo.MODELS
    ]
    IMAGES.mkdir(parents=True, exist_ok=True)
    path = find_browser()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        file = Path(folder) / "compare.html"
        to_html(explanations, file)
        browser = playwright.chromium.launch(executable_path=path, args=[*ARGS])
        page = browser.new_page(viewport={"width": 960, "height": 700}, device_scale_factor=1.5)
        page.goto(file.as_uri())
        page.locator("[data-testid=tam][data-ready='1']").wait_for()
        save_animation(page, answer_words(explanations[0]), Path(folder))
        browser.close()


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
    size = (frames[0].width, min(frame.height for frame in frames))
    frames = [frame.crop((0, 0, *size)) for frame in frames]
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
