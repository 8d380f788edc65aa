"""Packages that not every installation has, or the error that says how to get them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ..errors import MissingExtraError

_ENOUGH = ("matplotlib", "msgspec", "pandas", "plotly")
"""Packages that viewing may want. What needs another one needs the whole installation."""


@contextmanager
def installed(what: str) -> Iterator[None]:
    """Says how to get a package that is found missing meanwhile.

    Args:
        what: What needs it, as the message's subject.

    Raises:
        MissingExtraError: If a package cannot be imported because it is not installed.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        name = (error.name or "").partition(".")[0]
        if name in ("", __package__.partition(".")[0]):
            raise
        raise _missing(name, what) from None  # whose traceback would be a screen long


def pandas() -> Any:
    """The package that tables are made of.

    Raises:
        MissingExtraError: If it is not installed.
    """
    with installed("a table"):
        import pandas as found
    return found


def matplotlib() -> Any:
    """The package that draws figures for papers.

    Raises:
        MissingExtraError: If it is not installed.
    """
    with installed("a file of a figure"):
        import matplotlib as found
    return found


def _missing(name: str, what: str) -> MissingExtraError:
    if sys.platform == "emscripten" and name not in _ENOUGH:
        return MissingExtraError(
            f"{what} needs {name}, which a browser's Python does not have: use Python on a "
            "computer, and open here what it saved"
        )
    package = name if name in _ENOUGH else "tam-widgets"
    return MissingExtraError(f"{what} needs {name}, which is not installed: pip install {package}")
