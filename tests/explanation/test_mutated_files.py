"""A file from a stranger opens with a named error, or everything that can be done with it works.

More files than the suite tries: `pytest tests/explanation/test_mutated_files.py
--hypothesis-profile=long`.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from ipywidgets import Widget
from PIL import Image

import tam_widgets as tw
from tam_widgets.capture.inputs.images import store_image
from tam_widgets.capture.recording import record
from tam_widgets.errors import ExplanationFileError

from ..faithfulness import made as checks
from ..samples import golden_trace
from ..views import made
from .mutations import MUTATIONS


def conversation() -> tw.Explanation:
    """Two turns about two pictures by a demo model, with an alternative of two pieces."""
    demo = tw.demo.explainer("qwen2-vl")
    pictures = [tw.demo.scene(seed=seed).image for seed in (7, 8)]
    chat = demo.chat()
    chat.ask("Describe this image.", pictures, answer="There is a laptop.")
    second = chat.ask("What is left?", answer="There is a cup.")
    second = demo.why_not(second, second.find("cup")[0], "red cup")
    ramp = np.linspace(0, 1, second.activations.size, dtype=np.float32)
    method = tw.Method("ramp", "a ramp", "by hand", cost="nothing")
    return second.with_maps(method, ramp.reshape(second.activations.shape), step=1)


def film() -> tw.Explanation:
    """A video of four frames, from data of the published code."""
    whole = record(golden_trace("video_4x8x10"), texts=None, provenance={"model": "org/name"})
    frames = [store_image(Image.new("RGB", (80, 64), (60 * i, 9, 9)), video=0) for i in range(4)]
    images = tuple(replace(frame, time=i / 2) for i, frame in enumerate(frames))
    grids = tuple(
        replace(grid, rect=(0.0, 0.0, 80.0, 64.0), time=(i / 2, i / 2 + 0.5))
        for i, grid in enumerate(whole.grids)
    )
    return replace(whole, images=images, grids=grids)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    folder = tmp_path_factory.mktemp("saved")
    tiles = tuple(tw.Grid(1, 2, (left, 0, left + 6, 8)) for left in (0, 6))
    made_up = made.with_layers(made.with_alternatives(made.explanation(grids=tiles)))
    made_up = made_up.with_check(checks.check(made_up)).with_check(checks.flips(made_up))
    blank = -np.arange(len(made_up.tokens) - made_up.prompt_length, dtype=np.float32)
    made_up = replace(made_up, blank_log_p=blank)
    contents = []
    for explanation in (conversation(), film(), made_up):
        explanation.save(folder / "whole.safetensors")
        contents.append((folder / "whole.safetensors").read_bytes())
    return contents


def use(explanation: tw.Explanation, other: tw.Explanation, folder: Path) -> None:
    """All that can be done with an explanation, without a warning."""
    for method in explanation.methods:
        maps = explanation.maps(method)
        assert np.isfinite(maps).all()
    if explanation.reference_activation.size:
        explanation.maps(compat="reference")
    for layer in explanation.layers:
        assert np.isfinite(explanation.maps(layer=layer)).all()
    assert len(explanation.map(-1)) == len(explanation.grids)
    explanation.tokens_in((0, 0, 1, 1))
    assert all(word.tokens for word in explanation.words())
    repr(explanation), explanation.text, explanation.prompt_text
    for alternative in explanation.alternatives[-1:]:
        explanation.counterfactual(alternative.token, alternative.text)
        explanation.contrast(alternative.token, alternative.text)
    relies, share = explanation.reliance, explanation.picture_share
    assert ((share >= 0) & (share <= 1) | np.isnan(relies)).all()
    for check in explanation.checks:
        repr(check), check.to_dataframe()
        if check.steps:
            check.figure().to_json()
    for view in (explanation.explore(), tw.compare(explanation, other)):
        data, _ = view._repr_mimebundle_()
        assert {"image/jpeg", "application/vnd.jupyter.widget-view+json"} <= data.keys()
        view.to_html(folder / "view.html")
    explanation.to_html(folder / "view.html")
    for method in ("tam", *explanation.extra_maps):
        explanation.to_png(folder / "view.png", method=method)
    explanation.save(folder / "again.safetensors")
    again = tw.load(folder / "again.safetensors")
    assert again.tokens == explanation.tokens
    np.testing.assert_array_equal(again.maps(), explanation.maps())


def outcome(content: bytes, whole: bytes, folder: Path) -> str:
    """Opens a file and does everything with it; says in which of the two ways it ended."""
    path = folder / "changed.safetensors"
    path.write_bytes(content)
    try:
        explanation = tw.load(path)
    except ExplanationFileError as error:
        said = str(error).removeprefix(str(path))
        return "refused by name" if len(said) < 600 and said.isprintable() else f"said {said!r}"
    path.write_bytes(whole)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        use(explanation, tw.load(path), folder)
    return "opened, and all works"


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    Widget.close_all()


# Half the examples of hypothesis' profile: 50 in the suite, 5,000 with the long one.
EXAMPLES = settings(
    max_examples=settings().max_examples // 2,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


def test_a_whole_file_is_of_use(files: list[bytes], tmp_path: Path) -> None:
    for content in files:
        assert outcome(content, content, tmp_path) == "opened, and all works"


@EXAMPLES
@given(data=st.data())
def test_a_changed_file_is_refused_by_name_or_of_full_use(
    data: st.DataObject, files: list[bytes], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.getbasetemp()
    content = data.draw(st.sampled_from(files))
    mutation = data.draw(st.sampled_from(MUTATIONS))
    ended = outcome(mutation(content, data.draw), content, folder)
    Widget.close_all()
    event(f"{mutation.__name__}: {ended}")
    assert ended in ("refused by name", "opened, and all works")
