"""What is refused of the module that a family names as its final norm."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch

from ...errors import UnsupportedModelError

TOLERANCE = 0.05
"""Relative to the largest state; those of another module differ by their own size."""


def no_norm(fault: str) -> UnsupportedModelError:
    """The error for a final norm with some fault."""
    return UnsupportedModelError(
        f"the module that the family's `final_norm` names {fault}, but states [rows, positions, "
        "width] of all positions are expected: override `Family.final_norm` to name the last norm "
        "of the text decoder, whose output the language-model head reads"
    )


def described(output: Any) -> str:
    """The type and the shape of a module's output."""
    shape = getattr(output, "shape", None)
    return f"a {type(output).__name__}" + (f" of shape {tuple(shape)}" if shape else "")


@contextmanager
def recording_head_inputs(model: Any) -> Iterator[list[torch.Tensor]]:
    """Keeps what a model's head reads at the last position of the first row, [c] each."""
    inputs: list[torch.Tensor] = []

    def hook(_module: torch.nn.Module, given: tuple[Any, ...]) -> None:
        inputs.extend(states.detach()[0, -1] for states in given[:1])

    handle = model.get_output_embeddings().register_forward_pre_hook(hook)
    try:
        yield inputs
    finally:
        handle.remove()


def check_read(state: torch.Tensor, inputs: list[torch.Tensor]) -> None:
    """Raises `UnsupportedModelError` if the head read another state than the norm's.

    States that are not finite are left to the check of all states.

    Args:
        state: The norm's output at the last position, [c].
        inputs: What the head read there, if it ran.
    """
    for read in inputs:
        own = read.to(state.device, torch.float32)
        same_width = own.shape == state.shape
        if not same_width or (own - state.float()).abs().max() > TOLERANCE * own.abs().max():
            raise no_norm("puts out other states than the language-model head reads")
