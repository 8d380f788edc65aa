"""Low-rank differences of a model's linear maps, trained as such, so that storing loses nothing."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor, nn


class LowRank(nn.Module):
    """Adds a trained ``up @ down`` to the weight of a linear map that stays as it is."""

    def __init__(self, linear: nn.Linear, rank: int) -> None:
        super().__init__()
        rows, columns = linear.weight.shape
        self.down = nn.Parameter(torch.randn(rank, columns) / columns**0.5)
        self.up = nn.Parameter(torch.zeros(rows, rank))
        linear.register_forward_hook(self._add)

    def _add(self, linear: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> Tensor:  # noqa: ARG002
        return output + inputs[0] @ self.down.T @ self.up.T


def add_low_rank(model: nn.Module, rank: int, prefixes: tuple[str, ...]) -> nn.ModuleDict:
    """Freezes a model and adds a difference of rank ``rank`` to each of its linear maps.

    Args:
        model: The model.
        rank: Rank of each difference.
        prefixes: Linear maps whose name begins with one of these get a difference.

    Returns:
        The differences, by the linear map's name with "/" for ".".
    """
    model.requires_grad_(False)
    return nn.ModuleDict(
        {name.replace(".", "/"): LowRank(linear, rank) for name, linear in _linear(model, prefixes)}
    )


def _linear(model: nn.Module, prefixes: tuple[str, ...]) -> Iterator[tuple[str, nn.Linear]]:
    for name, module in model.named_modules():
        if isinstance(module, nn.Linear) and name.startswith(prefixes):
            yield name, module
