"""Any data set whose instances and captions are in the format of COCO, read by pycocotools."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tam_widgets.errors import DatasetError, MissingExtraError
from tam_widgets.evaluation.datasets.authors import COCO_PROMPT, Folder
from tam_widgets.evaluation.datasets.files import captions_of, read_json, section
from tam_widgets.evaluation.datasets.item import Item


class CocoFolder:
    """Pictures with polygons or run lengths; a mask is painted when its item is asked for.

    Attributes:
        name: What reports call the data set.
        category: Label of each category name: its id, or its id + 1 where an id is 0.
    """

    def __init__(
        self, instances: Folder, images: Folder, captions: Folder | None, prompt: str
    ) -> None:
        self._path = Path(instances)
        self.name = self._path.stem
        self._folder, self._prompt = Path(images), prompt
        self._coco = _indexed(self._path)
        self._images = [self._coco.imgs[number] for number in self._coco.imgs]
        self._captions = captions_of(Path(captions)) if captions is not None else {}
        self._shift = int(0 in self._coco.cats)
        self.category = {c["name"]: n + self._shift for n, c in self._coco.cats.items()}

    def __len__(self) -> int:
        return len(self._images)

    def __getitem__(self, number: int) -> Item:
        image = self._images[number]
        return Item(
            id=str(image["id"]),
            image=self._folder / image["file_name"],
            prompt=self._prompt,
            mask=self._labels(image),
            category=self.category,
            captions=self._captions.get(image["id"], ()),
        )

    def _labels(self, image: dict[str, Any]) -> NDArray[np.uint16]:
        """Paints the objects from large to small, so that small ones stay visible; no crowds."""
        labels = np.zeros((image["height"], image["width"]), np.uint16)
        objects = self._coco.imgToAnns[image["id"]]
        for found in sorted(objects, key=lambda o: -o["area"]):
            if not found.get("iscrowd"):
                labels[self._shape(found)] = found["category_id"] + self._shift
        return labels

    def _shape(self, found: dict[str, Any]) -> NDArray[np.bool_]:
        try:
            return np.asarray(self._coco.annToMask(found), bool)
        except Exception as error:  # pycocotools raises whatever its C code trips over
            raise DatasetError(
                f"{self._path}: the outline of annotation {found.get('id')} cannot be painted "
                f"({error}); polygons or run lengths are expected"
            ) from error


def coco(
    instances: Folder,
    images: Folder,
    captions: Folder | None = None,
    prompt: str = COCO_PROMPT,
) -> CocoFolder:
    """Opens a data set in the format of COCO.

    Args:
        instances: Its JSON file of instances.
        images: The folder of its pictures.
        captions: Its JSON file of captions, if any.
        prompt: What the model is asked.

    Raises:
        DatasetError: A file is missing or broken.
        MissingExtraError: pycocotools is not installed (extra ``eval``).
    """
    return CocoFolder(instances, images, captions, prompt)


def _indexed(path: Path) -> Any:
    try:
        from pycocotools.coco import COCO
    except ImportError as error:
        raise MissingExtraError(
            'pycocotools is not installed: install the extra "eval" with pip install '
            '"tam-widgets[eval]"'
        ) from error
    document = read_json(path, "instances in the format of COCO")
    section(document, "images", ("id", "file_name", "height", "width"), path)
    section(document, "categories", ("id", "name"), path)
    section(document, "annotations", ("id", "image_id", "category_id", "segmentation"), path)
    for found in document["annotations"]:
        found.setdefault("area", float(np.prod(found.get("bbox", (0, 0, 0, 0))[2:])))
    _check_references(document, path)
    index = COCO()
    index.dataset = document
    with contextlib.redirect_stdout(io.StringIO()):
        index.createIndex()
    return index


def _check_references(document: Any, path: Path) -> None:
    for name, key in (("images", "image_id"), ("categories", "category_id")):
        known = {record["id"] for record in document[name]}
        unknown = sorted({found[key] for found in document["annotations"]} - known)
        if unknown:
            raise DatasetError(
                f"{path}: annotations name {key} {unknown[:5]}, of which there is no record in "
                f'"{name}"'
            )
