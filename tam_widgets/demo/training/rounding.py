"""Rounds weights so that their file compresses, without changing what a model answers."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

STEPS = 128  # of rounding, in a root mean square of the weights


@torch.no_grad()
def round_weights(model: Any) -> None:
    """Rounds a model's matrices in place, and empties those that are never computed with.

    A trained weight has no two equal neighbours, so half of a file of weights in float16 is noise
    that no compression removes. The maps of the demo models move by at most a hundredth.

    Args:
        model: A demo model.
    """
    for name, weights in model.named_parameters():
        if weights.ndim > 1:
            weights.copy_(torch.zeros_like(weights) if _unread(model, name) else rounded(weights))


def rounded(weights: Tensor) -> Tensor:
    """The nearest multiples of a power of two, 1/128 to 1/256 of the weights' root mean square."""
    step = 2.0 ** torch.log2(weights.double().square().mean().sqrt() / STEPS).floor()
    return ((weights.double() / step).round() * step).to(weights.dtype)


def _unread(model: Any, name: str) -> bool:
    """Whether a weight lies above the layer of the vision tower that LLaVA reads."""
    read = getattr(model.config, "vision_feature_layer", -1)
    count = getattr(model.config.vision_config, "num_hidden_layers", 0)
    unread = range(count + read + 1, count)
    return any(f"vision_tower.encoder.layers.{layer}." in name for layer in unread)
