"""Writes a trained model as a folder that transformers' own classes load."""

from __future__ import annotations

import json
import shutil
import tempfile
from copy import deepcopy
from pathlib import Path
from typing import Any

from transformers import GenerationConfig

from tam_widgets.demo.training.rounding import round_weights
from tam_widgets.demo.training.trainable_models import DEVIATION, MEAN, TrainableModel

_PIXELS = {
    "do_convert_rgb": True,
    "do_normalize": True,
    "do_rescale": True,
    "do_resize": True,
    "image_mean": list(MEAN),
    "image_std": list(DEVIATION),
    "resample": 3,
    "rescale_factor": 1 / 255,
}

_PROCESSORS: dict[str, dict[str, Any]] = {
    "qwen2-vl": {
        **_PIXELS,
        "image_processor_type": "Qwen2VLImageProcessor",
        "processor_class": "Qwen2VLProcessor",
        "patch_size": 14,
        "temporal_patch_size": 2,
        "merge_size": 1,
        "size": {"shortest_edge": 192 * 14 * 14, "longest_edge": 256 * 14 * 14},
    },
    "llava": {
        **_PIXELS,
        "image_processor_type": "CLIPImageProcessor",
        "processor_class": "LlavaProcessor",
        "do_center_crop": True,
        "crop_size": {"height": 224, "width": 224},
        "size": {"shortest_edge": 224},
    },
}

_LLAVA_PROCESSOR = {
    "processor_class": "LlavaProcessor",
    "image_token": "<image>",
    "num_additional_image_tokens": 1,
    "patch_size": 14,
    "vision_feature_select_strategy": "default",
}


def export(name: str, trainable: TrainableModel, folder: Path) -> None:
    """Writes weights, configuration, tokenizer and processor files.

    The weights are rounded and stored in float16, and the configuration asks for float32, so that
    transformers computes in float32 by default: CPUs are slow at half precision.

    Args:
        name: "qwen2-vl" or "llava".
        trainable: The trained model.
        folder: Folder to write; an existing one is replaced.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(prefix=f".{name}-", dir=folder.parent))
    model = deepcopy(trainable.model).half().eval()
    round_weights(model)
    model.generation_config = GenerationConfig(
        do_sample=False,
        max_new_tokens=64,
        eos_token_id=trainable.tokenizer.eos_token_id,
        pad_token_id=trainable.tokenizer.pad_token_id,
    )
    model.save_pretrained(part)
    trainable.tokenizer.save_pretrained(part)
    _write(part / "preprocessor_config.json", _PROCESSORS[name])
    if name == "llava":
        _write(part / "processor_config.json", _LLAVA_PROCESSOR)
    _compute_in_float32(part / "config.json")
    _tidy(part)
    _share(part)
    shutil.rmtree(folder, ignore_errors=True)
    part.replace(folder)


def _write(path: Path, content: dict[str, Any]) -> None:
    path.write_text(json.dumps(content, indent=2, sort_keys=True) + "\n")


def _compute_in_float32(path: Path) -> None:
    config = json.loads(path.read_text())
    for part in (config, config["text_config"], config["vision_config"]):
        part["dtype"] = "float32"
    _write(path, config)


def _tidy(folder: Path) -> None:
    """Keeps the tokenizer's own class name, whose class loads tokenizer.json unchanged."""
    path = folder / "tokenizer_config.json"
    config = json.loads(path.read_text())
    config.pop("is_local", None)
    config.pop("local_files_only", None)
    _write(path, config)


def _share(folder: Path) -> None:
    """Makes files readable for everyone, as temporary ones are only for their owner."""
    folder.chmod(0o755)
    for path in folder.iterdir():
        path.chmod(0o644)
