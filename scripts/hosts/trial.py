"""Tries one host and says what works."""

from __future__ import annotations

import contextlib
import io
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from PIL import Image
from playwright.sync_api import Browser, Page

from . import page as see
from .cdn import Cdn
from .guide import as_anatomy, as_asking, as_gallery, code

IMAGES: Final = Path(__file__).resolve().parents[2] / "docs" / "images" / "hosts"
LARGEST: Final = 40_000
"""Bytes of a picture."""

STEPS: Final = (
    "shown",
    "hover",
    "whole",
    "click → Python",
    "box",
    "asks the model",
    "anatomy",
    "step → Python",
    "gallery",
    "opens a sample",
    "sample → Python",
)

Opens = Callable[[Page, Path, Sequence[str]], AbstractContextManager[None]]
Check = Callable[[], object]


@dataclass(frozen=True)
class Host:
    """A place where views are shown.

    Attributes:
        name: For the command line.
        package: Its distribution, whose version is told.
        section: The heading in the guide whose code is run.
        opens: Starts the host with that code, and opens its page.
        live: Whether Python runs behind the page.
        asks: Whether a view can ask its model there.
        anatomy: Whether it can show the steps of a word.
        gallery: Whether it can show a gallery.
        samples: Whether a gallery's card can open its sample there.
    """

    name: str
    package: str
    section: str
    opens: Opens
    live: bool = True
    asks: bool = True
    anatomy: bool = True
    gallery: bool = True
    samples: bool = True


@dataclass
class Findings:
    """What was found of one host: by step ✓, ✗, or – where it cannot be."""

    host: str
    version: str
    signs: dict[str, str] = field(default_factory=lambda: dict.fromkeys(STEPS, "–"))
    problems: list[str] = field(default_factory=list)
    asked: set[str] = field(default_factory=set)

    def step(self, name: str, check: Check) -> bool:
        try:
            check()
        except Exception as error:  # whatever a host does, the others are still tried
            self.signs[name] = "✗"
            self.problems.append(f"{self.host}, {name}: {' '.join(str(error).split())[:400]}")
            return False
        self.signs[name] = "✓"
        return True


def tried(host: Host, browser: Browser, samples: Path) -> Findings:
    """Starts a host with an explorer, with one that has a model, with an anatomy and a gallery."""
    try:
        findings = Findings(host.name, version(host.package))
    except PackageNotFoundError:
        return Findings(host.name, "not installed")
    cells = code(host.section)
    with _opened(findings, "shown", host, browser, samples, cells) as page:
        _explorer(findings, host, page)
    if host.live and host.asks:
        asking = [as_asking(cell) for cell in cells]
        with _opened(findings, "asks the model", host, browser, samples, asking) as page:
            view = see.find(page, see.EXPLORER)
            findings.step("asks the model", partial(see.asks, view))
    if host.anatomy:
        steps = [as_anatomy(cell) for cell in cells]
        with _opened(findings, "anatomy", host, browser, samples, steps) as page:
            _anatomy(findings, host, page)
    if host.gallery:
        cells = [as_gallery(cell) for cell in cells]
        with _opened(findings, "gallery", host, browser, samples, cells) as page:
            _gallery(findings, host, page)
    return findings


def _explorer(findings: Findings, host: Host, page: Page) -> None:
    view = see.find(page, see.EXPLORER)
    findings.signs["shown"] = "✓"
    findings.step("hover", partial(see.hover, view))
    findings.step("whole", partial(see.whole, view, page))
    if host.live:
        findings.step("click → Python", partial(see.click, view, page))
    photograph(page, host.name)
    findings.step("box", partial(see.box, view, page))


def _anatomy(findings: Findings, host: Host, page: Page) -> None:
    view = see.find(page, see.ANATOMY)
    if findings.step("anatomy", partial(see.steps, view)) and host.live:
        findings.step("step → Python", partial(see.in_python, page, "5"))


def _gallery(findings: Findings, host: Host, page: Page) -> None:
    view = see.find(page, see.GALLERY)
    if not findings.step("gallery", partial(see.cards, view)) or not host.samples:
        return
    if findings.step("opens a sample", partial(see.opens, view)) and host.live:
        findings.step("sample → Python", partial(see.chosen, view, page))


@contextlib.contextmanager
def _opened(
    findings: Findings, step: str, host: Host, browser: Browser, samples: Path, cells: list[str]
) -> Iterator[Page]:
    """A page of the host; a failure within is one of the step."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    with tempfile.TemporaryDirectory(prefix="tam-hosts-") as name:
        folder = Path(name) / "app"
        shutil.copytree(samples, folder)
        (folder / "home").mkdir()
        cdn = Cdn(context)
        page = context.new_page()
        try:
            with host.opens(page, folder, cells):
                yield page
        except Exception as error:
            findings.step(step, partial(_again, error))
        findings.asked |= cdn.asked
        context.close()


def _again(error: Exception) -> None:
    raise error


def photograph(page: Page, name: str) -> None:
    """The page as a small picture."""
    page.mouse.move(1, 1)
    shot = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    shot.thumbnail((960, 960))
    IMAGES.mkdir(parents=True, exist_ok=True)
    for quality in range(80, 0, -10):
        shot.save(IMAGES / f"{name}.webp", quality=quality, method=6)
        if (IMAGES / f"{name}.webp").stat().st_size <= LARGEST:
            return
