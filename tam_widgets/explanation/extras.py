"""Optional packages, or the error that says how to get them."""

from __future__ import annotations

from typing import Any

from ..errors import MissingExtraError


def pandas() -> Any:
    """The package that tables are made of.

    Raises:
        MissingExtraError: If it is not installed.
    """
    try:
        import pandas as found
    except ImportError as error:
        raise MissingExtraError(
            'pandas is not installed, and tables need it: install the extra "eval" with pip '
            'install "tam-widgets[eval]"'
        ) from error
    return found


def matplotlib() -> Any:
    """The package that draws figures for papers.

    Raises:
        MissingExtraError: If it is not installed.
    """
    try:
        import matplotlib as found
    except ImportError as error:
        raise MissingExtraError(
            "matplotlib is not installed, and files of figures need it: install the extra "
            '"figures" with pip install "tam-widgets[figures]"'
        ) from error
    return found
