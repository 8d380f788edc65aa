"""A report that an earlier version wrote: it opens, shows what it showed, and is resumed."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load_file

import tam_widgets as tw
from tam_widgets.evaluation.datasets import DemoScenes
from tam_widgets.evaluation.execution.measuring import Measurement
from tam_widgets.evaluation.execution.settings import settings_of
from tam_widgets.evaluation.measures.scoring import Scoring
from tam_widgets.evaluation.words.language import Library
from tests.views.gallery.heard import Heard

SAVED = Path(__file__).parents[2] / "fixtures" / "report_v1"
TAM = tw.METHODS["tam"]
METHODS = [  # its filter had the published border, which was the default then
    TAM.variant("tam", border="reflect"),
    "cam",
    TAM.variant("TAM, kernel 5", kernel_size=5, border="reflect"),
]
NEW_NAMES = {"kind": "part_of_speech", "quiet": "below_threshold"}


@pytest.fixture
def report(tmp_path: Path) -> tw.Report:
    return tw.Report(shutil.copytree(SAVED, tmp_path / "r"))


def table(name: str) -> list[dict[str, str]]:
    with (SAVED / "tables" / f"{name}.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def number(text: str) -> float:
    return float(text or "nan")


def test_its_tables_are_what_they_were(report: tw.Report) -> None:
    (report.folder / "tables" / "summary.json").unlink()  # so that it is made from the records
    assert report.models == ["qwen2-vl"]
    assert report.methods == ["tam", "cam", "TAM, kernel 5"]
    words, saved = report.words, table("words")
    assert len(words) == len(saved)
    for old, new in NEW_NAMES.items():
        assert old in saved[0]
        assert old not in words
        assert new in words
    assert words["part_of_speech"].tolist() == [row["kind"] for row in saved]
    for column, was in {"below_threshold": "quiet", "iou": "iou"}.items():
        expected = [number(row[was]) for row in saved]
        np.testing.assert_allclose(words[column].astype(float), expected)
    for row, was in zip(report.summary.to_dict("records"), table("summary"), strict=True):
        for measure in ("f1_iou", "f1_iou_low", "f1_iou_high", "obj_iou", "func_iou", "rouge_l"):
            assert row[measure] == pytest.approx(number(was[measure]))
        assert (row["samples"], row["failed"], row["open"]) == (2, 0, 0)


@pytest.mark.parametrize("method", ["tam", "cam", "TAM, kernel 5"])
def test_gallery_and_explorer_show_its_maps(report: tw.Report, method: str) -> None:
    run = report.run("qwen2-vl", method)
    assert list(run.samples) == ["scene 00000", "scene 00001"]
    view = Heard(run)
    for at, sample in enumerate(run.samples):
        card = load_file(SAVED / "cards" / "0-qwen2-vl" / f"{at:06d}.safetensors")
        maps = card["maps"][report.methods.index(method)]
        view.selection = [sample]
        content, _ = view.sent[-1]
        (explanation,) = view.explanations
        (explorer_maps,) = [explanation.maps(**content["settings"])]
        for index, noun in enumerate(run.nouns(sample)):
            thumbnail = run.thumbnail(sample, index)
            assert thumbnail is not None
            assert np.array_equal(thumbnail.heatmap, maps[index])
            shown = explorer_maps[list(noun.tokens)].max(axis=0)
            difference = np.abs(maps[index].ravel() - (255 * shown).astype(np.uint8).astype(int))
            assert difference.max() <= 1
        worst = run.nouns(sample)[run.samples[sample]["k"]]
        assert [token for _, token in content["selected"]] == list(worst.tokens)


def test_its_samples_are_annotated(report: tw.Report) -> None:
    report.annotate("scene 00001", note="apples merge", tags=["fruit"])
    (row,) = tw.Report(report.folder).notes.to_dict("records")
    assert row == {"sample": "scene 00001", "tags": ["fruit"], "note": "apples merge"}


def test_it_is_resumed(report: tw.Report) -> None:
    explainer = tw.demo.explainer("qwen2-vl")
    as_if_made_here(report.folder, explainer)
    first, second = sorted((report.folder / "records").rglob("*.json"))
    kept, was = first.read_bytes(), json.loads(second.read_text())
    second.unlink()
    resumed = tw.evaluate(explainer, DemoScenes(2), METHODS, folder=report.folder, progress=False)
    assert first.read_bytes() == kept
    now = json.loads(second.read_text())
    assert now["answer"] == was["answer"]
    for method, words in now["methods"].items():
        for word, older in zip(words, was["methods"][method], strict=True):
            assert word["text"] == older["text"]
            assert word["iou"] == pytest.approx(older["iou"], abs=0.01)
            assert word["below_threshold"] == pytest.approx(older["quiet"], abs=0.01)
    assert resumed.summary["samples"].tolist() == [2, 2, 2]
    assert resumed.words["part_of_speech"].notna().all()


def as_if_made_here(folder: Path, explainer: Any) -> None:
    """Gives a report the packages and the model of this environment; all else stays."""
    path = folder / "settings.json"
    scoring = Scoring((tw.METHODS["tam"],), Library())
    now = settings_of({explainer.name: explainer}, Measurement(DemoScenes(2), scoring, {}, True))
    here = {key: now[key] for key in ("models", "language", "meteor", "versions")}
    path.write_text(json.dumps(json.loads(path.read_text()) | here))
