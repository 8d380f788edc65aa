"""Muon in float32.

`torch.optim.Muon` orthogonalises in bfloat16, which a CPU without bfloat16 instructions runs
thirty times slower than float32.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import torch
from torch import Tensor, nn

_COEFFICIENTS = (3.4445, -4.7750, 2.0315)
_STEPS = 5


class Muon(torch.optim.Optimizer):
    """Momentum with orthogonalised updates, scaled to AdamW's usual size.

    It is for matrices; the kernel of a convolution over patches counts as one, since it is a
    linear map of a patch's pixels.
    """

    def __init__(
        self, params: Iterable[nn.Parameter], lr: float, momentum: float, weight_decay: float
    ) -> None:
        super().__init__(params, {"lr": lr, "momentum": momentum, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self) -> None:  # type: ignore[override]
        """Updates every matrix that has a gradient."""
        for group in self.param_groups:
            alike: dict[torch.Size, list[nn.Parameter]] = defaultdict(list)
            for parameter in group["params"]:
                if parameter.grad is not None:
                    alike[parameter.shape].append(parameter)
            for parameters in alike.values():
                self._update(parameters, group["lr"], group["momentum"], group["weight_decay"])

    def _update(
        self, parameters: list[nn.Parameter], lr: float, momentum: float, decay: float
    ) -> None:
        directions = [self._nesterov(parameter, momentum).flatten(1) for parameter in parameters]
        scale = 0.2 * max(directions[0].shape) ** 0.5
        for parameter, update in zip(parameters, orthogonal(torch.stack(directions)), strict=True):
            parameter.mul_(1 - lr * decay).add_(update.view_as(parameter), alpha=-lr * scale)

    def _nesterov(self, parameter: nn.Parameter, momentum: float) -> Tensor:
        gradient = parameter.grad
        assert gradient is not None
        state = self.state[parameter]
        if not state:
            state["momentum"] = torch.zeros_like(gradient)
        mean = state["momentum"].lerp_(gradient, 1 - momentum)
        return gradient.lerp(mean, momentum)


def orthogonal(matrices: Tensor) -> Tensor:
    """Moves the singular values of matrices [n, rows, columns] near 1, by Newton-Schulz steps."""
    a, b, c = _COEFFICIENTS
    tall = matrices.shape[-2] > matrices.shape[-1]
    x: Tensor = matrices.mT if tall else matrices
    x = x / (x.norm(dim=(-2, -1), keepdim=True) + 1e-7)
    for _ in range(_STEPS):
        gram = x @ x.mT
        x = a * x + (b * gram + c * gram @ gram) @ x
    found: Tensor = x.mT if tall else x
    return found
