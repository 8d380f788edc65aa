"""Pictures that a model sees as tiles are measured as if they were one grid."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tam_widgets as tw
from tam_widgets.attribution.rank_gaussian import rank_gaussian_filter
from tam_widgets.errors import EvaluationError
from tam_widgets.evaluation.measures.explanations import mosaic_of, score_explanation
from tam_widgets.evaluation.measures.scoring import Scored, Scoring, score_sample
from tam_widgets.evaluation.methods import as_methods
from tam_widgets.evaluation.words.language import Library
from tam_widgets.explanation.explanation import Explanation
from tam_widgets.explanation.geometry import Grid
from tests.evaluation.made import CATEGORY, LEFT, RIGHT, explanation, mask, sample
from tests.models import tiny
from tests.models.probe import photo

UNFILTERED = ["cam", "tam-no-rgf"]
HALVES = (Grid(4, 4, (0, 0, 40, 40)), Grid(4, 4, (40, 0, 80, 40)))
THUMBNAIL = Grid(2, 2, (0, 0, 80, 40), thumbnail=True)
LABELS = mask(cat=LEFT, dog=RIGHT)


@pytest.fixture(scope="module")
def whole() -> Explanation:
    """A picture seen as one grid, with maps as uneven as can be."""
    made = explanation(["the", "cat", "and", "dog"], [None, LEFT, None, RIGHT], text=0.2)
    noise = np.random.default_rng(0).random(made.activations.shape, np.float32)
    return replace(made, activations=made.activations * 0.5 + noise, reference_activation=noise[0])


def tiled(whole: Explanation, thumbnail: np.ndarray | None = None) -> Explanation:
    """The same seen as two tiles, and as a thumbnail of one value a token if there is one."""
    planes = whole.activations.reshape(-1, 4, 8)
    parts = [planes[:, :, :4].reshape(len(planes), -1), planes[:, :, 4:].reshape(len(planes), -1)]
    grids = HALVES
    if thumbnail is not None:
        parts.insert(0, np.repeat(thumbnail[:, None], 4, axis=1))
        grids = (THUMBNAIL, *HALVES)
    rows = np.concatenate(parts, axis=1)
    return replace(whole, grids=grids, activations=rows, reference_activation=rows[0])


def scored(made: Explanation, methods: list[str], compat: Any = None) -> Scored:
    return score_sample(made, sample("a", LABELS), Scoring(as_methods(methods), Library(), compat))


@pytest.mark.parametrize("compat", [None, "reference"])
def test_tiles_without_a_filter_score_as_the_one_grid_that_they_make_up(
    whole: Explanation, compat: Any
) -> None:
    one, several = scored(whole, UNFILTERED, compat), scored(tiled(whole), UNFILTERED, compat)
    assert several.record == one.record
    assert several.rect == one.rect
    for method in UNFILTERED:
        np.testing.assert_array_equal(several.shown[method], one.shown[method])


def test_a_thumbnail_is_no_part_of_the_map(whole: Explanation) -> None:
    middling = whole.activations.mean(axis=1)  # changes neither end of the scale
    beside, without = scored(tiled(whole, middling), ["cam"]), scored(tiled(whole), ["cam"])
    assert beside.record == without.record
    np.testing.assert_array_equal(beside.shown["cam"], without.shown["cam"])


def test_a_thumbnail_shares_the_scale_and_the_evidence(whole: Explanation) -> None:
    loud = scored(tiled(whole, np.full(len(whole.tokens), 6, np.float32)), ["cam"])
    assert loud.shown["cam"].max() < 128
    nouns = [row for row in loud.record["methods"]["cam"] if row["part_of_speech"] == "noun"]
    assert [row["activation"] for row in nouns] == [6.0, 6.0]
    assert [row["peak"] for row in nouns] == [1.0, 1.0]


def test_each_tile_is_filtered_by_itself(whole: Explanation) -> None:
    unfiltered = whole.maps("cam")[whole.answer_slice].reshape(-1, 4, 8)
    expected = np.concatenate(
        [rank_gaussian_filter(unfiltered[:, :, part]) for part in (LEFT, RIGHT)], axis=2
    )
    shown = scored(tiled(whole), ["tam-no-eci"]).shown["tam-no-eci"]
    np.testing.assert_array_equal(shown, (255 * expected).astype(np.uint8))


def test_the_public_call_measures_tiles_too(whole: Explanation) -> None:
    one = score_explanation(whole, LABELS, CATEGORY, "cam")
    assert score_explanation(tiled(whole), LABELS, CATEGORY, "cam") == one


def test_tiles_that_make_up_no_grid_are_refused(whole: Explanation) -> None:
    gap = (HALVES[0], Grid(4, 4, (45, 0, 80, 40)))
    with pytest.raises(EvaluationError, match=r"2 tiles .* edge to edge"):
        mosaic_of(replace(tiled(whole), grids=gap))


def test_several_pictures_and_videos_are_refused(whole: Explanation) -> None:
    (image,) = whole.images
    with pytest.raises(EvaluationError, match="2 pictures"):
        mosaic_of(replace(whole, images=(image, image)))
    with pytest.raises(EvaluationError, match="video"):
        mosaic_of(replace(whole, images=(replace(image, video=0, time=0.0),)))


@pytest.mark.parametrize("kind", ["internvl", "idefics3", "llava_next", "llama4", "lfm2_vl"])
def test_models_with_tiles_are_evaluated(kind: str, tmp_path: Path) -> None:
    explainer = tw.Explainer(*tiny.MODELS[kind](), name=kind)
    picture = photo((300, 170))
    labels = np.zeros((170, 300), np.uint8)
    labels[:, :150], labels[:, 150:] = 1, 2
    samples = [sample("a", labels, image=picture)]
    report = tw.evaluate(
        explainer,
        samples,
        ["cam", "tam"],
        folder=tmp_path / "r",
        progress=False,
        answer="the cat and a dog",
    )
    assert report.samples["error"].isna().all()
    assert set(report.samples["objects"]) == {2}
    kept = report.explanation(kind, 0)
    assert len(kept.grids) > 1
    again = score_explanation(kept, labels, CATEGORY, "tam")
    words = report.words.query("method == 'tam' and iou.notna()")
    assert words["iou"].tolist() == list(again.obj_iou)
