"""Any data set whose instances and captions are in the format of COCO, painted by pycocotools."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NotRequired, TypedDict

import numpy as np
from numpy.typing import NDArray

from tam_widgets.errors import DatasetError, MissingExtraError
from tam_widgets.evaluation.datasets.authors import COCO_PROMPT, Folder
from tam_widgets.evaluation.datasets.canvas import Canvas
from tam_widgets.evaluation.datasets.files import (
    Category,
    ImageId,
    captions_of,
    categories_of,
    check_unique,
    checked_folder,
    file_within,
    read_json,
    section,
)
from tam_widgets.evaluation.datasets.outlines import Mask, checked_size, painted, reaches_beyond
from tam_widgets.evaluation.datasets.sample import Sample


class _Image(TypedDict):
    id: ImageId
    file_name: str
    height: Any
    width: Any


class _Object(TypedDict):
    """An object; its other entries are checked when its picture is requested."""

    id: NotRequired[Any]
    image_id: ImageId
    category_id: NotRequired[Any]
    segmentation: NotRequired[Any]
    area: NotRequired[Any]
    bbox: NotRequired[Any]
    iscrowd: NotRequired[Any]


class CocoFolder:
    """Pictures with polygons or run lengths; a mask is painted when its sample is requested.

    Attributes:
        name: What reports call the data set.
        category: Label of each category name: its id, or its id + 1 if an id is 0.
    """

    def __init__(
        self, instances: Folder, images: Folder, captions: Folder | None, prompt: str
    ) -> None:
        _check_installed()
        self._path = Path(instances)
        self.name = self._path.stem
        self._folder, self._prompt = checked_folder(Path(images)), prompt
        document = read_json(self._path, "instances in the format of COCO")
        self._images = section(document, "images", _Image, self._path)
        categories = categories_of(document, self._path)
        found = section(document, "annotations", _Object, self._path)
        _check_references(self._path, self._images, categories, found)
        self._objects: dict[int | str, list[_Object]] = defaultdict(list)
        for one in found:
            self._objects[one["image_id"]].append(one)
        self._captions = captions_of(Path(captions)) if captions is not None else {}
        self._shift = int(any(one["id"] == 0 for one in categories))
        self.category = {one["name"]: one["id"] + self._shift for one in categories}
        self._names = {label: name for name, label in self.category.items()}

    def __len__(self) -> int:
        return len(self._images)

    def __getitem__(self, number: int) -> Sample:
        """The sample of a number.

        Raises:
            DatasetError: The picture's size, its file's name or an annotation of it is damaged.
        """
        image = self._images[number]
        labels, notes = self._labels(image)
        return Sample(
            id=str(image["id"]),
            image=file_within(self._folder, self._folder / image["file_name"]),
            prompt=self._prompt,
            mask=labels,
            category=self.category,
            captions=self._captions.get(image["id"], ()),
            notes=notes,
        )

    def _labels(self, image: _Image) -> tuple[NDArray[np.unsignedinteger[Any]], list[str]]:
        """Paints the objects from large to small, so that small ones stay visible; no crowds.

        Returns:
            The labels, and notes of the objects that they do not show as a whole.
        """
        try:
            size = checked_size(image["height"], image["width"])
        except ValueError as error:
            raise DatasetError(
                f"{self._path}: the size of picture {image['id']!r:.80} is damaged: {error}"
            ) from error
        canvas = Canvas(*size, max(self.category.values(), default=0))
        objects = [one for one in self._objects.get(image["id"], ()) if not one.get("iscrowd")]
        for one in sorted(objects, key=lambda one: self._area(one, *size), reverse=True):
            label = self._label(one)
            name = f"{one.get('id', '?')!s:.40} ({self._names[label]:.40})"
            shape = self._shape(one, *size)
            canvas.paint(name, label, shape, reaches_beyond(one.get("segmentation"), *size))
        return canvas.labels, canvas.notes()

    def _area(self, one: _Object, height: int, width: int) -> float:
        """In pixels; that of the box if it is missing; of the outline if both are."""
        area, box = one.get("area"), one.get("bbox")
        if area is None and box is None:
            return float(np.count_nonzero(self._shape(one, height, width)))
        try:
            if area is None and box is not None:
                _, _, width, height = box
                area = float(width) * float(height)
            number = float(area or 0)
        except (TypeError, ValueError, OverflowError) as error:
            raise self._damaged(one, "its area or its box is expected in numbers") from error
        if not math.isfinite(number):
            raise self._damaged(one, f"its area is {number}")
        return number

    def _label(self, one: _Object) -> int:
        category = one.get("category_id")
        if isinstance(category, bool) or not isinstance(category, int):
            raise self._damaged(one, f"its category is {category!r:.80}, a number is expected")
        return category + self._shift

    def _shape(self, one: _Object, height: int, width: int) -> Mask:
        try:
            return painted(one.get("segmentation"), height, width)
        except ValueError as error:
            raise self._damaged(one, f"its outline cannot be painted: {error}") from error

    def _damaged(self, one: _Object, why: str) -> DatasetError:
        return DatasetError(
            f"{self._path}: annotation {one.get('id')!r:.80} of picture {one['image_id']!r:.80} is "
            f"damaged, {why}. Mend it, or take it out"
        )


def coco(
    instances: Folder,
    images: Folder,
    captions: Folder | None = None,
    prompt: str = COCO_PROMPT,
) -> CocoFolder:
    """Opens a data set in the format of COCO.

    A damaged annotation, picture size or file name costs its picture only: that sample raises a
    `DatasetError`, and an evaluation lists it with the reason.

    A pixel has one label: objects are painted from large to small, by their `area`, and crowds are
    left out. What a mask so lacks stands in the sample's notes (`Report.samples`): objects without
    a pixel in the picture, those that reach beyond it and are cut off at its edges, and those of
    which objects of other categories cover at least half.

    Args:
        instances: Its JSON file of instances. Needed are `id` and `name` of `categories`; `id`,
            `file_name`, `width` and `height` of `images`; `image_id`, `category_id` and
            `segmentation` of `annotations`: polygons [x, y, x, y, …] in pixels, or run lengths.
            `id`, `area`, `bbox` and `iscrowd` of these may be missing.
        images: The folder of its pictures; each has to lie in it, not behind a link.
        captions: Its JSON file of captions, if any. Needed are `image_id` and `caption` of
            `annotations`.
        prompt: What the model is asked.

    Raises:
        DatasetError: A file or the folder is missing or broken, or its records do not fit
            together.
        MissingExtraError: pycocotools is not installed (extra ``eval``).
    """
    return CocoFolder(instances, images, captions, prompt)


def _check_installed() -> None:
    try:
        import pycocotools.mask  # noqa: F401
    except ImportError as error:
        raise MissingExtraError(
            'pycocotools is not installed: install the extra "eval" with pip install '
            '"tam-widgets[eval]"'
        ) from error


def _check_references(
    path: Path, images: Sequence[_Image], categories: Sequence[Category], found: Sequence[_Object]
) -> None:
    """Refuses a document whose records refer to missing ones."""
    check_unique("images", "id", [image["id"] for image in images], path)
    labels = {label for one in found if isinstance(label := one.get("category_id"), int)}
    _check_known("images", "image_id", {one["image_id"] for one in found}, images, path)
    _check_known("categories", "category_id", labels, categories, path)


def _check_known(
    name: str, key: str, ids: set[Any], records: Sequence[_Image | Category], path: Path
) -> None:
    unknown = sorted(ids - {one["id"] for one in records}, key=str)
    if unknown:
        raise DatasetError(
            f"{path}: annotations name {key} {unknown[:5]!r:.200}, of which there is no record in "
            f'"{name}"'
        )
