"""A still picture beside a live view, for readers without a kernel or widgets."""

from __future__ import annotations

import base64
import warnings
from collections.abc import Callable
from typing import Any


def with_picture(bundle: Any, draw: Callable[[], bytes], view: str) -> tuple[Any, Any]:
    """Adds a picture to what a notebook shows.

    Where it cannot be drawn, a warning says why, and the live view stands alone.

    Args:
        bundle: What anywidget's `_repr_mimebundle_` returned.
        draw: Returns the picture as JPEG.
        view: What the view is called.

    Returns:
        The data by their media types, and the metadata.
    """
    data, metadata = bundle if isinstance(bundle, tuple) else (bundle or {}, {})
    try:
        picture = draw()
    except Exception as error:  # whatever fails in drawing, the live view needs none of it
        warnings.warn(
            f"the still picture beside the {view} is left out, as it cannot be drawn "
            f"({type(error).__name__}: {str(error)[:200]!r})",
            stacklevel=3,
        )
        return data, metadata
    return {**data, "image/jpeg": base64.b64encode(picture).decode()}, metadata
