"""An explainer whose work can be watched and stopped from another process."""

from __future__ import annotations

import os
import time
from functools import partial
from pathlib import Path
from typing import Any

import tam_widgets as tw
from tam_widgets.explanation.explanation import Explanation
from tests.evaluation.made import MadeExplainer, dataset
from tests.torchvision_shim import list_version

list_version()

METHODS = ["cam", "tam"]
LONG = 60.0


class WatchedExplainer(MadeExplainer):
    """Notes who begins what in a folder.

    Args:
        name: What reports call it.
        log: The folder; no notes without it.
        waits: For how many seconds it works on each picture when it is begun for the first time.
        fails: Raises this where a picture is called so.
    """

    def __init__(
        self,
        name: str,
        log: Path | None = None,
        waits: dict[str, float] | None = None,
        fails: dict[str, Exception] | None = None,
    ) -> None:
        super().__init__(name)
        self.log, self.waits, self.fails = log, waits or {}, fails or {}
        self.recipe = partial(WatchedExplainer, name, log, waits, fails)

    def explain(self, image: Any, prompt: Any, **options: Any) -> Explanation:
        first = self.log is not None and not begun(self.log, self.name, image)
        if self.log is not None:
            (self.log / f"{self.name} {image} {os.getpid()}").touch()
        if first:
            time.sleep(self.waits.get(image, 0))
        if image in self.fails:
            raise self.fails[image]
        return super().explain(image, prompt, **options)


def begun(log: Path, name: str, image: Any) -> list[int]:
    """The processes that have begun a picture."""
    return [int(path.name.split()[-1]) for path in log.glob(f"{name} {image} *")]


def main(folder: str, log: str) -> None:
    """Runs an evaluation on a Ray of its own that takes long enough to be killed."""
    waits = dict.fromkeys(("wrong place", "absent", "no noun"), LONG)
    explainers = [WatchedExplainer(name, Path(log), waits) for name in "ab"]
    tw.evaluate(explainers, dataset(), METHODS, folder=folder, progress=False, ray=2)
