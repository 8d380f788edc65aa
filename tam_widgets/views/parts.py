"""Modules of the explorer that few views need, sent to the browser when it asks for them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..errors import OptionError
from ..explanation.explanation import Explanation
from .questions.asking import known

STATIC = Path(__file__).parent / "static"
NAMES = ("questions", "tools", "video", "method_menus", "glossary", "anatomy")


def answer(name: Any) -> dict[str, str]:
    """The message that brings a part, to a browser that asked for it.

    Raises:
        OptionError: If there is no such part.
    """
    if name not in NAMES:
        raise OptionError(f"a part {name!r:.80} is not known: {', '.join(NAMES)}")
    return {"kind": "part", "name": name, "code": _code(name)}


def carried(explanations: Sequence[Explanation]) -> dict[str, str]:
    """Code that a view needs from the start and keeps, so that it works without a kernel."""
    films = any(image.video is not None for one in explanations for image in one.images)
    needed = {
        "video": films,
        "questions": any(known(explanations)),
        "method_menus": len(explanations) > 1,
    }
    return {name: _code(name) for name, is_needed in needed.items() if is_needed}


def _code(name: str) -> str:
    return (STATIC / f"{name}.js").read_text("utf-8")
