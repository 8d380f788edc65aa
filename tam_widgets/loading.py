"""From a checkpoint's name to a model and a processor that fit each other."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import transformers

from .errors import ProcessorError, UnsupportedModelError
from .models import Family, family_of
from .models.classifier import classifier_rows

_PLANS = ("auto", "balanced", "balanced_low_0", "sequential")
"""Values of `device_map` that hold on any machine; others name a device of this one."""
_SHARED = ("revision", "token", "cache_dir", "local_files_only", "trust_remote_code")


def load_checkpoint(checkpoint: str, **options: Any) -> tuple[Any, Any]:
    """Loads a model and its processor through transformers.

    Args:
        checkpoint: Name on the hub, or a folder.
        **options: Passed on to the model's `from_pretrained`.

    Raises:
        UnsupportedModelError: If there is no such checkpoint, its family is not supported, or
            its weights cannot be loaded as asked.
        ProcessorError: If its processor cannot be loaded.
    """
    common = {key: options[key] for key in _SHARED if key in options}
    try:
        config = transformers.AutoConfig.from_pretrained(checkpoint, **common)
    except (OSError, ValueError) as error:
        raise UnsupportedModelError(
            f"{checkpoint}: no model configuration can be loaded ({_first_line(error)}); give a "
            "checkpoint's name on the hub or its folder"
        ) from error
    family = family_of(config)
    try:
        processor = family.load_processor(checkpoint, **common)
    except (OSError, ValueError, ImportError) as error:
        raise ProcessorError(
            f"{checkpoint}: the processor cannot be loaded ({_first_line(error)})"
        ) from error
    options = {"dtype": "auto", **options}
    try:
        model = transformers.AutoModelForImageTextToText.from_pretrained(checkpoint, **options)
    except (OSError, ValueError, RuntimeError, ImportError, AttributeError) as error:
        raise UnsupportedModelError(
            f"{checkpoint}: the model cannot be loaded ({_first_line(error)}); check its files and "
            "the keywords given"
        ) from error
    return model.eval(), processor


def elsewhere(options: Mapping[str, Any]) -> dict[str, Any]:
    """The options of `load_checkpoint` without a place that only this process knows."""
    plan = options.get("device_map")
    known = isinstance(plan, str) and plan in _PLANS
    return {key: value for key, value in options.items() if known or key != "device_map"}


def check_processor(processor: Any, model: Any, family: Family) -> None:
    """Raises `ProcessorError` where a processor lacks a part or belongs to another model."""
    if processor is None:
        raise ProcessorError(
            f"no processor was given with {type(model).__name__}: give the one that was saved with "
            "it, Explainer(model, transformers.AutoProcessor.from_pretrained(…))"
        )
    kind = type(processor).__name__
    for part in ("tokenizer", "image_processor"):
        if getattr(processor, part, None) is None:
            raise ProcessorError(
                f"{kind} has no {part}: give the model's whole processor "
                "(transformers.AutoProcessor), not only its tokenizer"
            )
    template = getattr(processor, "chat_template", None) or processor.tokenizer.chat_template
    if type(family).write is Family.write and not template:
        raise ProcessorError(
            f"{kind} has no chat template: set processor.chat_template to the model's own"
        )
    token, image_id = family.image_token(processor), family.image_token_id(model.config)
    known = processor.tokenizer.convert_tokens_to_ids(token) if token else image_id
    rows = classifier_rows(model).shape[0]
    if known != image_id or len(processor.tokenizer) > rows:
        raise ProcessorError(
            f"{kind} does not fit {type(model).__name__}: its image token {token!r} has id {known} "
            f"(the model's is {image_id}) and its vocabulary {len(processor.tokenizer)} entries "
            f"(the model's {rows}); use the processor that was saved with the model"
        )


def checkpoint_name(config: Any) -> str:
    """The checkpoint's name; of a folder only the last part, since records are shared."""
    name = str(getattr(config, "name_or_path", ""))
    return Path(name).name if Path(name).exists() else name


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
