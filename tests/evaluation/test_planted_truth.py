"""Methods judged by planted reasons: the true mask is right, and chance is as good as its area."""

from __future__ import annotations

import importlib.util
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tam_widgets as tw
from tam_widgets.errors import OptionError, OutputError, ReportError
from tam_widgets.evaluation.planted.measures import measured
from tam_widgets.evaluation.planted.result import PlantedTruth
from tam_widgets.evaluation.planted.word import TRUE_MASK, PlantedWord

RECOMPUTE = Path(__file__).parents[2] / "benchmarks" / "recompute_planted.py"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("planted")


@pytest.fixture(scope="module")
def found(folder: Path) -> PlantedTruth:
    return tw.evaluation.planted_truth(
        ["tam", "cam", "random"],
        ["qwen2-vl/mark", "qwen2-vl/backdrop"],
        scenes=15,
        folder=folder,
        progress=False,
    )


def test_the_true_mask_is_at_one(found: PlantedTruth) -> None:
    truth = found.to_dataframe().query("method == @TRUE_MASK", local_dict={"TRUE_MASK": TRUE_MASK})
    assert len(truth) == 2
    assert (truth[["share", "share_low", "pointing"]] == 1).all(axis=None)


def test_chance_has_the_share_of_the_area(found: PlantedTruth) -> None:
    chance = found.to_dataframe().query("method == 'random'")
    assert np.allclose(chance["share"], chance["area"], atol=0.02)


def test_tam_finds_the_mark_better_than_chance(found: PlantedTruth) -> None:
    by = found.to_dataframe().set_index(["plant", "method"])
    assert by.share_low["mark", "tam"] > 5 * by.area["mark", "tam"]
    assert (by.words == 15).all()


def test_a_script_of_numpy_alone_finds_the_same(found: PlantedTruth, folder: Path) -> None:
    spec = importlib.util.spec_from_file_location("recompute_planted", RECOMPUTE)
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    rows = found.to_dataframe().to_dict("records")
    assert script.largest_difference(folder, rows) < 1e-9
    rows[0]["share"] += 0.01
    assert script.largest_difference(folder, rows) > 0.009


def test_a_run_goes_on_in_its_folder(found: PlantedTruth, folder: Path) -> None:
    """What is kept is not made again, and other methods are added to it."""
    mark = folder / "qwen2-vl-mark"
    kept = {path: path.read_bytes() for path in sorted(mark.iterdir())}
    assert len(kept) == 15
    first, *others = kept
    first.unlink()
    again = tw.evaluation.planted_truth(
        ["cam"], ["qwen2-vl/mark"], scenes=15, folder=folder, progress=False
    )
    shares = [
        row["share"] for row in found.words if row["plant"] == "mark" and row["method"] == "cam"
    ]
    assert [row["share"] for row in again.words if row["method"] == "cam"] == shares
    assert all(path.read_bytes() == kept[path] for path in others)
    tw.evaluation.planted_truth(
        ["edges"], ["qwen2-vl/mark"], scenes=1, folder=folder, progress=False
    )
    assert set(PlantedWord.load(first).maps) == {"cam", "edges"}


def test_a_folder_is_of_one_choice_of_options(found: PlantedTruth, folder: Path) -> None:
    assert found.words
    other = tw.METHODS["tam"].variant("random", kernel_size=5)
    with pytest.raises(OptionError, match=r"has maps of 'random' with the options .*another"):
        tw.evaluation.planted_truth(
            [other], ["qwen2-vl/backdrop"], scenes=1, folder=folder, progress=False
        )


def test_a_folder_is_of_one_model(found: PlantedTruth, folder: Path) -> None:
    assert found.words
    plain = tw.demo.explainer("qwen2-vl")
    plain.name = "qwen2-vl"
    with pytest.raises(OptionError, match="'qwen2-vl' with other weights: give another folder"):
        tw.evaluation.planted_truth(
            ["cam"], [(plain, tw.demo.plant("mark"))], scenes=1, folder=folder, progress=False
        )


@pytest.mark.parametrize("content", [b"", b"nonsense", b"PK\x05\x06" + bytes(18)])
def test_a_damaged_file_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "000005.npz"
    path.write_bytes(content)
    with pytest.raises(ReportError, match=r"000005\.npz: is no planted word .*delete it"):
        PlantedWord.load(path)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot be made"):
        tw.evaluation.planted_truth(
            ["cam"], ["qwen2-vl/mark"], scenes=1, folder=tmp_path / "file", progress=False
        )


def test_a_word_can_be_checked_by_deletion(tmp_path: Path) -> None:
    options = {"scenes": 1, "folder": tmp_path, "progress": False}
    tw.evaluation.planted_truth(["random"], ["qwen2-vl/mark"], **options)
    found = tw.evaluation.planted_truth(["cam"], ["qwen2-vl/mark"], check=True, **options)
    assert {row["method"]: row["revealed"] for row in found.words} == {"cam": 1.0, TRUE_MASK: 1.0}
    (path,) = tmp_path.glob("*/*.npz")
    word = PlantedWord.load(path)
    assert word.p_full is not None
    assert word.p_blank is not None
    assert word.p_full > 0.9 > 0.1 > word.p_blank
    assert len(word.random) == 5


