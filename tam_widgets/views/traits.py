"""Traits that Python and the browser share."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import traitlets


def synced(trait: Any) -> Any:
    """A trait for both sides; without an echo no older value comes back over a newer one."""
    return trait.tag(sync=True, echo_update=False)


def one_of(name: str, value: str, names: Iterable[str]) -> str:
    """The value of a trait.

    Raises:
        traitlets.TraitError: If it is not one of the names.
    """
    if value not in names:
        raise traitlets.TraitError(f"{name}={value!r}: give one of {', '.join(names)}")
    return value
