"""Omni models as they are published: a thinker that writes, beside parts that speak."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import transformers
from safetensors.torch import load_file, save_file

import tam_widgets as tw
from tam_widgets.capture.inputs.encoding import encode
from tam_widgets.capture.inputs.media import Video

from .probe import photo
from .tiny import omni

NAMES = list(omni.MARKS)


def explain(explainer: tw.Explainer) -> tw.Explanation:
    return explainer.explain(photo((120, 90)), "What is this?", answer="A cat.", progress=False)


def whole(name: str) -> Any:
    """An Omni model without its speaking parts."""
    thinker = omni.thinker(name)[0]
    config = getattr(transformers, f"{name}Config")(
        thinker_config=thinker.config.to_dict(), enable_audio_output=False
    )
    model = getattr(transformers, f"{name}ForConditionalGeneration")(config)
    model.thinker.load_state_dict(thinker.state_dict())
    return model.eval()


def assert_explained_as_its_thinker(explainer: tw.Explainer, name: str) -> None:
    expected = explain(tw.Explainer(omni.thinker(name)[0], explainer.processor))
    np.testing.assert_array_equal(explain(explainer).activations, expected.activations)


@pytest.mark.parametrize("name", NAMES)
def test_of_an_omni_model_the_thinker_is_explained(name: str) -> None:
    model = whole(name)
    explainer = tw.Explainer(model, omni.omni_processor(name))
    assert explainer.model is model.thinker
    assert_explained_as_its_thinker(explainer, name)


@pytest.mark.parametrize("name", NAMES)
def test_of_an_omni_checkpoint_the_thinker_is_loaded(name: str, tmp_path: Path) -> None:
    model = whole(name)
    model.save_pretrained(tmp_path)
    omni.omni_processor(name).save_pretrained(tmp_path)
    weights = load_file(tmp_path / "model.safetensors")
    save_file({**weights, "talker.norm.weight": torch.ones(3)}, tmp_path / "model.safetensors")
    explainer = tw.Explainer.from_pretrained(str(tmp_path))
    assert type(explainer.model).__name__ == f"{name}ThinkerForConditionalGeneration"
    assert explainer.name == tmp_path.name
    assert_explained_as_its_thinker(explainer, name)


def test_each_video_tells_its_own_time_from_frame_to_frame() -> None:
    """The processor's own option is one rate for all videos."""
    explainer = tw.Explainer(*omni.thinker("Qwen2_5Omni"))
    videos = [Video([photo((60, 60), seed) for seed in range(4)], fps=fps) for fps in (4.0, 1.0)]
    encoded = encode(explainer.family, explainer.model, explainer.processor, "What?", videos)
    assert encoded.inputs["video_second_per_grid"].tolist() == [0.5, 2.0]
    assert [grid.time for grid in encoded.grids] == [(0, 0.5), (0.5, 1), (0, 2), (2, 4)]
    assert [grid.image for grid in encoded.grids] == [0, 2, 4, 6]


def test_frames_have_no_sound_even_where_the_processor_looks_for_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    explainer = tw.Explainer(*omni.thinker("Qwen3OmniMoe"))
    processor = explainer.processor
    if not hasattr(processor, "load_audio_from_video"):
        pytest.skip("this transformers' processor has no such setting")
    monkeypatch.setattr(processor, "load_audio_from_video", True)
    frames = Video([photo((60, 60), seed) for seed in range(2)])
    encoded = encode(explainer.family, explainer.model, processor, "What?", [frames])
    assert len(encoded.grids) == 1
