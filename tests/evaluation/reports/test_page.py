"""The statistics on a report's page: tables and charts, in plain words, with nothing executable."""

from __future__ import annotations

import math
import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import pytest

import tam_widgets as tw
from tam_widgets.evaluation.measures.signatures import SIGNATURES
from tam_widgets.evaluation.reports import charts
from tam_widgets.evaluation.reports.html_table import LONGEST_TABLE, html_table
from tests.evaluation.made import MASKS, MadeExplainer, dataset, sample

VOID = {"meta", "input", "br"}


class Read(HTMLParser):
    """Elements with their attributes; and that each that is opened is closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def count(self, tag: str) -> int:
        return sum(name == tag for name, _ in self.tags)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> tw.Report:
    return tw.evaluate(
        [MadeExplainer("a"), MadeExplainer("<b>")],
        [*dataset(), sample("gone", MASKS["good"])],
        ["tam", "cam"],
        folder=tmp_path_factory.mktemp("report") / "r",
        progress=False,
    )


@pytest.fixture(scope="module")
def parts(report: tw.Report) -> dict[str, str]:
    return {one.title: one.content for one in report.run().statistics()}


def test_the_page_has_all_parts_under_one_heading(
    report: tw.Report, parts: dict[str, str], tmp_path: Path
) -> None:
    report.to_html(tmp_path / "r.html")
    page = Read((tmp_path / "r.html").read_text("utf-8"))
    assert Counter(tag for tag, _ in page.tags)["h1"] == 1
    assert Counter(tag for tag, _ in page.tags)["main"] == 1
    links = [attributes["href"] for tag, attributes in page.tags if tag == "a"]
    names = {attributes.get("id") for tag, attributes in page.tags if tag == "section"}
    assert {f"#{name}" for name in names} == {*links}
    assert len(links) == 1 + len(parts)
    assert [
        attributes for tag, attributes in page.tags if tag == "script" and "src" in attributes
    ] == []
    assert page.count("b") == 0  # a model's name
    for content in parts.values():
        assert "<b>" not in content


def test_columns_have_plain_names_and_intervals_stand_with_their_means(
    report: tw.Report, parts: dict[str, str]
) -> None:
    scores = Read(parts["Scores"])
    words = [word for word in scores.words if word.strip()]
    raw = {*report.summary.columns} - {"p"}
    assert not raw & {*words}
    row = report.summary.iloc[0]
    shown = f"{row['f1_iou']:.3f} ({row['f1_iou_low']:.3f} to {row['f1_iou_high']:.3f})"
    assert shown in words
    assert {"F1-IoU", "Function words", "Not measured"} <= {*words}


def test_what_scrolls_can_be_reached_by_keyboard(parts: dict[str, str]) -> None:
    for content in parts.values():
        page = Read(content)
        regions = [own for _, own in page.tags if "wide" in (own.get("class") or "").split()]
        assert len(regions) >= page.count("table")
        for own in regions:
            assert (own["tabindex"], own["role"]) == ("0", "region")
            assert own["aria-label"]


def test_every_signature_is_explained_and_counted(report: tw.Report, parts: dict[str, str]) -> None:
    words = Read(parts["Failure signatures"]).words
    for one in SIGNATURES:
        assert one.name[0].upper() + one.name[1:] in words
    counted = report.signatures.groupby("signature").size()
    assert len(counted) > 0
    assert {*counted.index} <= {*words}


def test_reasons_are_counted(report: tw.Report, parts: dict[str, str]) -> None:
    words = Read(parts["Skipped words and samples, by reason"]).words
    for (_, _, reason), rows in report.skipped.groupby(["model", "method", "reason"]):
        assert reason in words
        assert str(len(rows)) in words


def test_categories_and_samples_are_drawn(report: tw.Report, parts: dict[str, str]) -> None:
    boxes = Read(parts["Obj-IoU by category"])
    assert {"cat", "dog"} & {*boxes.words}
    points = Read(parts["Samples by their scores"])
    paths = [
        own["d"]
        for tag, own in points.tags
        if "series" in (own.get("class") or "") and tag == "path"
    ]
    known = report.samples[["obj_iou", "func_iou"]].notna().all(axis=1)
    assert sum((path or "").count("h0") for path in paths) == known.sum()


def test_a_long_table_says_how_much_is_left_out() -> None:
    rows = [{"a": "<i>", "b": i} for i in range(LONGEST_TABLE + 1200)]
    table = html_table("made", rows, {"a": "A", "b": "B"})
    page = Read(table)
    assert page.count("tr") == LONGEST_TABLE + 1
    assert page.count("i") == 0
    assert "1,200 more rows" in table


def test_a_small_p_is_not_0() -> None:
    words = Read(html_table("made", [{"a": "x", "p": 1e-4}], {"a": "A", "p": "p"})).words
    assert "< 0.001" in words


def test_values_that_are_missing_are_no_marks() -> None:
    nan = (math.nan,) * 3
    page = Read(charts.dots("made", {"x" * 60: [nan, (0.5, math.nan, math.nan)]}, ["a", "b"]))
    assert page.count("circle") == 2 + 1  # two in the legend
    assert "nan" not in "".join(str(own) for _, own in page.tags)
    assert "x" * 60 in page.words
    empty = Read(charts.boxes("made", {"a": [[], [0.2, 0.4]]}, ["a", "b"]))
    assert empty.count("rect") == 1
    assert Read(charts.crosses("made", {"a": (nan, nan)}, ("x", "y"))).count("circle") == 1


@pytest.mark.parametrize("most", [0, 1, 7, 60, 61, 5000, 12345])
def test_bars_end_below_round_numbers(most: int) -> None:
    page = Read(charts.bars("made", {"a": [most]}, ["x"]))
    (bar,) = [own for tag, own in page.tags if tag == "rect"]
    assert float(bar["width"] or 0) <= 440
    ticks = [int(word) for word in page.words if re.fullmatch(r"\d+", word)]
    assert max(ticks) >= most
    assert f"{most:,}" in page.words
