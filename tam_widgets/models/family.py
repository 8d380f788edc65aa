"""What the package must know of a model architecture, and what most of them share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from ..errors import ProcessorError, UnsupportedModelError
from ..geometry import Grid

Size = tuple[int, int]
"""Width and height in pixels of an upright picture."""


class Family:
    """How one architecture lays out its tokens; one subclass a family.

    A family must say which model types it serves and which pixels its visual tokens cover
    (`grids`). It never guesses: what it cannot place raises `ProcessorError`.
    """

    name: str
    model_types: tuple[str, ...]

    def grids(
        self, inputs: Mapping[str, Any], sizes: Sequence[Size], config: Any, processor: Any
    ) -> tuple[Grid, ...]:
        """One grid an image, in the order of the visual tokens.

        Args:
            inputs: What the processor made: ids, pixel values and their shapes.
            sizes: Size of each upright picture, in the prompt's order.
            config: The model's configuration.
            processor: The model's processor.
        """
        raise NotImplementedError

    def visual_positions(
        self, input_ids: NDArray[np.int64], grids: tuple[Grid, ...], config: Any
    ) -> NDArray[np.int64]:
        """Positions of the visual tokens, int64, in the order of the grids' cells.

        Raises:
            ProcessorError: If their number does not fill the grids.
        """
        positions = np.flatnonzero(input_ids == self.image_token_id(config))
        cells = sum(grid.size for grid in grids)
        if len(positions) != cells:
            raise ProcessorError(
                f"the processor made {len(positions)} visual tokens, but the {self.name} "
                "layout has "
                f"{cells}: use the processor that was saved with this model"
            )
        return positions

    def image_token_id(self, config: Any) -> int:
        """Id of the token that stands for image content."""
        return int(config.image_token_id)

    def final_norm(self, model: Any) -> torch.nn.Module:
        """The module whose output the classifier reads: the text decoder's last norm."""
        norm = getattr(model.get_decoder(), "norm", None)
        if not isinstance(norm, torch.nn.Module):
            raise UnsupportedModelError(
                f"{type(model).__name__}: its text decoder has no `norm`; override "
                "`Family.final_norm` to name the module after the last layer"
            )
        return norm

    def load_processor(self, name: str, **options: Any) -> Any:
        """The processor saved with a checkpoint."""
        from transformers import AutoProcessor

        return AutoProcessor.from_pretrained(name, **options)
