"""A run that is killed where it is told to: `python -m tests.evaluation.killed FOLDER WHEN N`."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

import tam_widgets as tw
from tests.evaluation.made import MadeExplainer, dataset
from tests.torchvision_shim import list_version

list_version()


def die_at(function: Any, count: int) -> Any:
    """The function, whose call of that number kills the process halfway."""
    calls = 0

    def dying(*arguments: Any, **options: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == count:
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*arguments, **options)

    return dying


def main(folder: str, when: str, count: int) -> None:
    explainers = [MadeExplainer("a"), MadeExplainer("b")]
    if when == "explaining":
        explainers[0].explain = die_at(explainers[0].explain, count)  # type: ignore[method-assign]
    if when == "writing":
        Path.replace = die_at(Path.replace, count)  # type: ignore[method-assign]
    tw.evaluate(explainers, dataset(), ["cam", "tam"], folder=folder, progress=False)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
