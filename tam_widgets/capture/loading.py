"""Loads the model and the processor of a checkpoint."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import transformers

from ..errors import MissingExtraError, OptionError, ProcessorError, UnsupportedModelError
from ..models import Family, family_of
from ..models.refusals import OTHER_CLASSES
from ..models.registry import model_types
from ..models.unsupported import architectures, transformers_checkpoints
from .classifier import classifier_rows

_PLANS = ("auto", "balanced", "balanced_low_0", "sequential")
"""Values of `device_map` that are valid on any machine; others name devices of this one."""
_SHARED = ("revision", "token", "cache_dir", "local_files_only", "trust_remote_code")
_OF_PROCESSORS = ("min_pixels", "max_pixels", "use_fast")
_OF_LOADING = (*_SHARED, "use_fast", "backend", "force_download", "proxies", "subfolder")
"""Arguments of a processor's `from_pretrained` that none of its parts stores."""
_QUANTISED = ("load_in_4bit", "load_in_8bit")
_UNEXPECTED = re.compile(r"unexpected keyword argument '(\w+)'")
_LENGTH = 200
"""Most characters of an error of transformers that a message quotes."""
_PARTS = ("tokenizer", "image_processor", "video_processor")


def load_checkpoint(
    checkpoint: str, processor_options: Mapping[str, Any] | None = None, **options: Any
) -> tuple[Any, Any]:
    """Loads a model and its processor through transformers.

    Args:
        checkpoint: Name on the hub, or a folder; of a model, or of an adapter.
        processor_options: Passed on to the processor's `from_pretrained`.
        **options: Passed on to the model's `from_pretrained`, or to the processor's if they can
            only belong to it.

    Raises:
        UnsupportedModelError: If there is no such checkpoint, its family is not supported, it
            was saved for other code, or its weights cannot be loaded as requested.
        ProcessorError: If its processor cannot be loaded.
        OptionError: If neither the model nor the processor takes an option.
        MissingExtraError: If it is an adapter and PEFT is not installed.
    """
    options, of_processor = _split_options(options, processor_options)
    common = {key: options[key] for key in _SHARED if key in options}
    config, base = _configuration(checkpoint, common)
    thinker = getattr(config, "thinker_config", None)  # the part of an Omni model that writes text
    if thinker is not None:
        config, options = thinker, {"config": thinker, **options}
    family = family_of(config)
    source = checkpoint if base is None or _has_processor(checkpoint, common) else base
    try:
        processor = family.load_processor(source, **{**common, **of_processor})
    except (OSError, ValueError, ImportError, TypeError) as error:
        raise ProcessorError(
            f"{source}: the processor cannot be loaded ({_in_short(error)})"
        ) from error
    _refuse_unknown(processor, of_processor)
    options = {"dtype": "auto", **options}
    try:
        model = transformers.AutoModelForImageTextToText.from_pretrained(checkpoint, **options)
    except (OSError, ValueError, RuntimeError, ImportError, AttributeError, TypeError) as error:
        unknown = _UNEXPECTED.search(str(error))
        if unknown and unknown[1] in options:
            raise OptionError(
                f"{unknown[1]}={options[unknown[1]]!r:.80}: loading {checkpoint} takes no such "
                "option. Give options of transformers' from_pretrained (dtype, device_map, "
                "attn_implementation, quantization_config, revision, …); options of the "
                "processor go into processor_options={…}, and keywords of generate into explain"
            ) from error
        raise UnsupportedModelError(
            f"{checkpoint}: the model cannot be loaded ({_in_short(error)}); check its files and "
            "the keywords given"
        ) from error
    return model.eval(), processor


