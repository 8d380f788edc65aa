"""What is done in one panel of a comparison and shown in the others, by the rules of `js/src`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...explanation.common_raster import same_pictures
from ...explanation.explanation import Explanation
from ...explanation.geometry import Rect
from .twins import Twins

Box = tuple[int, Rect]
"""Index of an image, and left, top, right, bottom in its pixels."""


def box_in(explanations: Sequence[Explanation], box: Sequence[Any], panel: int) -> Box | None:
    """The box on a panel's pictures, drawn on it or on the same picture of another panel."""
    if not box:
        return None
    at, image, left, top, right, bottom = box
    pictures = same_pictures(explanations[at].images, explanations[panel].images)
    twin = dict(pictures).get(image)
    return None if twin is None else (twin, (left, top, right, bottom))


def alternative_in(
    explanations: Sequence[Explanation],
    chosen: Sequence[int],
    panel: int,
    tokens: Sequence[int],
    twins: Twins,
) -> int | None:
    """Number of the alternative that a panel shows in its token's place.

    Args:
        explanations: One panel each.
        chosen: Panel, token and number of the alternative that was chosen; may be empty.
        panel: The panel.
        tokens: Those that it shows.
        twins: Of these panels.

    Returns:
        None for none; −1 if another panel shows one in the linked token's place, and here is none
        of the same text.
    """
    if not chosen:
        return None
    at, token, number = chosen
    own = [token] if at == panel else twins.of(at, [token], panel, piece=True)
    if not own or own[0] not in tokens:
        return None
    if at == panel:
        return number if len(tokens) == 1 else None
    text = explanations[at].alternatives[number].text.strip().lower()
    others = enumerate(explanations[panel].alternatives)
    same = (i for i, one in others if one.token == own[0] and one.text.strip().lower() == text)
    return next(same, -1) if len(tokens) == 1 else -1
