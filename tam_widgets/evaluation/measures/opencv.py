"""OpenCV, which the metrics need, or the error that says how to get it."""

from __future__ import annotations

from types import ModuleType

from tam_widgets.errors import MissingExtraError


def opencv() -> ModuleType:
    """The package.

    Raises:
        MissingExtraError: It is not installed.
    """
    try:
        import cv2
    except ImportError as error:
        raise MissingExtraError(
            "OpenCV is not installed, and the metrics need it for resizing and Otsu's threshold: "
            'install the extra "eval" with pip install "tam-widgets[eval]"'
        ) from error
    return cv2
