"""The documentation site, built as `make site` builds it, from disk and without network."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from inspect import ismodule
from pathlib import Path

import pytest
from playwright.sync_api import ConsoleMessage, Page, Route, expect

import tam_widgets as tw
from tests.e2e.accessibility import violations
from tests.e2e.explorer import find_explorers
from tests.e2e.site import Site

ROOT = Path(__file__).parents[2]
SIZES = ({"width": 1200, "height": 900}, {"width": 390, "height": 800})
TOO_WIDE = "document.documentElement.scrollWidth > window.innerWidth"


def build(source: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", str(source), str(folder)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    folder = tmp_path_factory.mktemp("site")
    built = build(ROOT / "docs", folder)
    assert built.returncode == 0, built.stderr
    return Site(folder)


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    return new_page(offline=True, color_scheme="light", bypass_csp=True)


def frame_of(page: Page, name: str) -> Page:
    """The live page of this name in a page, once it is in view."""
    frame = page.locator(f"iframe[src$='live/{name}.html']")
    frame.scroll_into_view_if_needed()
    handle = frame.element_handle()
    inside = handle and handle.content_frame()
    assert inside
    return inside


def test_every_link_leads_to_something(site: Site) -> None:
    assert len(site.pages) > 30
    assert site.broken() == []


def test_links_to_the_repository_lead_to_files(site: Site) -> None:
    links = [link for link in site.outside() if "/blob/main/" in link or "/tree/main/" in link]
    named = [link.partition("/main/")[2].partition("#")[0] for link in links]
    assert named
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_every_public_name_is_in_the_reference(site: Site) -> None:
    found = re.findall(r' id="(tam_widgets\.[\w.]+)"', site.reference())
    known = {name.rpartition(".")[2] for name in found}
    modules = (tw, tw.attribution, tw.evaluation, tw.evaluation.datasets, tw.demo, tw.models)
    public = {name for module in modules for name in module.__all__}
    assert known > {"Explorer", "maps", "TamError"}
    assert {name for name in public - known if not ismodule(getattr(tw, name, None))} == {
        "datasets"
    }


def test_nothing_is_loaded_from_a_network(site: Site) -> None:
    assert site.loaded_from_outside() == []


def test_every_page_opens_and_fits_a_desk_and_a_phone(site: Site, page: Page) -> None:
    faults: list[str] = []

    def note(said: ConsoleMessage) -> None:
        if said.type == "error":
            faults.append(f"{page.url}: {said.text}")

    def blank(route: Route) -> None:
        route.fulfill(body="<!doctype html><title>a live page</title>", content_type="text/html")

    page.on("console", note)
    page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
    page.route("**/live/**", blank)  # other tests open them
    for name in site.pages:
        for size in SIZES:
            page.set_viewport_size(size)
            if size is SIZES[0]:
                page.goto((site.folder / name).as_uri())
            if page.evaluate(TOO_WIDE):
                faults.append(f"{name}: wider than {size['width']} pixels")
    assert faults == []


def test_the_front_page_answers_the_pointer(site: Site, page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((site.folder / "index.html").as_uri())
    (view,) = find_explorers(frame_of(page, "two-models"))
    at_rest = view.overlay()
    view.root.locator(".tam-token[data-panel='0']", has_text="cats").hover()
    expect(view.root.locator(".tam-token.tam-shown[data-panel='0']")).to_have_text(" cats")
    assert view.overlay() != at_rest
    assert [url for url in asked if not url.startswith(("file:", "blob:", "data:"))] == []


def test_a_live_page_is_as_dark_as_the_page_around_it(
    site: Site, new_page: Callable[..., Page]
) -> None:
    page = new_page(offline=True, color_scheme="null")  # any other choice is for all frames
    page.goto((site.folder / "index.html").as_uri())
    inside = frame_of(page, "two-models")
    background = "getComputedStyle(document.body).backgroundColor"
    light = inside.evaluate(background)
    for theme in ("dark", "light"):
        while page.evaluate("document.body.dataset.theme") != theme:
            page.locator(".content-icon-container .theme-toggle").click()
        inside.wait_for_function(f"{background} {'!=' if theme == 'dark' else '=='} '{light}'")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_front_page_has_no_fault_that_axe_knows(
    site: Site, new_page: Callable[..., Page], theme: str
) -> None:
    page = new_page(offline=True, color_scheme=theme)
    page.goto((site.folder / "index.html").as_uri())
    assert violations(page, "html") == []


def test_all_live_pages_and_stored_views_are_drawn(site: Site, page: Page) -> None:
    for name in ("gallery.html", "notebooks/06_lecture.html"):
        page.goto((site.folder / name).as_uri())
        frames = page.locator(".live iframe")
        assert frames.count() > 5
        for i in range(frames.count()):
            frames.nth(i).scroll_into_view_if_needed()
            inside = frames.nth(i).content_frame
            expect(inside.locator("canvas, img, svg.main-svg").first).to_be_visible()


def test_the_search_finds_a_name_without_a_server(site: Site, page: Page) -> None:
    page.goto((site.folder / "search.html").as_uri() + "?q=planted_truth")
    expect(page.locator("#search-results li a", has_text="planted_truth").first).to_be_visible()


def test_a_picture_of_an_unknown_live_page_fails_the_build(tmp_path: Path) -> None:
    (tmp_path / "conf.py").write_text(
        f"import sys\nsys.path[:0] = [{str(ROOT)!r}, {str(ROOT / 'docs')!r}]\n"
        f"extensions = ['myst_parser', 'extensions.live_pictures']\nrepository_root = {str(ROOT)!r}"
    )
    (tmp_path / "index.md").write_text("# A\n\n![b](images/live/no-such-page.webp)\n")
    built = build(tmp_path, tmp_path / "built")
    assert built.returncode != 0
    assert "index.md:3: WARNING: there is no live page 'no-such-page': give one of " in built.stderr
