"""How classes are made, where Sphinx cannot tell or nobody has to know."""

from __future__ import annotations

import inspect
from typing import Any

from sphinx.application import Sphinx
from sphinx.util.inspect import signature, stringify_signature

FIELDS = "<factory>"
"""Stands for a default value in the signature of a data class."""


def made_by(
    _app: Sphinx, what: str, _name: str, made: Any, _options: Any, arguments: str, returned: str
) -> tuple[str, str] | None:
    """The arguments of a class, without a value where Sphinx has found the right ones."""
    if what != "class" or not inspect.isclass(made):
        return None
    if FIELDS in (arguments or ""):
        return "", returned  # a record that nobody makes by hand: its attributes are listed
    if "__init__" in vars(made) and made.__new__ is not object.__new__:
        own = signature(made.__init__, bound_method=True)  # not that of all widgets' `__new__`
        return stringify_signature(
            own, show_return_annotation=False, unqualified_typehints=True
        ), ""
    return None


def setup(app: Sphinx) -> dict[str, bool]:
    """Sees every signature."""
    app.connect("autodoc-process-signature", made_by)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
