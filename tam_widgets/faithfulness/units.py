"""What is removed at once: cells of the model's grid, squares or pixels, with values from maps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import map_coordinates

from ..capture.forcing.cells import Cells
from ..errors import OptionError
from ..explanation.geometry import Grid, in_view
from .protocols import Protocol

if TYPE_CHECKING:
    from ..capture.forcing.black_box import BlackBoxAnswer

Floats = NDArray[np.float64]


class Units:
    """The units of a protocol on an answer's pictures.

    Args:
        frozen: The answer.
        protocol: The protocol.

    Attributes:
        areas: Which pixels each unit covers; its `tokens` number them.
        kind: What they are.

    Raises:
        OptionError: If the model sees no part of the pictures.
    """

    def __init__(self, frozen: BlackBoxAnswer, protocol: Protocol) -> None:
        self._grids = frozen.grids
        self._sizes = [picture.size for picture in frozen.pictures]
        self.kind = protocol.units
        self._own = protocol.units == "cells"
        self.areas = frozen.cells if self._own else Cells(self._raster(protocol), self._sizes)
        if not len(self.areas):
            raise OptionError("no cell covers a pixel of the pictures: there is nothing to remove")

    def __len__(self) -> int:
        return len(self.areas)

    def numbered(self, places: NDArray[np.int32]) -> NDArray[np.int32]:
        """Visual tokens, or numbers of squares, in place of indices of units."""
        numbers: NDArray[np.int32] = self.areas.tokens[places].astype(np.int32)
        return numbers

    def of_map(self, values: NDArray[Any]) -> Floats:
        """The units' values of a map.

        Args:
            values: Of each visual token, [visual].

        Returns:
            float64 [units].
        """
        if self._own:
            return np.asarray(values[self.areas.tokens], np.float64)
        return self.means(drawn(values, self._grids, self._sizes))

    def means(self, planes: Sequence[NDArray[Any]]) -> Floats:
        """Means over each unit's pixels, float64 [units].

        Args:
            planes: [height, width] of each picture.
        """
        total, counts = np.zeros(len(self)), np.zeros(len(self))
        for plane, labels in zip(planes, self.areas.labels, strict=True):
            inside = labels >= 0
            own = labels[inside]
            total += np.bincount(own, plane[inside].astype(np.float64), len(self))
            counts += np.bincount(own, minlength=len(self))
        mean: Floats = total / counts
        return mean

    def centrality(self) -> Floats:
        """How near to the centre of its picture each unit is, float64 [units], at most 0.

        Distances are measured in widths and heights of the picture.
        """
        planes = []
        for width, height in self._sizes:
            x = (np.arange(width) + 0.5) / width - 0.5
            y = (np.arange(height) + 0.5) / height - 0.5
            planes.append(-np.hypot(y[:, None], x[None, :]))
        return self.means(planes)

    def _raster(self, protocol: Protocol) -> list[Grid]:
        side = protocol.squares
        return [
            Grid(side or height, side or width, (0.0, 0.0, float(width), float(height)), number)
            for number, (width, height) in enumerate(self._sizes)
        ]


def drawn(
    values: NDArray[Any], grids: Sequence[Grid], sizes: Sequence[tuple[int, int]]
) -> list[Floats]:
    """A map interpolated bilinearly to the pixels of each picture, float64 [height, width].

    Pixels that the model does not see have the map's least value.

    Args:
        values: Of each visual token, [visual].
        grids: Where they are.
        sizes: Width and height of each picture and frame.
    """
    starts = np.cumsum([0, *(grid.size for grid in grids)])
    planes = [np.full((height, width), values.min(), np.float64) for width, height in sizes]
    for number in in_view(grids):
        grid = grids[number]
        own = values[starts[number] : starts[number + 1]].reshape(grid.rows, grid.cols)
        left, top, right, bottom = grid.rect
        for image in range(grid.image, grid.image + grid.frames):
            height, width = planes[image].shape
            rows = (np.arange(height) + 0.5 - top) / (bottom - top) * grid.rows - 0.5
            cols = (np.arange(width) + 0.5 - left) / (right - left) * grid.cols - 0.5
            down = (rows >= -0.5) & (rows < grid.rows - 0.5)
            across = (cols >= -0.5) & (cols < grid.cols - 0.5)
            places = np.meshgrid(rows[down], cols[across], indexing="ij")
            planes[image][np.ix_(down, across)] = map_coordinates(
                own.astype(np.float64), places, order=1, mode="nearest"
            )
    return planes
