"""Reads an answer again while a listener follows the attention, and checks that nothing changed."""

from __future__ import annotations

from collections.abc import Sequence
from weakref import WeakSet

import torch

from ...errors import UnsupportedModelError
from ..forcing.frozen_answer import FrozenAnswer
from .recording import LayerAttention, Listener, recorded_attention

ROUNDINGS = 8
"""Allowed difference of logits, in rounding steps of the largest: attention kernels round apart."""
MIN_TOLERANCE = 2e-3
"""Least allowed difference as a share of the largest logit: TF32 on GPUs needs this much."""

_compared: WeakSet[FrozenAnswer] = WeakSet()


def follow_attention(
    frozen: FrozenAnswer, tokens: Sequence[int], listener: Listener
) -> torch.Tensor:
    """Runs one forward pass over input and answer; the caller must hold `exclusively(model)`.

    The first pass over an answer is preceded by one without the listener, and their logits are
    compared.

    Args:
        frozen: The answer.
        tokens: Indices of explained tokens of the answer.
        listener: Called in each decoder layer with attention weights; see `recorded_attention`.

    Returns:
        The logits from which each token is predicted, [tokens, vocabulary].

    Raises:
        TokenIndexError: If a token is not part of the answer.
        UnsupportedModelError: If the model has no attention weights, they cannot be recorded, or
            the logits differ.
    """
    positions = torch.tensor([frozen.position(token) for token in tokens])
    heard: list[int] = []

    def listen(attention: LayerAttention, outputs: torch.Tensor) -> torch.Tensor:
        heard.append(attention.layer)
        return listener(attention, outputs)

    usual = None
    if frozen not in _compared:
        with torch.no_grad():
            usual = _logits(frozen, positions)
    with recorded_attention(frozen.model.model, listen):
        logits = _logits(frozen, positions)
    if not heard:
        raise UnsupportedModelError(
            f"{frozen.model.name} has no layer with attention weights, or computes them in code of "
            "its own: choose a method that does without them"
        )
    if usual is not None:
        _check(frozen, logits.detach(), usual)
        _compared.add(frozen)
    return logits


def forward_passes(frozen: FrozenAnswer) -> int:
    """Number of forward passes that `follow_attention` makes: the first time 2, to compare."""
    return 1 if frozen in _compared else 2


def _logits(frozen: FrozenAnswer, positions: torch.Tensor) -> torch.Tensor:
    inputs = frozen.inputs()
    if "logits_to_keep" in inputs:
        inputs["logits_to_keep"] = positions.to(inputs["input_ids"].device)
    logits: torch.Tensor = frozen.model.model(**inputs).logits[0]
    return logits if "logits_to_keep" in inputs else logits[positions]


def _check(frozen: FrozenAnswer, logits: torch.Tensor, usual: torch.Tensor) -> None:
    tolerance = max(MIN_TOLERANCE, ROUNDINGS * torch.finfo(usual.dtype).eps)
    difference = float((logits - usual).abs().max())
    largest = float(usual.abs().max())
    if not difference <= tolerance * largest:
        raise UnsupportedModelError(
            f"{frozen.model.name} computes other logits while its attention is recorded: they "
            f"differ by {difference:.3g}, of {largest:.3g} at most. Its attention weights would "
            "not be those of the answer: choose a method that does without them"
        )
