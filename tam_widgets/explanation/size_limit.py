"""A warning of large explanations, before the model writes the answer."""

from __future__ import annotations

import warnings

LARGE_RECORD = 2**30
"""Bytes of an answer's matrices above which there is a warning before it is generated."""

SMALLER = (
    "To make it smaller, explain fewer tokens (max_new_tokens=…), smaller pictures (resize them, "
    'or give Explainer.from_pretrained processor_options={"max_pixels": …} where the processor '
    "knows it), or fewer frames (tw.Video(…, frames=…))"
)


def warn_of_record(tokens: int, visual: int, *, layers: int = 0, stacklevel: int) -> None:
    """Warns if the matrices of an answer would be large.

    Args:
        tokens: Largest number of explained tokens.
        visual: Number of visual tokens.
        layers: Number of decoder layers that are kept beside the last.
        stacklevel: As for `warnings.warn`, from here.
    """
    last = 2 * 4 * tokens * (tokens + visual)  # float32; alternatives take about as much again
    size = last + 2 * layers * tokens * (tokens + visual)  # float16
    if size > LARGE_RECORD:
        fewer = f", and its {layers} further layers {(size - last) / 2**30:.1f} GB of that"
        warnings.warn(
            f"up to {tokens} tokens on {visual} visual tokens: the explanation may take "
            f"{size / 2**30:.1f} GB of memory{fewer if layers else ''}. {SMALLER}"
            f"{', or fewer layers' if layers else ''}",
            stacklevel=stacklevel + 1,
        )
