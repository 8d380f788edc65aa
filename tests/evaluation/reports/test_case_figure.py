"""Figures of a report's samples."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import tam_widgets as tw
from tam_widgets.errors import EvaluationError, OptionError
from tam_widgets.evaluation.reports.report_run import ReportRun
from tam_widgets.views.small_multiples.cell import Cell
from tam_widgets.views.small_multiples.figure import Figure


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> tw.Report:
    return tw.evaluate(
        [tw.demo.explainer("qwen2-vl"), tw.demo.explainer("llava")],
        "demo:4",
        ["tam", tw.METHODS["tam"].variant("window 5", kernel_size=5)],
        folder=tmp_path_factory.mktemp("report"),
        progress=False,
    )


def cells(figure: Figure) -> list[Cell]:
    return [cell for band in figure._sheet.bands for cell in band.cells]


def test_the_worst_samples_come_first(report: tw.Report) -> None:
    run = report.run()
    figure = run.figure()
    scores = {one: entry["s"][0] for one, entry in run.samples.items()}
    shown = [cell.detail.partition(":")[0] for cell in cells(figure)]
    assert shown == sorted(scores, key=lambda one: scores[one] or 0)
    assert len(shown) == 4


def test_a_case_is_the_noun_that_fails_most_with_its_true_outline(report: tw.Report) -> None:
    run = report.run()
    (cell,) = cells(run.figure("scene 00001"))
    entry = run.samples["scene 00001"]
    text, category, iou = entry["w"][entry["k"]]
    assert cell.title == text
    assert f"IoU {iou:.2f}" in cell.detail
    outlined = {one.name: one.rings for one in run.outlines("scene 00001")}
    (view,) = cell.views
    assert len(view.rings) == len(outlined[category]) > 0
    assert all(0 <= share <= 1 for ring in view.rings for share in ring)
    assert view.rings[0][:2] == [share / 1000 for share in outlined[category][0][:2]]


def test_methods_and_models_are_columns(report: tw.Report) -> None:
    figure = report.figure(
        ["scene 00002", "scene 00000"], methods=report.methods, models=report.models
    )
    sheet = figure._sheet
    assert [band.heading for band in sheet.bands] == ["scene 00002", "scene 00000"]
    assert list(sheet.heads) == [
        "qwen2-vl, tam",
        "qwen2-vl, window 5",
        "llava, tam",
        "llava, window 5",
    ]
    assert len({cell.title for cell in sheet.bands[0].cells}) == 1
    assert "TAM (ECI 1, window 3, border repeat); TAM (ECI 1, window 5" in figure.caption
    by_method = report.figure(["scene 00002"], methods=report.methods)._sheet
    assert list(by_method.heads) == ["tam", "window 5"]


def test_maps_are_those_that_were_measured(report: tw.Report) -> None:
    run = report.run(method="window 5")
    (cell,) = cells(run.figure("scene 00001"))
    noun = run.nouns("scene 00001")[run.samples["scene 00001"]["k"]]
    (expected,) = run.explanation("scene 00001").map(noun.tokens, kernel_size=5)
    assert (cell.views[0].still.parts[0].values == expected).all()


def test_the_caption_names_data_model_and_lines(report: tw.Report) -> None:
    caption = report.figure().caption
    assert caption.startswith("qwen2-vl on demo scenes 0 to 3. Prompt: “Describe this image.” ")
    assert "White lines: the true outline of what the noun names." in caption


def test_outlines_are_drawn_in_files(
    report: tw.Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_lines = report.figure("scene 00001")
    monkeypatch.setattr(ReportRun, "outlines", lambda *_: [])
    without = report.figure("scene 00001")
    pictures, strokes = [], []
    for figure in (with_lines, without):
        figure.save(tmp_path / "a.svg", dpi=60)
        figure.save(tmp_path / "a.png", dpi=60, width=2)
        strokes.append((tmp_path / "a.svg").read_text("utf-8").count("stroke: #ffffff"))
        with Image.open(tmp_path / "a.png") as picture:
            pictures.append(np.asarray(picture.convert("RGB"))[:100])
    assert strokes[0] > strokes[1] == 0
    assert (pictures[0] != pictures[1]).any()


def test_plotly_draws_outlines(report: tw.Report) -> None:
    shapes = report.figure("scene 00001").plotly.layout.shapes
    assert {shape.type for shape in shapes} == {"path", "rect"}


def test_samples_that_are_not_there(report: tw.Report) -> None:
    with pytest.raises(EvaluationError, match="'scene 9' is not in this report"):
        report.figure(["scene 9"])
    with pytest.raises(EvaluationError, match="no sample is given"):
        report.figure([])
    with pytest.raises(EvaluationError):
        report.figure(methods="cam")
    with pytest.raises(OptionError, match="a figure takes"):
        report.figure(colour="red")
