"""A report as one HTML file: its gallery and its statistics work from disk, without network."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

import tam_widgets as tw
from tests.e2e.gallery import find_galleries
from tests.e2e.reports import Answers, make_report
from tests.e2e.samples import HOSTILE, PROMPT
from tests.evaluation.made import MASKS, MadeExplainer, dataset, sample

SCRIPT = "<script>window.__attacked = 1</script>"
NAMES = [HOSTILE, f"</script>{SCRIPT}", "javascript:window.__attacked=1"]
AXE = Path(__file__).parents[2] / "js" / "node_modules" / "axe-core" / "axe.min.js"
COUNT = 12
START = len(PROMPT)

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> tw.Report:
    folder = tmp_path_factory.mktemp("report") / "r"
    made = make_report(folder, Answers("model-a"), Answers("model-b", 1), count=COUNT)
    made.annotate("sample 003", note="look at this", tags=["odd"])
    return made


@pytest.fixture(scope="module")
def file(report: tw.Report) -> Path:
    report.to_html(report.folder.parent / "r.html")
    return report.folder.parent / "r.html"


@pytest.fixture
def shown(new_page: Callable[..., Page]) -> Iterator[Open]:
    """Opens a file; at the end, whatever the browser said was no complaint."""
    said: list[str] = []

    def open_page(path: Path, **options: Any) -> Page:
        page = new_page(offline=True, **({"color_scheme": "light"} | options))
        page.on("request", lambda request: said.append(f"asks for {request.url}"))
        page.on("console", lambda one: said.append(one.text) if one.type == "error" else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(path.as_uri())
        return page

    yield open_page
    own = re.compile(r"asks for (file:\S+/\w+\.html|data:|blob:)")
    assert [line for line in said if not own.match(line)] == []


def test_samples_are_sorted_filtered_and_opened(shown: Open, file: Path, report: tw.Report) -> None:
    page = shown(file)
    (view,) = find_galleries(page)
    view.expect_shown(COUNT)
    expected = tw.Gallery(report).shown
    view.expect_drawn(expected[0])
    assert view.shown() == expected
    page.get_by_text("lowest first").click()
    expect(view.card(expected[-1])).to_have_attribute("aria-posinset", "1")
    view.tick("categories", "cat")
    view.expect_shown(COUNT // 3)
    page.get_by_role("button", name="clear").click()
    view.expect_shown(COUNT)
    view.card("sample 003").click()
    explorer = view.opened("sample 003")
    before = explorer.overlay()
    explorer.hover(0, START + 1)
    assert explorer.overlay() != before
    notes = view.root.locator(".tam-note-box")
    expect(notes).to_contain_text("look at this")
    expect(notes.locator("input, textarea, button")).to_have_count(0)
    page.keyboard.press("Tab")


def test_another_model_is_chosen(shown: Open, file: Path, report: tw.Report) -> None:
    page = shown(file)
    (view,) = find_galleries(page)
    view.card("sample 000").click()
    first = view.opened("sample 000").root.text_content()
    view.root.get_by_label("Model", exact=True).select_option("model-b")
    other = tw.Gallery(report.run("model-b"))
    expect(view.card(other.shown[0])).to_have_attribute("aria-posinset", "1")
    expect(view.root.locator("[data-testid=tam]")).not_to_have_text(str(first))
    view.expect_drawn(other.shown[0])


def test_names_are_text_everywhere(shown: Open, tmp_path: Path) -> None:
    samples = [*dataset(), *(sample(name, MASKS["good"], image="good") for name in NAMES)]
    explainers = [MadeExplainer(f"<a href='{name}'>{name}</a>") for name in NAMES]
    hostile = tw.evaluate(
        explainers, samples, ["tam", "cam"], folder=tmp_path / "r", progress=False
    )
    hostile.to_html(tmp_path / "r.html")
    page = shown(tmp_path / "r.html")
    (view,) = find_galleries(page)
    view.root.locator(".tam-card[id]").first.click()
    expect(view.root.locator(".tam-sample")).to_have_attribute("data-sample", re.compile("."))
    named = page.get_by_role("rowheader", name=f"<a href='{NAMES[0]}'>{NAMES[0]}</a>")
    expect(named.first).to_be_attached()
    assert page.locator("main a").count() == 0
    assert page.locator("img[src=x]").count() == 0
    assert page.evaluate("window.__attacked") is None


def test_a_script_that_was_slipped_in_does_not_run(
    file: Path, tmp_path: Path, new_page: Callable[..., Page]
) -> None:
    page = file.read_text(encoding="utf-8")
    slipped = f"{SCRIPT}<img src=x onerror='window.__attacked = 1'>"
    (tmp_path / "x.html").write_text(page.replace("<h1>", f"<h1>{slipped}"), encoding="utf-8")
    opened = new_page(offline=True)
    opened.goto((tmp_path / "x.html").as_uri())
    find_galleries(opened)
    assert opened.evaluate("window.__attacked") is None


def test_two_runs_stand_side_by_side(shown: Open, report: tw.Report, tmp_path: Path) -> None:
    view = tw.Gallery(report.run("model-a"), report.run("model-b"), sort="difference")
    view.to_html(tmp_path / "two.html")
    (gallery,) = find_galleries(shown(tmp_path / "two.html"))
    gallery.expect_drawn(view.shown[0])
    assert gallery.shown() == view.shown
    gallery.card(view.shown[0]).click()
    explorer = gallery.opened(view.shown[0])
    expect(explorer.root.locator(".tam-panel")).to_have_count(2)


@pytest.mark.parametrize(
    "options",
    [{"color_scheme": "light"}, {"color_scheme": "dark"}, {"forced_colors": "active"}],
    ids=["light", "dark", "forced colours"],
)
def test_everybody_can_use_it(
    shown: Open, file: Path, report: tw.Report, options: dict[str, str]
) -> None:
    page = shown(file, **options)
    (view,) = find_galleries(page)
    view.expect_drawn(tw.Gallery(report).shown[0])
    assert _violations(page) == []
    view.root.locator(".tam-card[id]").first.click()
    expect(view.root.locator(".tam-sample")).to_have_attribute("data-sample", re.compile("."))
    assert _violations(page) == []


@pytest.mark.parametrize(
    ("size", "options"),
    [((390, 800), {"has_touch": True}), ((640, 500), {"device_scale_factor": 2})],
    ids=["a telephone", "twice as large"],
)
def test_it_fits_small_windows(
    shown: Open, file: Path, report: tw.Report, size: tuple[int, int], options: dict[str, Any]
) -> None:
    page = shown(file, **options)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    (view,) = find_galleries(page)
    first = tw.Gallery(report).shown[0]
    view.expect_drawn(first)
    view.card(first).click()
    view.opened(first)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    table = page.get_by_role("region", name="Table: Scores, with 95 % intervals")
    table.focus()
    expect(table).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(table).not_to_have_js_property("scrollLeft", 0)


def test_it_is_dark_in_the_dark(shown: Open, file: Path) -> None:
    page = shown(file, color_scheme="dark")
    find_galleries(page)
    for name in ("body", "thead th"):
        colour = page.locator(name).first.evaluate("(e) => getComputedStyle(e).backgroundColor")
        assert max(int(part) for part in re.findall(r"\d+", colour)) < 64


def _violations(page: Page) -> list[str]:
    """What axe finds fault with, and where."""
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("() => axe.run(document).then(({ violations }) => violations)")
    return [
        f"{one['id']}: {', '.join(str(node['target']) for node in one['nodes'][:5])}"
        for one in found
    ]
