"""Processors of video models on a machine without torchvision."""

from typing import Any

import pytest
import transformers

import tam_widgets as tw
from tam_widgets.capture.inputs.media import Video
from tam_widgets.models import family_of

from . import tiny
from .probe import photo


@pytest.mark.parametrize(
    "kind", ["internvl", "llava_onevision", "ernie4_5_vl_moe", "video_llama_3"]
)
def test_without_torchvision_pictures_are_explained_and_videos_refused(
    kind: str, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    model, processor = tiny.MODELS[kind]()
    processor.save_pretrained(tmp_path)
    monkeypatch.setattr(transformers.utils, "is_torchvision_available", lambda: False)
    loaded = family_of(model.config).load_processor(str(tmp_path))
    explainer = tw.Explainer(model, loaded)
    added = loaded.tokenizer.added_tokens_decoder
    quiet = [identity for identity, token in added.items() if token.special]
    ex = explainer.explain(
        photo((90, 60)), "What?", max_new_tokens=2, progress=False, suppress_tokens=quiet
    )
    assert ex.grids
    with pytest.raises(tw.errors.MissingExtraError, match="torchvision"):
        explainer.explain(None, "What?", video=Video([photo((90, 60))] * 2), progress=False)
