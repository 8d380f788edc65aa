"""Stills of live pages: what is seen where a page cannot be shown."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from scripts.live_pages.registry import PAGES
from scripts.setup_browser import ARGS, find_browser

STILLS = Path(__file__).resolve().parents[2] / "docs" / "images" / "live"
WIDTH = 900
TALLEST = 960
QUALITIES = (80, 70, 60, 50, 40, 30)
LARGEST = 25_000
READY = "[data-ready='1']"
TOURED = "try { localStorage.setItem('tam-widgets-tour', '1') } catch {}"


def take(files: Mapping[str, Path], folder: Path = STILLS) -> dict[str, Path]:
    """Photographs pages.

    Args:
        files: The page of each name.
        folder: Where `NAME.webp` is written.

    Returns:
        The still of each name.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = find_browser()
    made = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*ARGS])
        page = browser.new_page(viewport={"width": WIDTH, "height": TALLEST})
        page.add_init_script(TOURED)
        for name, file in files.items():
            made[name] = folder / f"{name}.webp"
            made[name].write_bytes(webp(photograph(page, file, PAGES[name].press)))
        browser.close()
    return made


def photograph(page: Page, file: Path, press: str) -> Image.Image:
    """A page at rest, after a button was pressed."""
    page.goto(file.as_uri())
    page.locator(READY).first.wait_for()
    if press:
        page.locator(press).click()
    page.mouse.move(0, 0)
    page.wait_for_timeout(500)  # surfaces and bars move in
    return Image.open(io.BytesIO(page.locator("#tam").screenshot())).convert("RGB")


def webp(picture: Image.Image) -> bytes:
    """A picture as WebP, of at most `LARGEST` bytes if a quality reaches that."""
    cropped = picture.crop((0, 0, picture.width, min(picture.height, TALLEST)))
    for quality in QUALITIES:
        written = io.BytesIO()
        cropped.save(written, "WEBP", quality=quality, method=6)
        if written.tell() <= LARGEST:
            break
    return written.getvalue()
