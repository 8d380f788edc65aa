"""What every method that needs the model owes: the passes that it announces, and finite maps."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

import tam_widgets as tw
from tam_widgets.attribution import Method
from tam_widgets.capture.forcing.attributing import cost
from tam_widgets.capture.inputs.media import Video

from ..models.probe import photo
from .answers import ANSWER, PROMPT, explainer, frozen_answer

OPTIONS = {
    "occlusion": {"window": 4},
    "rise": {"count": 9},
    "eagle": {"regions": 3},
    "integrated-gradients": {"steps": 2},
}
"""Options with which a method is quick."""

LAYERWISE = ("dex-ar",)
"""Methods that go back through one layer at a time, and announce all layers as one pass."""

CLIPPED = ("relevancy", "dex-ar")
"""Methods that keep only values above 0, so that a map of random weights may be empty."""

COMPUTED = [name for name, method in tw.METHODS.items() if method.model_maps]


def quick(name: str) -> Method:
    method = tw.METHODS[name]
    return method.variant(name, **OPTIONS[name]) if name in OPTIONS else method


@contextmanager
def counted(explained: tw.Explainer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Counts the sequences that the model reads, and the calls of autograd."""
    count = {"forward": 0, "backward": 0}

    def forward(_module: Any, _args: Any, given: dict[str, Any]) -> None:
        count["forward"] += len(given["input_ids"])

    def backward(original: Callable[..., Any]) -> Callable[..., Any]:
        def called(*args: Any, **options: Any) -> Any:
            count["backward"] += 1
            return original(*args, **options)

        return called

    handle = explained.model.register_forward_pre_hook(forward, with_kwargs=True)
    with monkeypatch.context() as patch:
        patch.setattr(torch.autograd, "grad", backward(torch.autograd.grad))
        patch.setattr(torch.Tensor, "backward", backward(torch.Tensor.backward))
        try:
            yield count
        finally:
            handle.remove()


@pytest.mark.filterwarnings("ignore:at another size")
@pytest.mark.parametrize("name", COMPUTED)
def test_passes_are_those_that_were_announced(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    frozen, tokens = frozen_answer("qwen2_vl")
    method = quick(name)
    announced = cost(frozen, [method], tokens)[name]
    seen: list[int] = []
    with counted(explainer("qwen2_vl"), monkeypatch) as count:
        assert method.model_maps is not None
        method.model_maps(
            frozen, tokens, progress=seen.append, **{**method.defaults, **method.fixed}
        )
    assert count["forward"] == announced.forward
    assert count["backward"] == announced.backward or name in LAYERWISE
    assert sum(seen) == sum(announced)


def several() -> tuple[tw.Explainer, list[Image.Image]]:
    return explainer("qwen2_vl"), [photo((120, 90)), photo((60, 80), seed=2)]


MEDIA: dict[str, Callable[[], tuple[tw.Explainer, Any]]] = {
    "two pictures": several,
    "tiles": lambda: (explainer("internvl"), photo((220, 90))),
    "tiles with padding": lambda: (explainer("llava_next"), photo((120, 50))),
    "centre crop": lambda: (explainer("llava"), photo((120, 50))),
    "video": lambda: (
        explainer("qwen3_vl"),
        Video([photo((84, 56), seed) for seed in range(3)]),
    ),
}
SIZED = ("two pictures", "video")
"""Those of models that read other visual tokens at another size."""


@pytest.mark.filterwarnings("ignore:at another size")
@pytest.mark.parametrize("media", MEDIA)
def test_pictures_tiles_and_videos(media: str) -> None:
    """Each method has a map of every grid, for the tokens asked for."""
    explained, source = MEDIA[media]()
    sources = {"video": source} if isinstance(source, Video) else {"image": source}
    made = explained.explain(**sources, prompt=PROMPT, answer=ANSWER)
    names = [name for name in COMPUTED if name != "msea" or media in SIZED]
    *_, token = made.answer_tokens(None)
    found = explained.attribute(made, [quick(name) for name in names], token, progress=False)
    for name in names:
        maps = found.maps(name)
        filled = name not in CLIPPED
        assert np.abs(maps[token]).max() == pytest.approx(1) or not filled
        assert not np.delete(maps, token, axis=0).any()
        for grid, part in zip(made.grids, found.map(token, name), strict=True):
            assert part.shape == (grid.rows, grid.cols)
            assert part.any() or not filled
    assert not made.extra_maps
