"""Which pixels each visual token covers, and pictures with some of them replaced."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ..explanation.geometry import Grid, in_view

NOWHERE = -1
"""Label of pixels that no cell covers, such as those outside a centre crop."""


class Cells:
    """The cells of an answer's pictures: areas of pixels, each of one visual token.

    Where a picture is seen as tiles and as a whole, the cells are those of the tiles.

    Args:
        grids: Where the visual tokens are, in their order.
        sizes: Width and height of each picture and frame.

    Attributes:
        tokens: The visual token of each cell, int64 [cells]. Cells that cover no pixel, in the
            padding beside a picture, are left out.
    """

    def __init__(self, grids: Sequence[Grid], sizes: Sequence[tuple[int, int]]) -> None:
        self._sizes = sizes
        starts = np.cumsum([0, *(grid.size for grid in grids)])
        self._places = [(grids[i], int(starts[i])) for i in in_view(grids)]
        labels = [self._labels(image) for image in range(len(sizes))]
        present = [np.unique(one) for one in labels]
        tokens: NDArray[np.int64] = np.unique(np.concatenate(present))
        self.tokens = tokens[tokens != NOWHERE]
        self._token_labels = labels

    def __len__(self) -> int:
        return len(self.tokens)

    @cached_property
    def labels(self) -> list[NDArray[np.int64]]:
        """The cell of each pixel, int64 [height, width], for every picture; -1 for none."""
        return [
            np.where(tokens == NOWHERE, NOWHERE, np.searchsorted(self.tokens, tokens))
            for tokens in self._token_labels
        ]

    def replaced(
        self,
        pictures: Sequence[Image.Image],
        fills: Sequence[Image.Image],
        removed: NDArray[np.bool_],
    ) -> list[Image.Image]:
        """Pictures with some cells replaced.

        Args:
            pictures: RGB, one for each of the sizes.
            fills: What takes the place of removed pixels, of the same sizes.
            removed: Whether each cell is replaced, [cells]; pixels in no cell are replaced if all
                are.
        """
        chosen = np.append(removed, removed.all())  # the last one is read for NOWHERE
        found = []
        for picture, fill, labels in zip(pictures, fills, self.labels, strict=True):
            mask = chosen[labels]
            found.append(
                Image.composite(fill, picture, Image.fromarray(mask)) if mask.any() else picture
            )
        return found

    def _labels(self, image: int) -> NDArray[np.int64]:
        width, height = self._sizes[image]
        labels = np.full((height, width), NOWHERE, np.int64)
        for grid, start in self._places:
            if not grid.image <= image < grid.image + grid.frames:
                continue
            left, top, right, bottom = grid.rect
            cols = np.floor((np.arange(width) + 0.5 - left) / (right - left) * grid.cols)
            rows = np.floor((np.arange(height) + 0.5 - top) / (bottom - top) * grid.rows)
            across, down = (cols >= 0) & (cols < grid.cols), (rows >= 0) & (rows < grid.rows)
            own = start + rows[:, None] * grid.cols + cols[None, :]
            inside = down[:, None] & across[None, :]
            labels[inside] = own[inside].astype(np.int64)
        return labels
