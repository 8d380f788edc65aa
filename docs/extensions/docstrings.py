"""Google docstrings as this package writes them, in the words that Sphinx reads."""

from __future__ import annotations

import re
from typing import Any

from sphinx.application import Sphinx
from sphinx.ext.napoleon import GoogleDocstring

PLURAL = re.compile(r"(`[\w.]+`)(?=\w)")
"""The end of a name that letters follow, as in `Method`s."""

BEFORE_NAPOLEON = 400


def prepare(app: Sphinx, what: str, name: str, obj: Any, options: Any, lines: list[str]) -> None:
    """Rewrites one docstring in place."""
    lines[:] = [PLURAL.sub(r"\1\\ ", line) for line in lines]
    if what in ("attribute", "data", "property"):
        # Napoleon takes what stands before the first line's colon for a type: give it a comment
        whole = GoogleDocstring(lines, app.config, app, "method", name, obj, options)
        lines[:] = ["..", "", *whole.lines()]


def skip(_app: Sphinx, _what: str, _name: str, obj: Any, *_: Any) -> bool | None:
    """Leaves out what a class has from other packages, such as the traits of every widget."""
    function = getattr(obj, "fget", None) or getattr(obj, "func", None) or obj
    module = getattr(function, "__module__", None) or type(obj).__module__
    return None if module.startswith(("tam_widgets", "builtins")) else True


def signature(
    _app: Sphinx, what: str, _name: str, _obj: Any, _options: Any, arguments: str, returned: str
) -> tuple[str, str] | None:
    """Leaves out the arguments of a class that nobody makes by hand; its attributes are listed."""
    return ("", returned) if what == "class" and "<factory>" in (arguments or "") else None


def setup(app: Sphinx) -> dict[str, bool]:
    """Sees every docstring first."""
    app.connect("autodoc-process-docstring", prepare, priority=BEFORE_NAPOLEON)
    app.connect("autodoc-process-signature", signature)
    app.connect("autodoc-skip-member", skip)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
