"""Signatures as a reader needs them, where Sphinx has them otherwise."""

from __future__ import annotations

import inspect
import re
from typing import Any

from numpy.typing import ArrayLike
from sphinx.application import Sphinx
from sphinx.util.inspect import signature, stringify_signature
from sphinx.util.typing import stringify_annotation

FIELDS = "<factory>"
"""Stands for a default value in the signature of a data class."""

ANY_ARRAY = stringify_annotation(ArrayLike, "smart")
ARRAY = re.compile(
    r"~numpy\.ndarray\[tuple\[(?:~typing\.)?Any, \.\.\.\], "
    r"~numpy\.dtype\[(~[\w.]+(?:\[~?[\w.]+\])?)\]\]"
)
FUNCTION = re.compile(r"<function (\w+)>")


def written(
    _app: Sphinx, what: str, _name: str, obj: Any, _options: Any, given: str | None, returned: str
) -> tuple[str, str] | None:
    """The arguments and the result as they are to be shown; None for what has none."""
    if given is None:
        return None
    made = _made(obj, given) if what == "class" and inspect.isclass(obj) else given
    return short(made), short(returned or "")


def _made(obj: type, arguments: str) -> str:
    """How a class is made."""
    if FIELDS in arguments:
        return ""  # a record that nobody makes by hand: its attributes are listed
    if obj.__new__ is object.__new__ or issubclass(obj, tuple):
        return arguments
    if "__init__" not in vars(obj):
        return ""  # only the arguments of all widgets are known
    own = signature(obj.__init__, bound_method=True)
    return stringify_signature(own, show_return_annotation=False, unqualified_typehints=True)


def short(text: str) -> str:
    """Types and values without what says nothing, and with functions by their names."""
    text = text.replace(ANY_ARRAY, "~numpy.typing.ArrayLike")
    return FUNCTION.sub(r"\1", ARRAY.sub(r"~numpy.typing.NDArray[\1]", text))


def setup(app: Sphinx) -> dict[str, bool]:
    """Sees every signature."""
    app.connect("autodoc-process-signature", written)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
