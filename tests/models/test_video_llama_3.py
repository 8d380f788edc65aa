"""Videos of VideoLLaMA 3, of which only what changes becomes tokens."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import torch

import tam_widgets as tw
from tam_widgets import errors
from tam_widgets.capture.inputs.encoding import Encoded, encode
from tam_widgets.capture.inputs.media import Video

from . import tiny
from .probe import photo

SIZE = (84, 84)
SIDE = 28  # pixels of a cell


@pytest.fixture(scope="module")
def explainer() -> tw.Explainer:
    return tw.Explainer(*tiny.MODELS["video_llama_3"]())


def still(*spots: int | None) -> Video:
    """A video that stays as it is but for one red cell, number `spot`, in each frame."""
    frames = [photo(SIZE) for _ in spots]
    for frame, spot in zip(frames, spots, strict=True):
        if spot is not None:
            top, left = divmod(spot, SIZE[0] // SIDE)
            frame.paste((255, 0, 0), (left * SIDE, top * SIDE, (left + 1) * SIDE, (top + 1) * SIDE))
    return Video(frames)


def encoded(explainer: tw.Explainer, media: list[Any], prompt: str = "What is left?") -> Encoded:
    return encode(explainer.family, explainer.model, explainer.processor, prompt, media)


def test_a_cell_that_stays_as_it_was_has_the_token_of_the_frame_before(
    explainer: tw.Explainer,
) -> None:
    made = encoded(explainer, [still(None, 4, 4, None)])
    places = np.split(made.visual, np.cumsum([grid.size for grid in made.grids])[:-1])
    assert [(grid.rows, grid.cols, grid.image) for grid in made.grids] == [
        (3, 3, frame) for frame in range(4)
    ]
    changed = [np.flatnonzero(b != a).tolist() for a, b in pairwise(places)]
    assert changed == [[4], [0], [4]]  # of a frame without a change the first cell is kept
    video = explainer.model.config.video_token_id
    assert sorted(set(made.visual)) == np.flatnonzero(made.input_ids == video).tolist()


def test_pictures_and_videos_keep_their_order(explainer: tw.Explainer) -> None:
    made = encoded(explainer, [still(None, 4), photo(SIZE), still(None, None, 8)])
    config = explainer.model.config
    kinds = made.input_ids[made.visual]
    filmed = np.repeat([grid.time is not None for grid in made.grids], [g.size for g in made.grids])
    assert (kinds == np.where(filmed, config.video_token_id, config.image_token_id)).all()
    assert [grid.image for grid in made.grids] == [0, 1, 2, 3, 4, 5]
    assert (np.diff([made.visual[filmed][0], made.visual[~filmed][0], made.visual[-1]]) > 0).all()


def test_the_times_between_frames_are_no_words_of_the_prompt(explainer: tw.Explainer) -> None:
    made = encoded(explainer, [still(None, None, None)], "Time")
    assert "".join(made.prompt_tokens.texts) == "Time"
    assert made.prompt_tokens.positions.min() > made.visual.max()


def test_all_of_a_video_where_nothing_is_left_out(
    explainer: tw.Explainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(explainer.processor.video_processor, "use_token_compression", False)
    made = encoded(explainer, [still(None, None)])
    assert len(set(made.visual)) == len(made.visual) == 18
    ex = explainer.explain(video=still(None, None), prompt="What?", answer="A cat.")
    assert torch.isfinite(torch.from_numpy(ex.maps())).all()


def test_frames_that_share_tokens_are_refused(
    explainer: tw.Explainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(explainer.processor.video_processor, "temporal_patch_size", 2)
    with pytest.raises(errors.TamError, match="temporal_patch_size=1"):
        encoded(explainer, [still(0, 1, 2, 3)])
