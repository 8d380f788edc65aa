"""The stored weights of planted models: low-rank differences from the plain demo models.

A linear map's difference is the product of two small matrices, ``up`` [rows, rank] and ``down``
[rank, columns]. Each is stored as whole numbers of steps, int8, beside the size of a step.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tam_widgets.errors import UnsupportedModelError

if TYPE_CHECKING:
    from torch import Tensor

#: Folder of the shipped differences.
FOLDER: Final = Path(__file__).parent / "models"

STEPS: Final = 2  # in a matrix's root mean square, at least; so that the file compresses


def save_difference(difference: dict[str, tuple[Tensor, Tensor]], path: Path) -> None:
    """Stores a difference, rounded.

    Args:
        difference: ``up`` and ``down`` of each linear map, by its name in the model.
        path: File to write.
    """
    from safetensors.torch import save_file

    stored: dict[str, Tensor] = {}
    for name, pair in difference.items():
        for part, matrix in zip(("up", "down"), pair, strict=True):
            stored[f"{name}.{part}"], stored[f"{name}.{part}.step"] = _rounded(matrix)
    save_file(stored, path)


def add_difference(model: Any, path: Path) -> None:
    """Adds a stored difference to a model's weights, in place.

    Args:
        model: The demo model that the difference was trained on.
        path: File that `save_difference` wrote.

    Raises:
        UnsupportedModelError: If the file names a linear map that the model lacks.
    """
    import torch
    from safetensors.torch import load_file

    stored = load_file(path)
    linear = dict(model.named_modules())
    with torch.no_grad():
        for name in sorted(key.removesuffix(".up") for key in stored if key.endswith(".up")):
            if name not in linear:
                raise UnsupportedModelError(
                    f"{path} changes {name}, which this model lacks; it was made for another model"
                )
            up, down = (
                stored[f"{name}.{part}"].float() * stored[f"{name}.{part}.step"]
                for part in ("up", "down")
            )
            linear[name].weight += up @ down


def _rounded(matrix: Tensor) -> tuple[Tensor, Tensor]:
    """A matrix in whole numbers of steps, int8, and the step, a power of two."""
    import torch

    matrix = matrix.detach().float()
    middle = matrix.square().mean().sqrt().clamp_min(1e-12)
    step = torch.maximum(middle / STEPS, matrix.abs().max() / 127)
    step = 2.0 ** torch.log2(step).floor()
    return (matrix / step).round().clamp(-127, 127).to(torch.int8), step.reshape(1)
