"""COCO 2014, GranDf and OpenPSG in the folder layout of TAM's authors.

Prompts, category names and labels are those of the published evaluation
(https://github.com/xmed-lab/TAM), so that figures can be compared with the paper's.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypedDict

from tam_widgets.errors import DatasetError
from tam_widgets.evaluation.datasets.files import (
    captions_of,
    categories_of,
    file_within,
    read_json,
    section,
)
from tam_widgets.evaluation.datasets.sample import Sample

Folder = str | os.PathLike[str]

COCO_PROMPT = "Write a one-sentence caption for this image:"
GRAN_DF_PROMPT = "Write a description for this image using around two sentences:"
OPEN_PSG_PROMPT = "Write a description for this image using around three sentences:"

COCO_INSTANCES = "annotations/instances_minival2014.json"
COCO_CAPTIONS = "annotations/captions_val2014.json"
ROWS = "anno.json"

MAX_LABEL = 2**31 - 1

_PUBLISHED_NAMES = {"sports ball": "ball", "wine glass": "glass"}


class _Image(TypedDict):
    id: int


@dataclass(frozen=True)
class Rows:
    """Samples whose pictures and masks are files.

    Attributes:
        name: What reports call the data set.
        rows: The samples.
        images: Folder in which all pictures have to lie.
        masks: Folder in which all masks have to lie.
    """

    name: str
    rows: tuple[Sample, ...] = field(repr=False)
    images: Path
    masks: Path

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, number: int) -> Sample:
        """The sample of a number.

        Raises:
            DatasetError: Its picture or its mask lies elsewhere, or is not a regular file.
        """
        sample = self.rows[number]
        file_within(self.images, sample.image)
        file_within(self.masks, sample.mask)  # type: ignore[arg-type]  # both are paths
        return sample


def coco2014(folder: Folder) -> Rows:
    """Opens the authors' COCO folder: `annotations/`, `image/`, `seg_label/`.

    Args:
        folder: Holds `annotations/instances_minival2014.json`,
            `annotations/captions_val2014.json`, `image/%012d.jpg` and `seg_label/%012d.png`.

    Raises:
        DatasetError: An annotation file is missing or broken.
    """
    root = Path(folder)
    path = root / COCO_INSTANCES
    document = read_json(path, "instances in the format of COCO")
    names = categories_of(document, path)
    category = {_PUBLISHED_NAMES.get(c["name"], c["name"]): c["id"] for c in names}
    captions = captions_of(root / COCO_CAPTIONS)
    images = section(document, "images", _Image, path)
    rows = tuple(_coco(root, one["id"], category, captions) for one in images)
    return Rows("coco2014", rows, root / "image", root / "seg_label")


def gran_df(folder: Folder) -> Rows:
    """Opens the authors' GranDf folder: `anno.json` and the files that it names.

    Raises:
        DatasetError: The file is missing or broken.
    """
    return _described("GranDf", Path(folder), GRAN_DF_PROMPT)


def open_psg(folder: Folder) -> Rows:
    """Opens the authors' OpenPSG folder: `anno.json` and the files that it names.

    Raises:
        DatasetError: The file is missing or broken.
    """
    return _described("OpenPSG", Path(folder), OPEN_PSG_PROMPT)


def _coco(
    root: Path,
    number: int,
    category: Mapping[str, int],
    captions: Mapping[int | str, tuple[str, ...]],
) -> Sample:
    stem = f"{number:012d}"
    image, mask = root / "image" / f"{stem}.jpg", root / "seg_label" / f"{stem}.png"
    return Sample(stem, image, COCO_PROMPT, mask, category, captions.get(number, ()))


def _described(name: str, root: Path, prompt: str) -> Rows:
    path = root / ROWS
    rows = read_json(path, "rows of [image, description, label image, categories]")
    if not isinstance(rows, list):
        raise DatasetError(f"{path}: holds {type(rows).__name__}; a list of rows is expected")
    samples = tuple(_row(root, prompt, path, n, row) for n, row in enumerate(rows))
    return Rows(name, samples, root, root)


def _row(root: Path, prompt: str, path: Path, number: int, row: Any) -> Sample:
    match row:
        case [str(image), str(description), str(mask), dict(category)]:
            labels = {
                n: label for n, told in category.items() if (label := _label(told)) is not None
            }
            if len(labels) == len(category):
                name = f"{number:05d} {Path(image).stem}"
                return Sample(name, root / image, prompt, root / mask, labels, (description,))
    raise DatasetError(
        f"{path}: row {number} is {row!r:.80}; [image, description, label image, categories] is "
        "expected, three texts and a mapping from names to labels"
    )


def _label(label: Any) -> int | None:
    """A label as a number; None if it is not one."""
    is_text = isinstance(label, str) and len(label) < 10 and label.isdecimal()
    if isinstance(label, bool) or not (isinstance(label, int) or is_text):
        return None
    return number if 0 <= (number := int(label)) <= MAX_LABEL else None
