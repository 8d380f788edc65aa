"""The explorer's tools, in an exported file and in a notebook."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Download, Locator, Page, expect

import tam_widgets as tw
from tam_widgets.views.export import to_html
from tests.e2e.explorer import Explorer, find_explorers
from tests.e2e.notebook import Notebook, open_notebook, write_notebook
from tests.e2e.samples import ANSWER, HOSTILE, PROMPT, explanation
from tests.e2e.server import Server

START = len(PROMPT)
DOG = START + ANSWER.index(" dog")
AXE = Path(__file__).parents[2] / "js" / "node_modules" / "axe-core" / "axe.min.js"


def drawer(view: Explorer, tool: str) -> Locator:
    """A tool, opened."""
    view.root.locator(f"button[data-tool={tool}]").click()
    return view.root.locator(f".tam-drawer[data-tool={tool}]")


def press(within: Locator, name: str) -> None:
    within.get_by_role("button", name=name, exact=True).click()


def saved(view: Explorer, name: str) -> Download:
    with view.root.page.expect_download() as download:
        press(view.root, name)
    return download.value


def is_colourful(canvas: Locator) -> bool:
    """Whether a canvas shows anything."""
    return bool(
        canvas.evaluate(
            "(c) => c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some((x) => x)"
        )
    )


class TestExported:
    @pytest.fixture
    def view(self, show: Callable[..., Explorer]) -> Explorer:
        first = explanation((*ANSWER, HOSTILE))
        view = show(first, explanation(title="<script>b"))
        page = view.root.page
        page.on("console", lambda said: said.type == "error" and pytest.fail(said.text))
        return view

    def test_help_is_styled_and_drawn_under_the_policy_of_the_page(self, view: Explorer) -> None:
        view.token(0, DOG).click()
        opened = drawer(view, "help")
        expect(opened).to_contain_text("With “dog” as the example")
        expect(opened.locator(".tam-lessons").first).to_have_css("display", "grid")
        assert is_colourful(opened.locator(".tam-miniature").first)

    def test_files_are_saved(self, view: Explorer, tmp_path: Path) -> None:
        view.token(0, DOG).click()
        drawer(view, "copy")
        download = saved(view, "save PNG")
        assert download.suggested_filename == "tam-model-a-dog.png"
        download.save_as(tmp_path / "a.png")
        with Image.open(tmp_path / "a.png") as picture:
            assert picture.width == 2 * (2 * 560 + 28 + 2 * 20)
        download = saved(view, "save SVG")
        download.save_as(tmp_path / "a.svg")
        written = (tmp_path / "a.svg").read_text("utf-8")
        assert ">dog</text>" in written
        assert "<script" not in written
        assert "&lt;img" in written

    def test_the_page_saves_itself_as_it_is(
        self, view: Explorer, tmp_path: Path, new_page: Callable[..., Page]
    ) -> None:
        view.token(0, DOG).click()
        view.setting("method").select_option("cam")
        drawer(view, "copy")
        saved(view, "save HTML").save_as(tmp_path / "again.html")
        page = new_page(offline=True)
        page.on("console", lambda said: said.type == "error" and pytest.fail(said.text))
        page.goto((tmp_path / "again.html").as_uri())
        (again,) = find_explorers(page)
        again.expect_locked((0, DOG))
        expect(again.setting("method")).to_have_value("cam")
        assert again.overlay() == view.overlay()
        drawer(again, "copy")
        assert saved(again, "save HTML").suggested_filename.endswith(".html")

    def test_the_code_makes_the_view(self, view: Explorer) -> None:
        view.token(0, DOG).click()
        view.setting("eci").fill("0.5")
        view.setting("colormap").select_option("inferno")
        code = drawer(view, "copy").locator("pre").inner_text()
        record = explanation()
        known = {"tw": tw, "ex_a": record, "ex_b": record}
        exec(code, known)
        made = known["view"]
        assert isinstance(made, tw.Explorer)
        assert (made.selected, made.eci, made.colormap) == ([(0, DOG)], 0.5, "inferno")

    def test_all_tools_fit_a_phone(self, show: Callable[..., Explorer]) -> None:
        view = show(explanation())
        page = view.root.page
        page.set_viewport_size({"width": 320, "height": 700})
        for tool in ("overview", "copy", "help"):
            drawer(view, tool)
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= 320, tool
        press(view.root, "Take the tour")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.fixture
def newcomer(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    """A page of somebody who opens a view for the first time."""
    to_html(explanation(), tmp_path / "first.html")
    context = browser.new_context()
    page = context.new_page()
    page.goto((tmp_path / "first.html").as_uri())
    find_explorers(page)
    yield page
    context.close()


def test_a_newcomer_is_asked_to_a_tour_once(newcomer: Page) -> None:
    newcomer.get_by_role("button", name="Take the tour").click()
    expect(newcomer.locator(".tam-drawer")).to_contain_text("1 of 5")
    newcomer.keyboard.press("Escape")
    newcomer.reload()
    find_explorers(newcomer)
    expect(newcomer.locator("button[data-tool=help]")).to_be_visible()
    newcomer.wait_for_timeout(300)
    assert newcomer.locator(".tam-invitation").count() == 0


@pytest.fixture
def notebook(server: Server, new_page: Callable[..., Page]) -> Notebook:
    explanation().save(server.root / "tools.safetensors")
    made = "import tam_widgets as tw\nview = tw.Explorer(tw.load('tools.safetensors'))"
    write_notebook(server, "tools.ipynb", made, "view")
    opened = open_notebook(server, new_page(), "tools.ipynb")
    opened.run()
    return opened


def test_the_kernel_sends_the_tools(notebook: Notebook, tmp_path: Path) -> None:
    page = notebook.page
    (view,) = find_explorers(page)
    view.token(0, DOG).click()
    lessons = drawer(view, "help").locator(".tam-lesson")
    expect(lessons.first).to_be_visible()
    assert is_colourful(lessons.locator(".tam-miniature").first)
    page.evaluate(AXE.read_text("utf-8"))
    for tool in ("help", "overview", "copy"):
        if tool != "help":
            expect(drawer(view, tool)).to_be_visible()
        found = view.root.evaluate("async (root) => (await axe.run(root)).violations")
        assert [one["id"] for one in found] == [], tool
    code = view.root.locator(".tam-code").inner_text()
    assert notebook.evaluate("view.code") == repr(code)
    download = saved(view, "save HTML")
    download.save_as(tmp_path / "view.html")
    written = (tmp_path / "view.html").read_text("utf-8")
    data = re.search(r'id="tam-data">(.*?)</script>', written)
    assert data is not None
    assert json.loads(data[1])["state"]["selected"] == [[0, DOG]]
