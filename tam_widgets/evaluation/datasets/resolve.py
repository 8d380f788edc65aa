"""Finds the data set that a name on the command line stands for."""

from __future__ import annotations

from pathlib import Path

from tam_widgets.errors import DatasetError
from tam_widgets.evaluation.datasets.authors import (
    COCO_INSTANCES,
    ROWS,
    coco2014,
    gran_df,
    open_psg,
)
from tam_widgets.evaluation.datasets.sample import Dataset
from tam_widgets.evaluation.datasets.scenes import DemoScenes

_DIGITS = 6
_LAYOUTS = (
    f"a folder with {COCO_INSTANCES}, a folder named after GranDf or OpenPSG with {ROWS}, or "
    "demo:COUNT"
)


def resolve_dataset(name: str) -> Dataset:
    """Opens a folder in the layout of TAM's authors, or demo scenes.

    Args:
        name: The folder's path, or ``demo:COUNT`` for that many scenes.

    Raises:
        DatasetError: There is no such folder, or its layout is unknown.
    """
    if name.startswith("demo:"):
        return _scenes(name)
    root = Path(name)
    if not root.is_dir():
        raise DatasetError(f"{name}: there is no such folder; give {_LAYOUTS}")
    if (root / "annotations").is_dir():
        return coco2014(root)
    if "GranDf" in root.resolve().name:
        return gran_df(root)
    if "OpenPSG" in root.resolve().name:
        return open_psg(root)
    raise DatasetError(f"{name}: the layout of this folder is unknown; give {_LAYOUTS}")


def _scenes(name: str) -> DemoScenes:
    count = name.removeprefix("demo:")
    if len(count) > _DIGITS or not count.isdecimal() or int(count) < 1:
        raise DatasetError(
            f"{name:.80}: give demo:COUNT with a number from 1 on, at most {_DIGITS} digits, such "
            "as demo:200"
        )
    return DemoScenes(int(count))
