"""The registry of families by model type."""

from __future__ import annotations

from typing import Any

from ..errors import UnsupportedModelError
from .cohere import AyaVision, Cohere2Vision
from .ernie import Ernie45VL, PaddleOCRVL
from .exaone import Exaone45
from .family import Family
from .gemma3 import Gemma3
from .gemma3n import Gemma3n
from .gemma4 import Gemma4, Gemma4Unified
from .glm4v import Glm4V
from .got_ocr2 import GotOcr2
from .granite4_vision import Granite4Vision
from .hunyuan_vl import HunYuanVL
from .idefics3 import Idefics3, SmolVLM
from .internvl import InternVL, QianfanOCR
from .janus import Janus
from .lfm2_vl import Lfm2VL
from .llama4 import Llama4
from .llava import Llava
from .llava_next import LlavaNext, LlavaNextVideo
from .llava_onevision import LlavaOnevision
from .mistral3 import Mistral3
from .ovis2 import Ovis2
from .paligemma import PaliGemma
from .perception_lm import PerceptionLM
from .qwen2_vl import Qwen2VL
from .qwen3_vl import Qwen3VL
from .qwen_omni import QwenOmni
from .unsupported import refusal
from .video_llama_3 import VideoLlama3
from .video_llava import VideoLlava
from .vipllava import VipLlava

_FAMILIES: dict[str, Family] = {}


def register(family: Family) -> None:
    """Registers a family for its model types.

    Args:
        family: An instance of a `Family` subclass. It replaces an earlier one of the same class
            name and module, so that a notebook's cell can be run again.

    Raises:
        UnsupportedModelError: If it is not such an instance, lacks a part, or another family
            already serves one of its model types.
    """
    _check(family)
    taken = [
        model_type
        for model_type in family.model_types
        if model_type in _FAMILIES and _identity(_FAMILIES[model_type]) != _identity(family)
    ]
    if taken:
        raise UnsupportedModelError(
            f"model type {taken[0]!r} is already served by {_FAMILIES[taken[0]].name!r}: give the "
            "new family other model types, or change the existing family's class"
        )
    _FAMILIES.update(dict.fromkeys(family.model_types, family))


def _check(family: Family) -> None:
    """Refuses families that would fail later, in the middle of an explanation."""
    if not isinstance(family, Family):
        raise UnsupportedModelError(
            f"{family!r} is not a family: register an instance of a Family subclass, as in "
            "register(MyFamily())"
        )
    own, name = type(family), type(family).__name__
    types = getattr(family, "model_types", None)
    if not isinstance(types, tuple | list) or not all(isinstance(one, str) for one in types):
        raise UnsupportedModelError(
            f'{name}.model_types is {types!r}: give a tuple of model types, as in ("my_model",)'
        )
    placed = own.image_grids is not Family.image_grids or own.grids is not Family.grids
    if not isinstance(getattr(family, "name", None), str) or not placed:
        raise UnsupportedModelError(
            f"{name} needs a `name` and `image_grids`: which pixels does each visual token cover?"
        )


def _identity(family: Family) -> tuple[str, str]:
    return type(family).__module__, type(family).__qualname__


def model_types() -> tuple[str, ...]:
    """The model types that families serve."""
    return tuple(_FAMILIES)


def family_of(config: Any) -> Family:
    """The family that serves a model configuration.

    Raises:
        UnsupportedModelError: If there is none; the message says why, and which families work.
    """
    model_type = getattr(config, "model_type", None)
    if isinstance(model_type, str) and model_type in _FAMILIES:
        return _FAMILIES[model_type]
    raise UnsupportedModelError(refusal(config, _FAMILIES))


for _family in (
    Qwen2VL(),
    Llava(),
    Qwen3VL(),
    QwenOmni(),
    VideoLlama3(),
    Glm4V(),
    Gemma3(),
    Gemma3n(),
    Gemma4(),
    Gemma4Unified(),
    Mistral3(),
    PaliGemma(),
    Janus(),
    Llama4(),
    PerceptionLM(),
    VipLlava(),
    LlavaNext(),
    LlavaNextVideo(),
    LlavaOnevision(),
    InternVL(),
    Idefics3(),
    SmolVLM(),
    AyaVision(),
    Cohere2Vision(),
    Ovis2(),
    Lfm2VL(),
    Ernie45VL(),
    PaddleOCRVL(),
    HunYuanVL(),
    GotOcr2(),
    Granite4Vision(),
    QianfanOCR(),
    Exaone45(),
    VideoLlava(),
):
    register(_family)
