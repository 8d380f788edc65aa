"""Perception LM: pictures of several numbers of tiles, and videos of several lengths, together."""

from typing import Any

import numpy as np
import pytest

import tam_widgets as tw
from tam_widgets.capture.inputs.media import Video

from . import tiny
from .probe import embeddings, photo, probe_picture

pytest.importorskip("timm")


@pytest.fixture(scope="module")
def explainer() -> tw.Explainer:
    return tw.Explainer(*tiny.MODELS["perception_lm"]())


@pytest.mark.parametrize("changed", range(4))
def test_each_picture_and_video_moves_its_own_tokens(explainer: tw.Explainer, changed: int) -> None:
    """Pictures come before videos, as the template writes them."""
    media: list[Any] = [
        photo((60, 60)),
        Video([photo((64, 48), seed) for seed in range(2)]),
        photo((500, 90)),
        Video([photo((48, 64), seed) for seed in range(3)]),
    ]
    before, grids = embeddings(explainer, media)
    tiles = [sum(grid.image == image for grid in grids) for image in range(7)]
    assert tiles == [5, 7, 1, 1, 1, 1, 1]  # four and six tiles, with the whole picture; frames
    source = media[changed]
    pictures = [photo(photo_.size, 9) for photo_ in getattr(source, "source", [source])]
    media[changed] = Video(pictures) if isinstance(source, Video) else pictures[0]
    after, _ = embeddings(explainer, media)
    images = np.repeat([grid.image for grid in grids], [grid.size for grid in grids])
    moved = np.unique(images[np.abs(after - before).sum(axis=1) > 1e-6])
    assert moved.tolist() == [[0], [2, 3], [1], [4, 5, 6]][changed]


def test_shapes_of_canvases_are_the_processors_own(explainer: tw.Explainer) -> None:
    images = explainer.processor.image_processor
    for size in [(90, 90), (30, 400), (97, 96), (280, 190), (1000, 100), (700, 650), (192, 288)]:
        made = images([photo(size)], return_tensors="pt")["pixel_values"]
        _, grids = embeddings(explainer, [photo(size)])
        assert len(grids) == made.shape[1], size
        assert grids[-1].rect[2:] == pytest.approx(size)
        assert sum((r - x) * (b - y) for x, y, r, b in (grid.rect for grid in grids)) == (
            pytest.approx(2 * size[0] * size[1])
        )


def test_a_processor_that_does_not_cut_has_one_grid(
    explainer: tw.Explainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(explainer.processor.image_processor, "vision_input_type", "vanilla")
    probed = probe_picture(explainer, (300, 90))
    assert len(probed) == 5
    assert all(one.hit for one in probed)
