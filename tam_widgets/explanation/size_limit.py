"""From which size on an answer's matrices are warned of before the model writes it."""

from __future__ import annotations

import warnings

LARGE_RECORD = 2**30
"""Bytes of one answer's matrices from which a warning comes before the model writes it."""

SMALLER = (
    "To make it smaller, explain fewer tokens (max_new_tokens=…), smaller pictures (make them so, "
    'or give Explainer.from_pretrained processor_options={"max_pixels": …} where the processor '
    "knows it), or fewer frames (tw.Video(…, frames=…))"
)


def warn_of_record(tokens: int, visual: int, stacklevel: int) -> None:
    """Warns where the matrices of an answer would be large.

    Args:
        tokens: Number of explained tokens, at most.
        visual: Number of visual tokens.
        stacklevel: As for `warnings.warn`, from here.
    """
    size = 2 * 4 * tokens * (tokens + visual)  # as many rows of alternatives again, all float32
    if size > LARGE_RECORD:
        warnings.warn(
            f"up to {tokens} tokens on {visual} visual tokens: the explanation may take "
            f"{size / 2**30:.1f} GB of memory. {SMALLER}",
            stacklevel=stacklevel + 1,
        )
