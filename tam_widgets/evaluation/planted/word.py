"""A planted word with its truth and what methods make of it: one file each in a folder."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from tam_widgets.errors import ReportError
from tam_widgets.explanation.storage import write_bytes

Json = dict[str, Any]
Mask = NDArray[np.bool_]

TRUE_MASK: Final = "true mask"
"""The control whose map is the truth itself."""

_FACTS = (
    *("model", "weights", "plant", "seed", "text", "settings"),
    *("deletion", "p_full", "p_blank"),
)
_UNREADABLE = (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile)


@dataclass(frozen=True, eq=False)
class PlantedWord:
    """A word that a planted model said for its planted reason.

    Attributes:
        model: Name of the model.
        weights: A digest of its weights; None if unknown.
        plant: Name of the plant.
        seed: Seed of the scene.
        text: The word.
        places: Pixels that it rests on, bool [places, height, width]; it needs every place. None
            if no pixel is evidence.
        cells: Left, top, right and bottom of each visual token's cell, pixels, int32 [visual, 4].
        maps: Its map by each method, float32 [visual].
        settings: The options of these methods, JSON values.
        deletion: Mean probability while the picture is removed in the order of each method, of
            `TRUE_MASK` and of random orders ("random 0", …), 0..1; empty if not checked.
        p_full: Probability with the whole picture; None if not checked.
        p_blank: Probability without the picture; None if not checked.
    """

    model: str
    weights: str | None
    plant: str
    seed: int
    text: str
    places: Mask | None
    cells: NDArray[np.int32]
    maps: Mapping[str, NDArray[np.float32]]
    settings: Mapping[str, Json]
    deletion: Mapping[str, float] = field(default_factory=dict)
    p_full: float | None = None
    p_blank: float | None = None

    @property
    def random(self) -> list[float]:
        """The areas of the random orders."""
        return [area for name, area in self.deletion.items() if name.startswith("random ")]

    @property
    def truth(self) -> Mask | None:
        """Pixels of all places, bool [height, width]; None if no pixel is evidence."""
        return None if self.places is None else np.any(self.places, axis=0)

    def cover(self, pixels: Mask) -> NDArray[np.float64]:
        """Share of each cell that some pixels, bool [height, width], cover, 0..1, [visual]."""
        return np.array(
            [pixels[top:bottom, left:right].mean() for left, top, right, bottom in self.cells]
        )

    def save(self, path: Path) -> None:
        """Writes it in one step.

        Raises:
            OutputError: If it cannot be written; an existing file is left unchanged.
        """
        content = io.BytesIO()
        np.savez_compressed(
            content,
            facts=json.dumps({name: getattr(self, name) for name in _FACTS}),
            places=np.zeros((0, 0, 0), bool) if self.places is None else self.places,
            cells=self.cells,
            names=np.array([*self.maps]),
            maps=np.stack([*self.maps.values()]),
        )
        write_bytes(path, content.getvalue())

    @classmethod
    def load(cls, path: Path) -> Self:
        """Reads what `save` wrote.

        Raises:
            ReportError: If it is damaged.
        """
        try:
            with np.load(path, allow_pickle=False) as file:
                facts = json.loads(str(file["facts"]))
                maps = dict(zip(file["names"].tolist(), file["maps"], strict=True))
                places, cells = file["places"], file["cells"]
            return cls(places=places if places.size else None, cells=cells, maps=maps, **facts)
        except _UNREADABLE as error:
            raise ReportError(
                f"{path}: is no planted word ({str(error)[:80]}); delete it, and it is made again"
            ) from error
