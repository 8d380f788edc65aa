"""Which pixels each visual token covers, and pictures with some of them replaced."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ...errors import OptionError
from ...explanation.geometry import Grid, in_view

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
        self._grids = tuple(grids)
        self._sizes = sizes
        starts = np.cumsum([0, *(grid.size for grid in grids)])
        self._drawn = [(grids[i], int(starts[i])) for i in in_view(grids)]
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
            removed: Whether each cell is replaced, bool [cells]; pixels in no cell are replaced if
                all are.

        Raises:
            OptionError: If it is not an array of one truth value for each cell.
        """
        given = np.asarray(removed)
        if given.dtype.kind != "b" or given.shape != (len(self),):
            raise OptionError(
                f"removed is {given.dtype} of shape {given.shape}: a bool array of shape "
                f"({len(self)},) is expected, whether each cell is replaced; cells.tokens has the "
                "visual token of each cell"
            )
        chosen = np.append(given, given.all())  # the last one is read for NOWHERE
        found = []
        for picture, fill, labels in zip(pictures, fills, self.labels, strict=True):
            mask = chosen[labels]
            found.append(
                Image.composite(fill, picture, Image.fromarray(mask)) if mask.any() else picture
            )
        return found

    def means(self, values: Sequence[NDArray[Any]]) -> NDArray[np.float64]:
        """The mean of each visual token's pixels, those on thumbnails included.

        Args:
            values: Numbers [height, width] for every picture.

        Returns:
            float64 [visual]; 0 for a token that covers no pixel.
        """
        found = []
        for grid in self._grids:
            rows, cols = _places(grid, self._sizes[grid.image])
            down = (rows == np.arange(grid.rows)[:, None]).astype(np.float64)
            across = (cols == np.arange(grid.cols)[:, None]).astype(np.float64)
            frames = values[grid.image : grid.image + grid.frames]
            totals = down @ np.mean(frames, axis=0, dtype=np.float64) @ across.T
            counts = down.sum(axis=1)[:, None] * across.sum(axis=1)
            found.append((totals / counts.clip(1)).ravel())
        return np.concatenate(found)

    def spread(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Maps of all visual tokens from values of the cells.

        Args:
            values: [maps, cells].

        Returns:
            float64 [maps, visual]. A token on the thumbnail of a tiled picture has the mean over
            its pixels; one that covers no pixel has 0.

        Raises:
            OptionError: If there is not one value for each cell.
        """
        if np.ndim(values) != 2 or np.shape(values)[1] != len(self):
            raise OptionError(
                f"values of shape {np.shape(values)}: give [maps, {len(self)}], one value for each "
                "cell in each map"
            )
        found = np.zeros((len(values), sum(grid.size for grid in self._grids)))
        drawn = np.repeat(
            np.isin(np.arange(len(self._grids)), in_view(self._grids)),
            [grid.size for grid in self._grids],
        )
        for own, row in zip(found, values, strict=True):
            own[self.tokens] = row
            if not drawn.all():
                pixels = [np.append(row, 0.0)[labels] for labels in self.labels]
                own[~drawn] = self.means(pixels)[~drawn]
        return found

    def _labels(self, image: int) -> NDArray[np.int64]:
        width, height = self._sizes[image]
        labels = np.full((height, width), NOWHERE, np.int64)
        for grid, start in self._drawn:
            if not grid.image <= image < grid.image + grid.frames:
                continue
            rows, cols = _places(grid, (width, height))
            across, down = (cols >= 0) & (cols < grid.cols), (rows >= 0) & (rows < grid.rows)
            own = start + rows[:, None] * grid.cols + cols[None, :]
            inside = down[:, None] & across[None, :]
            labels[inside] = own[inside]
        return labels


def _places(grid: Grid, size: tuple[int, int]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The grid's row for each row of pixels, and its column for each column of them.

    Numbers below 0, or not below the grid's own, are outside.
    """
    left, top, right, bottom = grid.rect
    cols = np.floor((np.arange(size[0]) + 0.5 - left) / (right - left) * grid.cols)
    rows = np.floor((np.arange(size[1]) + 0.5 - top) / (bottom - top) * grid.rows)
    return rows.astype(np.int64), cols.astype(np.int64)
