"""A report's gallery, shown twice, in a real JupyterLab; and two reports side by side."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pandas as pd
import pytest
from playwright.sync_api import Page, expect

import tam_widgets as tw
from tests.e2e.gallery import READY, Gallery, find_galleries, run, wait_for_python
from tests.e2e.notebook import Notebook, open_notebook, write_notebook
from tests.e2e.reports import Answers, make_report
from tests.e2e.samples import PROMPT
from tests.e2e.server import Server

START = len(PROMPT)
COUNT = 30
MADE = "import tam_widgets as tw\nview = tw.Gallery(tw.Report('a'))"
RESET = (
    "[setattr(view, k, v) for k, v in dict(selection=[], score='f1_iou', sort='score',"
    " descending=False, filters={}, overlay=True, runs=[['model-a', 'tam']]).items()] and None"
)


@pytest.fixture(scope="module")
def report(server: Server) -> tw.Report:
    return make_report(server.root / "a", Answers("model-a"), Answers("model-b", 1), count=COUNT)


@pytest.fixture(scope="module")
def opened(server: Server, report: tw.Report, new_page: Callable[..., Page]) -> Notebook:
    write_notebook(server, "gallery.ipynb", MADE, "view", "view")
    page = new_page()
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    notebook = open_notebook(server, page, "gallery.ipynb")
    run(notebook, 2)
    return notebook


@pytest.fixture
def notebook(opened: Notebook) -> Notebook:
    """The notebook with the gallery as it was at first."""
    opened.page.evaluate("document.activeElement?.blur()")
    opened.evaluate(RESET)
    return opened


@pytest.fixture
def view(notebook: Notebook) -> Gallery:
    first, _ = find_galleries(notebook.page, 2)
    first.expect_shown(COUNT)
    expect(first.root.locator(".tam-sample")).to_be_hidden()
    first.root.locator(".tam-grid").evaluate("(grid) => { grid.scrollTop = 0; }")
    return first


@pytest.fixture(scope="module")
def ranked(report: tw.Report) -> list[str]:
    """Samples of the first model, the worst first."""
    rows = report.samples.query("model == 'model-a' and method == 'tam'")
    return [str(sample) for sample in rows.sort_values("f1_iou", kind="stable")["sample"]]


def test_the_worst_come_first_with_their_pictures(view: Gallery, ranked: list[str]) -> None:
    shown = view.shown()
    assert shown == ranked[: len(shown)]
    view.expect_drawn(ranked[0])
    expect(view.card(ranked[0]).locator(".tam-outlines .tam-true")).to_have_attribute(
        "d", re.compile(r"M\d+ \d+.*z")
    )
    view.root.locator("button", has_text="lowest first").click()
    expect(view.card(ranked[-1])).to_have_attribute("aria-posinset", "1")
    view.root.locator("button", has_text="maps").click()
    expect(view.card(ranked[-1]).locator(".tam-heat")).to_be_hidden()


def test_filters_meet_and_python_hears_what_is_left(
    notebook: Notebook, view: Gallery, report: tw.Report
) -> None:
    found = report.signatures.query("model == 'model-a' and method == 'tam'")
    doubtful = set(found[found.signature == "object hallucinated"]["sample"])
    expect(view.root.locator(".tam-run")).to_contain_text("object missed in 67 % of cases")
    view.tick("signatures", "object hallucinated")
    view.expect_shown(len(doubtful))
    wait_for_python(notebook, "view.filters['signatures']", ["object hallucinated"])
    wait_for_python(notebook, "sorted(view.shown)", sorted(doubtful))
    expect(view.card(view.shown()[0]).locator(".tam-noun")).to_have_text("dog")
    view.root.locator(".tam-find").fill("CA")
    expect(view.card(view.shown()[0]).locator(".tam-noun")).to_have_text("cat")
    wait_for_python(notebook, "sorted(view.shown)", sorted(doubtful))
    view.root.locator("button", has_text="clear").click()
    view.expect_shown(COUNT)


def test_a_range_is_drawn_on_the_histogram(
    notebook: Notebook, view: Gallery, report: tw.Report
) -> None:
    plot = view.root.locator(".tam-plot").bounding_box()
    assert plot
    mouse, middle = notebook.page.mouse, plot["y"] + plot["height"] / 2
    mouse.move(plot["x"] + 0.1 * plot["width"], middle)
    mouse.down()
    mouse.move(plot["x"] + 0.3 * plot["width"], middle, steps=5)
    mouse.up()
    wait_for_python(notebook, "len(view.filters['ranges'][0])", 2)
    low, high = json.loads(notebook.evaluate("view.filters['ranges'][0]"))
    assert (low, high) == pytest.approx((0.1, 0.3), abs=0.02)
    rows = report.samples.query("model == 'model-a' and method == 'tam'")
    view.expect_shown(int(rows.f1_iou.round(4).between(low, high).sum()))


def test_a_click_opens_the_explorer_with_the_worst_word_locked(
    notebook: Notebook, view: Gallery, ranked: list[str], report: tw.Report
) -> None:
    view.card(ranked[0]).click()
    words = report.words.query(
        f"model == 'model-a' and method == 'tam' and sample == '{ranked[0]}'"
    )
    worst = words.loc[words.iou.idxmin()]
    explorer = view.opened(ranked[0])
    explorer.expect_locked(*((0, token) for token in worst.tokens))
    expect(view.card(ranked[0])).to_have_attribute("aria-selected", "true")
    wait_for_python(notebook, "view.selection", [ranked[0]])
    wait_for_python(notebook, "len(view.explanations)", 1)


def test_python_selects_and_the_explorer_keeps_its_settings(
    notebook: Notebook, view: Gallery, ranked: list[str]
) -> None:
    notebook.evaluate(f"setattr(view, 'selection', ['{ranked[3]}'])")
    explorer = view.opened(ranked[3])
    explorer.setting("colormap").select_option("inferno")
    explorer.token(0, START).click()
    notebook.evaluate(f"setattr(view, 'selection', ['{ranked[3]}', '{ranked[20]}'])")
    explorer = view.opened(ranked[20])
    expect(explorer.setting("colormap")).to_have_value("inferno")
    expect(view.card(ranked[20])).to_be_visible()
    notebook.evaluate("setattr(view, 'selection', [])")
    expect(view.root.locator(".tam-sample")).to_be_hidden()


def test_notes_and_tags_are_kept_with_the_report(
    notebook: Notebook, view: Gallery, ranked: list[str]
) -> None:
    view.card(ranked[1]).click()
    view.root.locator(".tam-note-text").fill("the mask is off")
    view.root.locator(".tam-new-tag").fill("label wrong")
    notebook.page.keyboard.press("Enter")
    kept = {"tags": ["label wrong"], "note": "the mask is off"}
    wait_for_python(notebook, f"tw.Gallery(tw.Report('a')).notes.get('{ranked[1]}')", kept)
    expect(view.root.locator(".tam-note-state")).to_have_text("saved")
    expect(view.card(ranked[1]).locator(".tam-tagged")).to_have_text("label wrong")
    view.card(ranked[2]).click()
    expect(view.root.locator(".tam-note-text")).to_have_value("")
    view.tick("tags", "label wrong")
    view.expect_shown(1)


def test_several_are_tagged_and_downloaded_at_once(
    notebook: Notebook, view: Gallery, ranked: list[str], report: tw.Report
) -> None:
    bar = view.root.locator(".tam-selection")
    bar.locator("button", has_text="select several").click()
    for sample in ranked[3:6]:
        view.card(sample).click()
    bar.locator("button", has_text="select several").click()
    view.opened(ranked[5])
    bar.get_by_label("tag 3 selected").fill("look again")
    notebook.page.keyboard.press("Enter")
    expect(bar).to_contain_text("“look again” added to 3")
    with notebook.page.expect_download() as started:
        bar.locator("button", has_text="download CSV").click()
    table = pd.read_csv(started.value.path())
    assert list(table["sample"]) == ranked[3:6]
    assert list(table["tags"]) == ["look again"] * 3
    answers = report.samples.query("model == 'model-a' and method == 'tam'").set_index("sample")
    assert list(table["answer"]) == list(answers["answer"][ranked[3:6]])


def test_keys_move_and_open_and_stay_in_the_gallery(
    notebook: Notebook, view: Gallery, ranked: list[str]
) -> None:
    cells = notebook.page.locator(".jp-Cell").count()
    view.root.locator(".tam-grid").focus()
    keyboard = notebook.page.keyboard
    for key in ("Home", "ArrowRight", "b", "a", "d", "d", "ArrowRight", "Enter"):
        keyboard.press(key)
    view.opened(ranked[2])
    keyboard.press("End")
    expect(view.card(ranked[-1])).to_be_visible()
    keyboard.press("Home")
    keyboard.press("Enter")
    keyboard.press("Shift+ArrowRight")
    wait_for_python(notebook, "view.selection", ranked[:2])
    keyboard.press("Escape")
    wait_for_python(notebook, "view.selection", [])
    assert notebook.page.locator(".jp-Cell").count() == cells


def test_another_view_and_another_model(
    notebook: Notebook, view: Gallery, ranked: list[str], report: tw.Report
) -> None:
    _, other = find_galleries(notebook.page, 2)
    view.card(ranked[0]).click()
    view.opened(ranked[0])
    other.opened(ranked[0])
    view.root.get_by_label("Model", exact=True).select_option("model-b")
    rows = report.samples.query("model == 'model-b' and method == 'tam'")
    worst = str(rows.sort_values("f1_iou", kind="stable")["sample"].iloc[0])
    for gallery in (view, other):
        expect(gallery.card(worst)).to_have_attribute("aria-posinset", "1")
    expect(other.opened(ranked[0]).root.locator("h2").first).to_have_text("model-b")
    wait_for_python(notebook, "view.runs", [["model-b", "tam"]])


def test_two_reports_side_by_side_and_nothing_stays_behind(
    server: Server, new_page: Callable[..., Page], report: tw.Report
) -> None:
    other = make_report(server.root / "b", Answers("model-b", 1), count=COUNT - 10)
    write_notebook(
        server,
        "two.ipynb",
        "import tam_widgets as tw\nview = tw.Gallery(tw.Report('a'), tw.Report('b'),"
        " sort='difference')\nview",
    )
    page = new_page()
    notebook = open_notebook(server, page, "two.ipynb")
    (view,) = run(notebook)
    a, b = (
        one.samples.query(f"model == '{model}' and method == 'tam'").set_index("sample").f1_iou
        for one, model in ((report, "model-a"), (other, "model-b"))
    )
    worst = str((b - a).sort_values(kind="stable").index[0])
    assert view.shown()[0] == worst
    view.expect_drawn(worst)
    view.card(worst).click()
    expect(view.opened(worst).root.locator(".tam-panel")).to_have_count(2)
    page.keyboard.press("End")
    last = view.shown()[-1]
    assert int(last.split()[1]) >= COUNT - 10
    expect(view.card(last)).to_contain_text("no such sample")
    notebook.command("notebook:clear-all-cell-outputs")
    expect(page.locator(READY)).to_have_count(0)
    page.wait_for_function("window.__alive().length === 0")
