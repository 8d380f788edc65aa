"""One explanation by three methods, in an exported file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tam_widgets import compare
from tam_widgets.attribution import Method
from tests.e2e.accessibility import violations
from tests.e2e.explorer import find_explorers
from tests.e2e.samples import ANSWER, PROMPT, explanation

DOG = len(PROMPT) + ANSWER.index(" dog")
WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def exported(tmp_path: Path) -> Path:
    record = explanation()
    maps = np.roll(record.activations, 40, axis=1).clip(0, 1)
    record = record.with_maps(Method("mine", "my method"), maps)
    compare(record, methods=["tam", "cam", "mine"]).to_html(tmp_path / "three.html")
    return tmp_path / "three.html"


@pytest.mark.parametrize(
    "theme",
    [{"color_scheme": "light"}, {"color_scheme": "dark"}, {"forced_colors": "active"}],
    ids=str,
)
def test_each_panel_has_its_method_and_a_menu_for_it(
    exported: Path, new_page: Callable[..., Page], theme: dict[str, str]
) -> None:
    page = new_page(offline=True, bypass_csp=True, **theme)
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    page.goto(exported.as_uri())
    (view,) = find_explorers(page)
    view.hover(1, DOG)
    assert [view.shown(panel) for panel in range(3)] == [[DOG]] * 3
    before = [view.overlay(panel) for panel in range(3)]
    assert len(set(before)) == 3
    assert violations(page, "html") == []
    menu = view.root.get_by_role("combobox", name="How this panel’s map is computed").nth(2)
    menu.focus()
    menu.select_option("cam")
    view.hover(1, DOG)
    assert [view.overlay(panel) for panel in range(3)] == [*before[:2], before[1]]
    view.setting("method").select_option("mine")
    expect(menu).to_be_hidden()
    view.hover(1, DOG)
    assert [view.overlay(panel) for panel in range(3)] == [before[2]] * 3
    page.set_viewport_size({"width": 390, "height": 800})
    view.setting("method").select_option("each panel’s own")
    expect(menu).to_be_visible()
    assert page.evaluate(WIDE) <= 0
    assert violations(page, "html") == []