def _split_options(
    options: Mapping[str, Any], processor_options: Mapping[str, Any] | None
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Splits options into those of the model and those of the processor."""
    for name in _QUANTISED:
        if options.get(name):
            raise OptionError(
                f"{name}={options[name]!r}: transformers takes it only in a configuration: give "
                f"quantization_config=transformers.BitsAndBytesConfig({name}={options[name]!r})"
            )
    if not isinstance(processor_options, Mapping | None):
        raise OptionError(
            f"processor_options of type {type(processor_options).__name__}: give a dict, as in "
            '{"max_pixels": 100352}'
        )
    named = dict(processor_options or {})
    loose = {name: options[name] for name in _OF_PROCESSORS if name in options}
    twice = sorted(named.keys() & loose.keys())
    if twice:
        raise OptionError(f"{twice[0]} is given twice: give it only in processor_options")
    for name in ("min_pixels", "max_pixels"):
        value = {**named, **loose}.get(name)
        whole = isinstance(value, int) and not isinstance(value, bool)
        if value is not None and not (whole and value > 0):
            raise OptionError(f"{name}={value!r:.80}: give a number of pixels, an integer above 0")
    rest = {name: value for name, value in options.items() if name not in loose}
    return rest, {**named, **loose}


def _refuse_unknown(processor: Any, options: Mapping[str, Any]) -> None:
    """Raises `OptionError` for options that a processor would silently ignore."""
    owners = [processor, *(getattr(processor, part, None) for part in _PARTS)]
    owners = [owner for owner in owners if owner is not None]
    known = set(_OF_LOADING)
    for owner in owners:
        known.update(getattr(getattr(owner, "valid_kwargs", None), "__annotations__", ()))
        known.update(inspect.signature(type(owner).__init__).parameters)
    for name, value in options.items():
        if name not in known and not any(hasattr(owner, name) for owner in owners):
            names = ", ".join(type(owner).__name__ for owner in owners)
            images = getattr(processor, "image_processor", None)
            raise OptionError(
                f"{name}={value!r:.80}: {names} take no such option; pictures are resized by "
                f"size={getattr(images, 'size', None)}"
            )


def _configuration(checkpoint: str, common: Mapping[str, Any]) -> tuple[Any, str | None]:
    """A checkpoint's configuration; for an adapter, that of its base model, and the base's name."""
    if Path(checkpoint, transformers.utils.ADAPTER_CONFIG_NAME).is_file():
        _need_peft(checkpoint)  # without PEFT the adapter would be ignored
    try:
        return _read(checkpoint, common), None
    except UnsupportedModelError:
        raise
    except ImportError as error:
        raise MissingExtraError(
            f"{checkpoint}: transformers lacks a package for this type of model "
            f"({_in_short(error)}); Gemma 3n and Perception LM need timm: pip install timm"
        ) from error
    except Exception as error:  # a stranger's settings make transformers raise anything
        base = _base_of_adapter(checkpoint, common)
        if base is None:
            raise UnsupportedModelError(
                f"{checkpoint}: no model configuration can be loaded ({_in_short(error)}); give "
                "a checkpoint's name on the hub or its folder"
            ) from error
    _need_peft(checkpoint)
    try:
        return _read(base, common), base
    except UnsupportedModelError:
        raise
    except Exception as error:
        raise UnsupportedModelError(
            f"{checkpoint} holds an adapter whose base model {base!r} cannot be loaded "
            f"({_in_short(error)}): write that model's name or folder into its "
            "adapter_config.json as base_model_name_or_path, or load both yourself "
            "(model.load_adapter) and give Explainer(model, processor)"
        ) from error


def _read(checkpoint: str, common: Mapping[str, Any]) -> Any:
    """Reads a checkpoint's configuration.

    The checkpoint's own code runs only if a family serves its model type and the user trusts it.

    Raises:
        UnsupportedModelError: If no family serves it, or it was saved for other code.
    """
    hub = {key: value for key, value in common.items() if key != "trust_remote_code"}
    settings, _ = transformers.PretrainedConfig.get_config_dict(checkpoint, **hub)
    described = SimpleNamespace(**settings) if isinstance(settings, Mapping) else SimpleNamespace()
    model_type, code = getattr(described, "model_type", None), getattr(described, "auto_map", None)
    known = isinstance(model_type, str) and model_type in transformers.CONFIG_MAPPING
    trusted = bool(common.get("trust_remote_code"))
    if model_type or code:
        try:
            family_of(transformers.CONFIG_MAPPING[model_type] if known else described)
        except UnsupportedModelError as error:
            unrun = ". The checkpoint's own code was not run" if code else ""
            asked = ", despite trust_remote_code=True" if code and trusted else ""
            raise UnsupportedModelError(f"{checkpoint}: {error}{unrun}{asked}") from None
    if code and not known and not trusted:
        raise UnsupportedModelError(
            f"{checkpoint}: transformers {transformers.__version__} reads model type "
            f"{model_type!r:.80} only with the checkpoint's own code: if you trust it, give "
            "trust_remote_code=True, or install a version that knows the type"
        )
    other = [name for name in architectures(described) if name in OTHER_CLASSES]
    if known and other:
        raise UnsupportedModelError(
            f"{checkpoint} was saved by {other[0]}, which names and stores its weights "
            f"differently from transformers: give {transformers_checkpoints(other, model_types())}"
        )
    return transformers.AutoConfig.from_pretrained(checkpoint, **common)


def _need_peft(checkpoint: str) -> None:
    if not transformers.utils.is_peft_available():
        raise MissingExtraError(
            f"{checkpoint} holds an adapter, which PEFT loads: pip install peft"
        )


def _base_of_adapter(checkpoint: str, common: Mapping[str, Any]) -> str | None:
    """The base model that an adapter names, possibly ""; None if this is not an adapter."""
    hub = {key: value for key, value in common.items() if key != "trust_remote_code"}
    try:
        found = transformers.utils.find_adapter_config_file(checkpoint, **hub)
    except OSError:  # there is no such checkpoint
        return None
    if found is None:
        return None
    return str(json.loads(Path(found).read_text("utf-8")).get("base_model_name_or_path") or "")


def _has_processor(checkpoint: str, common: Mapping[str, Any]) -> bool:
    """Whether an adapter was saved with its own processor."""
    try:
        transformers.ImageProcessingMixin.get_image_processor_dict(checkpoint, **common)
    except OSError:
        return False
    return True


def portable_options(options: Mapping[str, Any]) -> dict[str, Any]:
    """The options of `load_checkpoint` without devices that only this machine has."""
    plan = options.get("device_map")
    known = isinstance(plan, str) and plan in _PLANS
    return {key: value for key, value in options.items() if known or key != "device_map"}


def check_processor(processor: Any, model: Any, family: Family) -> None:
    """Raises `ProcessorError` if a processor lacks a part or belongs to another model."""
    if processor is None:
        raise ProcessorError(
            f"no processor was given with {type(model).__name__}: give the one that was saved with "
            "it, Explainer(model, transformers.AutoProcessor.from_pretrained(…))"
        )
    name = type(processor).__name__
    for part in ("tokenizer", "image_processor"):
        if getattr(processor, part, None) is None:
            raise ProcessorError(
                f"{name} has no {part}: give the model's whole processor "
                "(transformers.AutoProcessor), not only its tokenizer"
            )
    template = getattr(processor, "chat_template", None) or processor.tokenizer.chat_template
    if type(family).write is Family.write and not template:
        raise ProcessorError(
            f"{name} has no chat template: set processor.chat_template to the model's own"
        )
    token, image_id = family.image_token(processor), family.image_token_id(model.config)
    known = processor.tokenizer.convert_tokens_to_ids(token) if token else image_id
    rows = classifier_rows(model).shape[0]
    if known != image_id or len(processor.tokenizer) > rows:
        raise ProcessorError(
            f"{name} does not fit {type(model).__name__}: its image token {token!r} has id {known} "
            f"(the model's is {image_id}) and its vocabulary {len(processor.tokenizer)} entries "
            f"(the model's {rows}); use the processor that was saved with the model"
        )


def checkpoint_name(config: Any) -> str:
    """The checkpoint's name; for a folder only its last part, because records are shared."""
    return public_name(str(getattr(config, "name_or_path", "")))


def public_name(checkpoint: str) -> str:
    """A checkpoint's name on the hub; for a folder only its last part."""
    return Path(checkpoint).name if Path(checkpoint).exists() else checkpoint


def _in_short(error: BaseException) -> str:
    said = " ".join(str(error).split()) or type(error).__name__
    return said if len(said) <= _LENGTH else said[: _LENGTH - 1] + "…"
