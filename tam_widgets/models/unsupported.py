"""What is said of a model that no family serves."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from .refusals import NOT_YET, OTHER_CLASSES, OTHER_TYPES, REASONS

_REFUSED = {model_type: reason for reason in REASONS for model_type in reason.types}

# By transformers' own lists of what its model types are for, those first that say more.
_SOUNDING = ("SPEECH_SEQ_2_SEQ", "AUDIO_CLASSIFICATION", "CTC", "MULTIMODAL_LM")
_WRITING = ("CAUSAL_LM", "SEQ_TO_SEQ_CAUSAL_LM")
_COMPARING = ("ZERO_SHOT_IMAGE_CLASSIFICATION",)
_SEEING = ("IMAGE", "IMAGE_CLASSIFICATION", "VIDEO_CLASSIFICATION", "OBJECT_DETECTION", "BACKBONE")
_ENCODING = ("MASKED_LM", "TEXT_ENCODING", "SEQUENCE_CLASSIFICATION")


def refusal(config: Any, served: Collection[str]) -> str:
    """Why a model cannot be explained, and how to go on.

    Args:
        config: A model's configuration, its class, or anything with a configuration's attributes.
        served: The model types that families serve.
    """
    model_type = getattr(config, "model_type", None)
    if not isinstance(model_type, str) or not model_type:
        return "the configuration names no model type: give a model of transformers"
    listed = f"Supported are {', '.join(sorted(served))}"
    if model_type in _REFUSED:
        reason = _REFUSED[model_type]
        return (
            f"model type {model_type!r} {reason.verdict}: {reason.types[model_type]}. "
            f"{reason.remedy}. {listed}"
        )
    return f"model type {model_type!r:.80} {_unlisted(config, model_type, served)}. {listed}"


def transformers_checkpoints(names: Iterable[str], served: Collection[str]) -> str:
    """Checkpoints for transformers of what other code calls by these names, as "a or b"; or "".

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
    """The classes that a configuration says its weights belong to."""
    named = getattr(config, "architectures", None)
    return [name for name in named if isinstance(name, str)] if isinstance(named, list) else []


def _unlisted(config: Any, model_type: str, served: Collection[str]) -> str:
    """What is said of a type without a reason of its own."""
    from transformers import CONFIG_MAPPING

    if model_type not in CONFIG_MAPPING:
        return _foreign(config, model_type, served)
    if model_type in _listed("IMAGE_TEXT_TO_TEXT"):
        return f"is of a family whose layout is not known. {NOT_YET.remedy}"
    if model_type in _listed(*_SOUNDING) or getattr(config, "audio_config", None) is not None:
        return "is a model of sound and answers no questions about pictures"
    if model_type in _listed(*_WRITING):
        return "is a text-only model: it takes no picture"
    part = getattr(config, "base_config_key", None)
    if part in ("text_config", "vision_config"):
        return f"is a part of a larger model, its {part}: give the whole model"
    if model_type in _listed(*_COMPARING):
        return "compares pictures with texts and writes no answer"
    if model_type in _listed(*_SEEING):
        return "sees pictures and writes no answer"
    if model_type in _listed(*_ENCODING):
        return "is an encoder and writes no answer"
    return "is no image-text-to-text model of transformers"


def _listed(*tasks: str) -> set[str]:
    """The model types that transformers lists for some tasks."""
    from transformers.models.auto import modeling_auto

    return {
        model_type
        for task in tasks
        for model_type in getattr(modeling_auto, f"MODEL_FOR_{task}_MAPPING_NAMES")
    }


def _foreign(config: Any, model_type: str, served: Collection[str]) -> str:
    """What is said of a type that transformers itself does not know."""
    import transformers

    if getattr(config, "auto_map", None):
        said = (
            "needs code that its checkpoint brings along, and no family knows where that code "
            "puts its visual tokens"
        )
    else:
        said = (
            f"is not known to transformers {transformers.__version__}: it needs other code, or a "
            "newer version"
        )
    instead = transformers_checkpoints([model_type, *architectures(config)], served)
    if instead:
        return f"{said}. transformers' own code reads {instead}: give such a checkpoint"
    return (
        f"{said}. Give a checkpoint that transformers' own code reads; or register a "
        "tam_widgets.models.Family for this type, load the model yourself, and call "
        "Explainer(model, processor)"
    )
