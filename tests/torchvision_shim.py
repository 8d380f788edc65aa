"""torchvision beside a CPU build of torch.

The wheel on the package index is linked against CUDA, so with a CPU torch its compiled operators
do not load and its import fails for want of two declarations. With a torch that it is made for they
load, and to declare them twice would end the process. Its transforms, all that image and
video processors use, are plain torch. It is installed in a folder of its own, so that nothing
but these tests sees it.
"""

import importlib.util
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

FOLDER = Path(sys.prefix) / "torchvision"
TIMM = Path(sys.prefix) / "timm"
"""Of timm, which imports torchvision, and which some vision towers come from."""

_OPERATORS = (
    "nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
    "qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
)

_libraries = []  # a library's declarations live as long as it does


def provide() -> bool:
    """Makes torchvision importable, and timm; False where torchvision is not installed."""
    found = _provide_torchvision()
    if found and TIMM.is_dir() and str(TIMM) not in sys.path:
        sys.path.append(str(TIMM))
    return found


def _provide_torchvision() -> bool:
    if importlib.util.find_spec("torchvision"):
        return True
    if not FOLDER.is_dir():
        return False
    import torch

    if _made_for() != torch.__version__.partition("+")[2]:
        library = torch.library.Library("torchvision", "DEF")
        for declaration in _OPERATORS:
            library.define(declaration)
        _libraries.append(library)
    sys.path.append(str(FOLDER))
    return True


def _made_for() -> str:
    """What follows the version of a torch whose operators these are: cpu, cu130, nothing."""
    text = (FOLDER / "torchvision" / "version.py").read_text("utf-8")
    found = re.search(r"^__version__ = '[^'+]+\+?([^']*)'", text, re.MULTILINE)
    assert found, text
    return found[1]


def list_version() -> None:
    """Lets a process that has not imported this package's conftest say the same versions."""
    if FOLDER.is_dir() and str(FOLDER) not in sys.path:
        sys.path.append(str(FOLDER))


def provided(function: Callable[[], Any]) -> Any:
    """Calls a function in a process that has no more than the version."""
    sys.path[:] = [path for path in sys.path if path != str(FOLDER)]
    provide()
    return function()
