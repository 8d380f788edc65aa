"""Exercises in JupyterLab, and as a file on a machine without a network."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

import tam_widgets as tw
from tests.e2e.accessibility import violations
from tests.e2e.notebook import KERNEL_READY, open_notebook, write_notebook
from tests.e2e.samples import explanation
from tests.e2e.server import Server

EXERCISE = "[data-testid=tam-exercise][data-ready='1']"

CELLS = (
    "import tam_widgets as tw\nfrom tests.e2e.samples import explanation\nex = explanation()",
    "view = tw.exercise(ex, 'dog'); view",
    "which = tw.exercise(ex, 'dog', 'word'); which",
)


def draw(view: Locator) -> None:
    """Draw a line over the picture."""
    stage = view.locator(".tam-stage").first
    stage.scroll_into_view_if_needed()
    box = stage.bounding_box()
    assert box
    mouse = view.page.mouse
    mouse.move(box["x"] + 0.2 * box["width"], box["y"] + 0.3 * box["height"])
    mouse.down()
    mouse.move(box["x"] + 0.8 * box["width"], box["y"] + 0.3 * box["height"], steps=3)
    mouse.up()


def test_python_reads_what_is_drawn_and_the_page_says_the_same(
    server: Server, new_page: Callable[..., Page]
) -> None:
    write_notebook(server, "exercise.ipynb", *CELLS)
    notebook = open_notebook(server, new_page(), "exercise.ipynb")
    notebook.page.wait_for_function(KERNEL_READY)
    notebook.command("notebook:run-all-cells")
    found = notebook.page.locator(EXERCISE)
    expect(found).to_have_count(2)
    drawing, which = found.nth(0), found.nth(1)
    draw(drawing)
    drawing.get_by_role("button", name="reveal the map").click()
    expect(drawing.locator("[data-score=overlap]")).to_be_visible()
    score = notebook.evaluate("[view.answered, view.score.weight, view.score.drawn]")
    answered, weight, drawn = eval(str(score))
    assert answered
    assert 0 < drawn < 1
    expect(drawing.locator("[data-score=weight]")).to_have_text(f"{100 * weight:.1f} %")
    expect(drawing.locator("[data-score=drawn]")).to_have_text(f"{100 * drawn:.1f} %")
    which.locator(".tam-exercise-actions button").filter(has_text="dog").click()
    expect(which.locator(".tam-result")).to_contain_text("Right: it is the map of “dog”")
    assert eval(str(notebook.evaluate("[which.choice == which.question.solution, which.correct]")))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_file_works_without_a_network(
    tmp_path: Path, new_page: Callable[..., Page], scheme: str
) -> None:
    for kind in ("draw", "eci", "word"):
        tw.exercise(explanation(), "dog", kind).to_html(tmp_path / f"{kind}.html")
    page = new_page(offline=True, color_scheme=scheme)
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    page.set_viewport_size({"width": 390, "height": 800})
    for kind in ("draw", "eci", "word"):
        page.goto((tmp_path / f"{kind}.html").as_uri())
        view = page.locator(EXERCISE)
        expect(view).to_have_count(1)
        assert violations(page, EXERCISE) == []
        if kind == "draw":
            draw(view)
            view.get_by_role("button", name="reveal the map").click()
        else:
            view.locator("button[aria-pressed]").first.click()
        expect(view.locator(".tam-result")).to_be_visible()
        assert violations(page, EXERCISE) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
