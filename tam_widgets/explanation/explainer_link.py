"""Which explainer made an explanation, as long as it lives; nothing of this is saved."""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING

from .record import Record

if TYPE_CHECKING:
    from ..capture.explainer import Explainer

_explainers: dict[int, weakref.ref[Explainer]] = {}
"""By the identity of the activations, which all copies of an explanation share."""


def remember(record: Record, explainer: Explainer) -> None:
    """Links an explanation, and all copies with further maps or checks, to its explainer.

    Args:
        record: The explanation.
        explainer: What made it; it is not kept alive.
    """
    key = id(record.activations)
    if key not in _explainers:
        weakref.finalize(record.activations, _explainers.pop, key, None).atexit = False
    _explainers[key] = weakref.ref(explainer)


def explainer_of(record: Record) -> Explainer | None:
    """The explainer of an explanation; None if it is gone, or the explanation was loaded."""
    found = _explainers.get(id(record.activations))
    return None if found is None else found()
