"""Batches of conversations: inputs are stacked, and shorter ones padded on the left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch

Inputs = Mapping[str, Any]


def stack(rows: Sequence[Inputs], pad_id: int) -> dict[str, Any]:
    """Stacks inputs of one group into a batch.

    Args:
        rows: The processor's output for each conversation.
        pad_id: Id of the token that pads shorter rows.
    """
    length = max(row["input_ids"].shape[1] for row in rows)
    return {name: _stacked(name, rows, length, pad_id) for name in rows[0]}


def groups(inputs: Mapping[int, Inputs]) -> list[list[int]]:
    """Groups the numbers of inputs that can be stacked.

    Pictures of different shapes, for example with more tiles, cannot share a tensor and go into
    different groups.
    """
    found: dict[Any, list[int]] = {}
    for number, row in inputs.items():
        found.setdefault(_form(row), []).append(number)
    return list(found.values())


def _form(row: Inputs) -> Any:
    """The shapes that must be equal for two inputs to be stacked."""
    per_token = row["input_ids"].shape
    return tuple(
        (name, tuple(value.shape[1:]) if isinstance(value, torch.Tensor) else type(value))
        for name, value in row.items()
        if getattr(value, "shape", None) != per_token
    )


def _stacked(name: str, rows: Sequence[Inputs], length: int, pad_id: int) -> Any:
    values = [row[name] for row in rows]
    if not isinstance(values[0], torch.Tensor):
        return [item for value in values for item in value]
    if values[0].shape == rows[0]["input_ids"].shape:
        fill = pad_id if name == "input_ids" else 0
        values = [
            torch.nn.functional.pad(value, (length - value.shape[1], 0), value=fill)
            for value in values
        ]
    return torch.cat(values, dim=0)
