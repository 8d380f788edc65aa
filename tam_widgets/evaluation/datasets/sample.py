"""Samples and data sets."""

from __future__ import annotations

import io
import os
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PIL import Image

from tam_widgets.capture.inputs.images import ImageSource
from tam_widgets.errors import DatasetError
from tam_widgets.evaluation.reading import UNREADABLE, read_bytes, reason_of

FORMATS = ("PNG", "BMP", "TIFF", "GIF", "WEBP", "PPM", "JPEG", "JPEG2000")
"""Formats of masks that Pillow reads itself; for others it starts a program."""
MAX_PIXELS = 2**26
"""Largest mask: 67 megapixels."""
MAX_BYTES = 2**28
"""Largest file of a mask, in bytes."""


@dataclass(frozen=True)
class Sample:
    """A picture with everything that its explanation is measured against.

    Attributes:
        id: Name of the sample, unique in its data set.
        image: Whatever `Explainer.explain` takes: a path, a PIL image, an array, …
        prompt: What the model is asked.
        mask: [height, width] integer labels of the upright picture, 0 is background; or the path of
            a greyscale picture of them.
        category: Label, from 1 on, of each category name; empty if nothing is labelled.
        captions: Human descriptions of the picture, each a text; may be empty.
        notes: What the report says of the sample, such as what its mask leaves out.

    Raises:
        DatasetError: The categories are no mapping of names to whole numbers from 1 on, or the
            captions are no sequence of texts.
    """

    id: str
    image: ImageSource
    prompt: str
    mask: ArrayLike | os.PathLike[str] | str = field(repr=False)
    category: Mapping[str, int] = field(repr=False)
    captions: Sequence[str] = ()
    notes: Sequence[str] = field(default=(), repr=False)

    def __post_init__(self) -> None:
        _check_category(self.id, self.category)
        _check_captions(self.id, self.captions)

    def labels(self) -> NDArray[np.integer[Any]]:
        """The mask as an array.

        Raises:
            DatasetError: The mask's file is missing, damaged, or not a greyscale picture.
        """
        if isinstance(self.mask, str | os.PathLike):
            return read_labels(self.mask)
        return np.asarray(self.mask)


def _check_category(sample: Any, given: Any) -> None:
    if not isinstance(given, Mapping):
        raise DatasetError(
            f"sample {sample!r:.80}: category={given!r:.80} is a {type(given).__name__}: give the "
            'label of each name in its mask, such as {"dog": 1, "ball": 2}'
        )
    for name, label in given.items():
        number = isinstance(label, int | np.integer) and not isinstance(label, bool)
        if not isinstance(name, str) or not number or label < 1:
            raise DatasetError(
                f"sample {sample!r:.80}: category has {name!r:.80}: {label!r:.80}: give names as "
                "texts and labels as whole numbers from 1 on, as they are in the mask; 0 is "
                "background"
            )


def _check_captions(sample: Any, given: Any) -> None:
    several = isinstance(given, Sequence) and not isinstance(given, str)
    if not several or not all(isinstance(text, str) for text in given):
        raise DatasetError(
            f"sample {sample!r:.80}: captions={given!r:.80}: give a tuple or a list of texts, of "
            'one text captions=("…",)'
        )


class Dataset(Protocol):
    """A sequence of samples; one that raises a `TamError` is skipped and listed."""

    @property
    def name(self) -> str:
        """What reports call it."""

    def __len__(self) -> int:
        """Number of samples."""

    def __getitem__(self, number: int, /) -> Sample:
        """The sample with a number, counted from 0."""


def read_labels(path: os.PathLike[str] | str) -> NDArray[np.integer[Any]]:
    """Reads a mask from a grey or palette picture whose values are labels.

    Raises:
        DatasetError: The file is missing, damaged, or of another kind.
    """
    try:
        content = read_bytes(Path(path), MAX_BYTES)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
                if picture.width * picture.height > MAX_PIXELS:
                    raise ValueError(f"{picture.width} x {picture.height} pixels are too many")
                labels = np.asarray(picture)
    except (*UNREADABLE, SyntaxError, Image.DecompressionBombError) as error:
        raise DatasetError(
            f"{path}: the mask cannot be read ({reason_of(error)}); give a PNG whose grey values "
            "are labels"
        ) from error
    if labels.ndim != 2 or not np.issubdtype(labels.dtype, np.integer):
        raise DatasetError(
            f"{path}: a mask of shape {labels.shape} and type {labels.dtype}; give a PNG of one "
            "channel whose grey values are labels"
        )
    return labels
