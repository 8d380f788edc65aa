"""The effective weight rows of a language-model head, including LoRA and offloaded weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch

from ..errors import UnsupportedModelError
from . import projection

ROUNDINGS = 4
"""Allowed difference between a head's logits and ours, in rounding steps of the largest one."""
MIN_TOLERANCE = 2e-3
"""Least allowed difference as a share of the largest logit: TF32 on GPUs needs this much."""


@dataclass(frozen=True, eq=False)
class LoraRows:
    """Rows of a head with LoRA adapters, computed on demand: a copy of all rows would be large.

    Attributes:
        base: Weight of the layer below, [vocabulary, c].
        head: PEFT's layer.
        adapters: Names of the active ones; those merged into `base` are not added again.
    """

    base: torch.Tensor
    head: Any
    adapters: Sequence[str]

    @property
    def shape(self) -> torch.Size:
        """[vocabulary, c]."""
        return self.base.shape

    @property
    def device(self) -> torch.device:
        """Where rows are computed."""
        return self.base.device

    def __getitem__(self, index: Any) -> torch.Tensor:
        """`W[index] + Σ scaling · B[index] · A`, float32."""
        rows = self.base[index].float()
        for name in self.adapters:
            if name not in self.head.merged_adapters:
                down = weight(self.head.lora_A[name]).to(self.device, torch.float32)
                up = weight(self.head.lora_B[name]).to(self.device)[index].float()
                rows = rows + self.head.scaling[name] * (up @ down)
        return rows


def classifier_rows(model: Any) -> projection.ClassifierRows:
    """The rows by which the model multiplies its last hidden states, [vocabulary, c].

    Raises:
        UnsupportedModelError: If the model has no head, or its rows cannot be determined.
    """
    head = model.get_output_embeddings()
    if head is None:
        raise UnsupportedModelError(
            f"{type(model).__name__} has no language-model head and cannot write answers: load it "
            "with transformers.AutoModelForImageTextToText"
        )
    return _tuned(head) if hasattr(head, "active_adapters") else weight(head)


def weight(layer: Any) -> torch.Tensor:
    """A linear layer's weight, even if accelerate has offloaded it to CPU or disk.

    Raises:
        UnsupportedModelError: If it is quantised or was never loaded.
    """
    name, own = type(layer).__name__, getattr(layer, "weight", None)
    if not isinstance(own, torch.Tensor) or not _is_plain(own):
        raise UnsupportedModelError(
            f"the language-model head is a {name} without a weight in plain floating-point "
            "numbers: leave the head out when the model is quantised, as in "
            'BitsAndBytesConfig(…, llm_int8_skip_modules=["lm_head"])'
        )
    if not own.is_meta:
        return own
    stored = getattr(getattr(layer, "_hf_hook", None), "weights_map", None)
    if stored is None:
        raise UnsupportedModelError(
            f"the weight of {name} is not loaded: load the model without meta tensors"
        )
    restored: torch.Tensor = stored["weight"]
    return restored


def _is_plain(matrix: torch.Tensor) -> bool:
    """Whether a matrix holds plain numbers; types of 8 bits or less need scales."""
    wide = matrix.itemsize >= torch.bfloat16.itemsize
    return matrix.is_floating_point() and matrix.ndim == 2 and wide


def _tuned(head: Any) -> projection.ClassifierRows:
    """Rows of a head wrapped by PEFT."""
    from peft.tuners.lora import LoraLayer
    from peft.tuners.tuners_utils import BaseTunerLayer
    from peft.utils import ModulesToSaveWrapper

    if isinstance(head, ModulesToSaveWrapper):
        return weight(head)  # of the active copy
    if not isinstance(head, BaseTunerLayer):
        raise _unknown(head, list(head.active_adapters))
    base = weight(head.get_base_layer())
    if head.disable_adapters:
        return base
    names = head.merged_adapters or head.active_adapters
    if isinstance(head, LoraLayer):
        own = [name for name in names if name in head.lora_A]
        if all(_adds_products(head, name) for name in own):
            return LoraRows(base, head, own)
    if head.merged:
        return base
    raise _unknown(head, names)


def _adds_products(head: Any, name: str) -> bool:
    """Whether an adapter adds only `scaling · B · A`."""
    variant = head.lora_variant.get(name)
    return variant is None and head.lora_B[name].bias is None and not head.fan_in_fan_out


def _unknown(head: Any, names: Sequence[str]) -> UnsupportedModelError:
    name = f"{type(head).__module__}.{type(head).__qualname__}"
    return UnsupportedModelError(
        f"the language-model head is a {name} with the adapters {list(names)}, which are not "
        "supported (plain LoRA and modules_to_save are): merge them into the model with PEFT's "
        "merge_adapter() or merge_and_unload()"
    )


@torch.no_grad()
def check_rows(
    model: Any, state: torch.Tensor, ours: torch.Tensor, own: torch.Tensor | None = None
) -> None:
    """Raises `UnsupportedModelError` if the head computes something else with its states.

    Args:
        model: A transformers model.
        state: One of its last hidden states, [c].
        ours: The products of that state and `classifier_rows`, float32 [vocabulary].
        own: The head's output for the state, [vocabulary]; computed here unless given.
    """
    head = model.get_output_embeddings()
    if own is None:
        own = head(state[None])[0]
    tolerance = max(MIN_TOLERANCE, ROUNDINGS * torch.finfo(own.dtype).eps)
    own = own.to(ours.device, torch.float32)
    if own.shape == ours.shape and bool((own - ours).abs().max() <= tolerance * own.abs().max()):
        return
    cause = "has a bias" if getattr(head, "bias", None) is not None else "adds to them"
    raise UnsupportedModelError(
        f"the language-model head {type(head).__module__}.{type(head).__qualname__} does not "
        f"multiply hidden states with the rows of its weight alone (it {cause}), so maps and "
        "probabilities would be wrong: merge the addition into the weight, or load the model "
        "without it. If the head is a plain one, the family's `final_norm` names another module "
        "than the one whose output the head reads: override `Family.final_norm`"
    )
