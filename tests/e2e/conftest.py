"""One Jupyter server and one browser for all tests here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from scripts.setup_browser import ARGS, find_browser
from tam_widgets import Explanation
from tam_widgets.views.export import to_html
from tests.e2e.explorer import TOURED, Explorer, find_explorers
from tests.e2e.server import Server, jupyter

HERE = Path(__file__).parent
PROBES = HERE / "probes.js"

# a machine may be busy: what works takes seconds, and what does not fails all the same
PATIENCE = 90_000
expect.set_options(timeout=PATIENCE / 3)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker("e2e")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = find_browser()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*ARGS])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with jupyter(tmp_path_factory.mktemp("jupyter")) as running:
        yield running


@pytest.fixture(scope="module")
def new_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Makes pages; keyword arguments are those of a browser context."""
    contexts = []

    def make(**options: object) -> Page:
        context = browser.new_context(viewport={"width": 1280, "height": 1000}, **options)
        contexts.append(context)
        context.add_init_script(path=PROBES)
        context.add_init_script(TOURED)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        return page

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def show(tmp_path: Path, new_page: Callable[..., Page]) -> Callable[..., Explorer]:
    """Exports explanations to one file and opens it."""

    def open_file(*explanations: Explanation, **options: object) -> Explorer:
        to_html(explanations, tmp_path / "words.html")
        page = new_page(offline=True, color_scheme="light", **options)
        page.on("pageerror", lambda error: pytest.fail(str(error)))
        page.goto((tmp_path / "words.html").as_uri())
        return find_explorers(page)[0]

    return open_file