def word_without_evidence(**facts: Any) -> PlantedWord:
    """A word that no pixel is evidence for, with a weak map and a strong one."""
    strong = np.zeros(4, np.float32)
    strong[2] = 0.9
    return PlantedWord(
        "m",
        None,
        "prior",
        1,
        "ball",
        None,
        np.zeros((4, 4), np.int32),
        {"weak": strong / 9, "strong": strong},
        {"weak": {}, "strong": {}},
        **facts,
    )


def test_where_nothing_is_true_nothing_should_be_shown(tmp_path: Path) -> None:
    word = word_without_evidence()
    word.save(tmp_path / "word.npz")
    rows = measured(PlantedWord.load(tmp_path / "word.npz"))
    assert {row["method"]: row["nothing"] for row in rows} == {"weak": 1.0, "strong": 0.0}
    assert {row["share"] for row in rows} == {None} == {row["revealed"] for row in rows}


@pytest.mark.parametrize(("blank", "revealed"), [(0.97, 1.0), (0.2, 0.0)])
def test_a_check_tells_that_no_pixel_is_evidence(blank: float, revealed: float) -> None:
    word = word_without_evidence(p_full=0.99, p_blank=blank, deletion={"random 0": 0.9})
    assert {row["revealed"] for row in measured(word)} == {revealed}


def test_an_empty_map_has_nothing_on_the_evidence() -> None:
    places = np.zeros((1, 2, 2), bool)
    places[0, 0, 0] = True
    cells = np.array([[0, 0, 1, 1], [1, 0, 2, 1], [0, 1, 1, 2], [1, 1, 2, 2]], np.int32)
    word = replace(
        word_without_evidence(), places=places, cells=cells, maps={"empty": np.zeros(4, np.float32)}
    )
    empty, exact = measured(word)
    assert (empty["share"], empty["pointing"], empty["weakest"], empty["area"]) == (0, 0, 0, 0.25)
    assert (exact["share"], exact["weakest"], exact["area"]) == (1, 4, 0.25)


def test_a_map_that_stops_at_the_first_of_two_places_is_caught() -> None:
    places = np.zeros((2, 2, 2), bool)
    places[0, 0, 0] = places[1, 1, 1] = True
    cells = np.array([[0, 0, 1, 1], [1, 0, 2, 1], [0, 1, 1, 2], [1, 1, 2, 2]], np.int32)
    maps = {
        "first": np.array([1, 0.7, 0, 0.1], np.float32),
        "both": np.array([0.8, 1, 0, 0.6], np.float32),
    }
    first, both, _ = measured(
        replace(word_without_evidence(), places=places, cells=cells, maps=maps)
    )
    assert first["share"] > both["share"] > 0.5  # the share alone does not tell
    assert first["weakest"] == pytest.approx(4 * 0.1 / 1.8)
    assert both["weakest"] == pytest.approx(4 * 0.6 / 2.4)


def test_a_figure_has_a_column_for_each_model(found: PlantedTruth) -> None:
    figure = found.figure()
    assert [title.text for title in figure.layout.annotations[:2]] == [
        "mark (qwen2-vl)",
        "backdrop (qwen2-vl)",
    ]
    assert [list(trace.y) for trace in figure.data] == [["tam", "cam", "random", TRUE_MASK]] * 2


def test_a_method_of_ones_own_is_judged_in_one_line() -> None:
    own = tw.Method("own", "own", maps=lambda record, **_: record.activations.clip(0) > 0)
    found = tw.evaluation.planted_truth([own], ["qwen2-vl/mark"], scenes=1, progress=False)
    assert found.words[0]["method"] == "own"
    assert 0 <= found.words[0]["share"] <= 1


def test_a_model_of_ones_own_is_a_pair_with_its_plant() -> None:
    pair = tw.demo.explainer("qwen2-vl", planted="mark"), tw.demo.plant("mark")
    own = tw.evaluation.planted_truth(["cam"], [pair], scenes=2, progress=False)
    shipped = tw.evaluation.planted_truth(["cam"], ["qwen2-vl/mark"], scenes=2, progress=False)
    assert [row["share"] for row in own.words] == [row["share"] for row in shipped.words]
    assert {row["model"] for row in own.words} == {"qwen2-vl (mark)"}


@pytest.mark.parametrize(
    ("models", "scenes"),
    [
        (["qwen2-vl/nark"], 1),
        ("qwen2-vl/mark", 1),
        (3, 1),
        ([3], 1),
        ([("qwen2-vl", "mark")], 1),
        ([], 1),
        (None, 0),
        (None, "3"),
        (None, 2.5),
        (None, True),
    ],
)
def test_what_is_unknown_is_refused(models: Any, scenes: Any) -> None:
    with pytest.raises(OptionError, match="give"):
        tw.evaluation.planted_truth(["cam"], models, scenes=scenes)


def test_a_folder_is_a_path() -> None:
    with pytest.raises(OptionError, match="folder=3: give the path of a folder"):
        tw.evaluation.planted_truth(["cam"], folder=3)  # type: ignore[arg-type]
