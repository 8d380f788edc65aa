"""Explains why a model that no family serves is refused."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from difflib import get_close_matches
from typing import Any

from .refusals import NOT_YET, OTHER_CLASSES, OTHER_TYPES, REASONS

_REFUSED = {model_type: reason for reason in REASONS for model_type in reason.types}

# Names of transformers' lists of model types by task, the more specific ones first.
_AUDIO = ("SPEECH_SEQ_2_SEQ", "AUDIO_CLASSIFICATION", "CTC", "MULTIMODAL_LM")
_TEXT = ("CAUSAL_LM", "SEQ_TO_SEQ_CAUSAL_LM")
_MATCHING = ("ZERO_SHOT_IMAGE_CLASSIFICATION",)
_VISION = ("IMAGE", "IMAGE_CLASSIFICATION", "VIDEO_CLASSIFICATION", "OBJECT_DETECTION", "BACKBONE")
_ENCODERS = ("MASKED_LM", "TEXT_ENCODING", "SEQUENCE_CLASSIFICATION")


def refusal(config: Any, served: Collection[str]) -> str:
    """Why a model cannot be explained, and what to do instead.

    Args:
        config: A model's configuration, its class, or anything with a configuration's attributes.
        served: The model types that families serve.
    """
    model_type = getattr(config, "model_type", None)
    if not isinstance(model_type, str) or not model_type:
        return "the configuration names no model type: give a transformers model"
    listed = f"{_near(model_type, served)}Supported are {', '.join(sorted(served))}"
    if model_type in _REFUSED:
        reason = _REFUSED[model_type]
        return (
            f"model type {model_type!r} {reason.verdict}: {reason.types[model_type]}. "
            f"{reason.remedy}. {listed}"
        )
    return f"model type {model_type!r:.80} {_unlisted(config, model_type, served)}. {listed}"


def _near(model_type: str, served: Collection[str]) -> str:
    """Names a type that is almost the same, which a family may have misspelt."""
    from transformers import CONFIG_MAPPING

    unknown = [name for name in served if name not in CONFIG_MAPPING]
    near = get_close_matches(model_type, unknown, n=1, cutoff=0.8)
    if not near:
        return ""
    return (
        f"A family serves {near[0]!r}, which transformers does not know: if it is meant for this "
        "model, correct its model_types. "
    )


def transformers_checkpoints(names: Iterable[str], served: Collection[str]) -> str:
    """Transformers checkpoints of models that other code calls by these names: "a or b", or "".

    Args:
        names: Model types and classes.
        served: The model types that families serve.
    """
    known = [{**OTHER_CLASSES, **OTHER_TYPES}.get(name, {}) for name in names]
    return " or ".join(
        dict.fromkeys(
            checkpoint
            for checkpoints in known
            for model_type, checkpoint in checkpoints.items()
            if model_type in served
        )
    )


def architectures(config: Any) -> list[str]:
    """The classes of which a configuration says that its weights are."""
    named = getattr(config, "architectures", None)
    return [name for name in named if isinstance(name, str)] if isinstance(named, list) else []


def _unlisted(config: Any, model_type: str, served: Collection[str]) -> str:
    """Why a model type without a listed reason is refused."""
    from transformers import CONFIG_MAPPING

    if model_type not in CONFIG_MAPPING:
        return _foreign(config, model_type, served)
    if model_type in _listed("IMAGE_TEXT_TO_TEXT"):
        return f"belongs to a family whose layout is not known. {NOT_YET.remedy}"
    if model_type in _listed(*_AUDIO) or getattr(config, "audio_config", None) is not None:
        return "is an audio model and answers no questions about pictures"
    if model_type in _listed(*_TEXT):
        return "is a text-only model and takes no pictures"
    part = getattr(config, "base_config_key", None)
    if part in ("text_config", "vision_config"):
        return f"is a part of a larger model, its {part}: give the whole model"
    if model_type in _listed(*_MATCHING):
        return "compares pictures with texts and writes no answer"
    if model_type in _listed(*_VISION):
        return "sees pictures and writes no answer"
    if model_type in _listed(*_ENCODERS):
        return "is an encoder and writes no answer"
    return "is not an image-text-to-text model of transformers"


def _listed(*tasks: str) -> set[str]:
    """The model types that transformers lists for some tasks."""
    from transformers.models.auto import modeling_auto

    return {
        model_type
        for task in tasks
        for model_type in getattr(modeling_auto, f"MODEL_FOR_{task}_MAPPING_NAMES")
    }


def _foreign(config: Any, model_type: str, served: Collection[str]) -> str:
    """Why a model type that transformers does not know is refused."""
    import transformers

    if getattr(config, "auto_map", None):
        reason = (
            "needs the code in its checkpoint, and no family knows where that code puts its visual "
            "tokens"
        )
    else:
        reason = (
            f"is not known to transformers {transformers.__version__}: it needs other code or a "
            "newer version"
        )
    checkpoints = transformers_checkpoints([model_type, *architectures(config)], served)
    if checkpoints:
        return f"{reason}. transformers' own code reads {checkpoints}: give such a checkpoint"
    return (
        f"{reason}. Give a checkpoint that transformers' own code reads; or register a "
        "tam_widgets.models.Family for this type, load the model yourself, and call "
        "Explainer(model, processor)"
    )
