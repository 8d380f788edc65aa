"""The rows of a language model's head, as they count: tuned by LoRA, put away, or refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch

from ..errors import UnsupportedModelError
from . import projection

ROUNDINGS = 4
"""How many roundings of the largest logit a head's may lie from ours, in its number format."""
MIN_TOLERANCE = 2e-3
"""The same as a share of the largest logit: what fast float32 (TF32) on GPUs needs."""


@dataclass(frozen=True, eq=False)
class LoraRows:
    """Rows of a head that LoRA tunes, made where they are asked for: a copy of all is large.

    Attributes:
        base: Weight of the layer below, [vocabulary, c].
        head: PEFT's layer.
        adapters: Those that count; what is merged into `base` is not added again.
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
        """Where rows are made."""
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
    """The rows that the model multiplies its last hidden states with, [vocabulary, c].

    Raises:
        UnsupportedModelError: If the model has no head, or its rows cannot be told.
    """
    head = model.get_output_embeddings()
    if head is None:
        raise UnsupportedModelError(
            f"{type(model).__name__} has no language-model head and writes no answers: load it "
            "with transformers.AutoModelForImageTextToText"
        )
    return _tuned(head) if hasattr(head, "active_adapters") else weight(head)


def weight(layer: Any) -> torch.Tensor:
    """A linear layer's weight, also where accelerate has put it away to CPU or disk.

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
    """Whether a matrix holds the numbers themselves; those of 8 bits and less need scales."""
    wide = matrix.itemsize >= torch.bfloat16.itemsize
    return matrix.is_floating_point() and matrix.ndim == 2 and wide


def _tuned(head: Any) -> projection.ClassifierRows:
    """Rows of a head that PEFT has wrapped."""
    from peft.tuners.lora import LoraLayer
    from peft.tuners.tuners_utils import BaseTunerLayer
    from peft.utils import ModulesToSaveWrapper

    if isinstance(head, ModulesToSaveWrapper):
        return weight(head)  # that of the copy that is active
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
    """Whether an adapter adds `scaling · B · A` and nothing else."""
    variant = head.lora_variant.get(name)
    return variant is None and head.lora_B[name].bias is None and not head.fan_in_fan_out


def _unknown(head: Any, names: Sequence[str]) -> UnsupportedModelError:
    name = f"{type(head).__module__}.{type(head).__qualname__}"
    return UnsupportedModelError(
        f"the language-model head is a {name} with the adapters {list(names)}, whose rows are not "
        "known here (plain LoRA and modules_to_save are): merge them into the model with PEFT's "
        "merge_adapter() or merge_and_unload()"
    )


@torch.no_grad()
def check_rows(
    model: Any, state: torch.Tensor, ours: torch.Tensor, own: torch.Tensor | None = None
) -> None:
    """Raises `UnsupportedModelError` where the head does not multiply with `classifier_rows`.

    Args:
        model: A transformers model.
        state: One of its last hidden states, [c].
        ours: The products of that state and the rows, float32 [vocabulary].
        own: What the head made of the state, [vocabulary]; it is asked where this is not known.
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
        "probabilities would be wrong: merge what was added into the weight, or load the model "
        "without it"
    )
