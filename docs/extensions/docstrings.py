"""Google docstrings as this package writes them, in reStructuredText."""

from __future__ import annotations

import re
from typing import Any

from sphinx.application import Sphinx
from sphinx.domains.python import PyObject
from sphinx.ext.napoleon import Config, GoogleDocstring

from .signatures import short

PLURAL = re.compile(r"(`[\w.]+`)(?=\w)")
"""The end of a name that letters follow, as in `Method`s."""

MODULES = re.compile(r"(?:\b\w+\.)+\w")
"""The modules before a name."""

CONFIG = Config(napoleon_use_ivar=True, napoleon_use_rtype=False, napoleon_attr_annotations=True)


class Docstring(GoogleDocstring):
    """A docstring that has its types in the code: what stands before a colon is text."""

    def _consume_returns_section(self, **_: bool) -> list[Any]:
        lines = self._dedent(self._consume_to_next_section())
        return [("", "", Docstring(lines, CONFIG).lines())] if lines else []

    def _lookup_annotation(self, name: str) -> str:
        """An attribute's type, each name in it shown without its module."""
        return short(MODULES.sub(r"~\g<0>", super()._lookup_annotation(name)))


def convert(app: Sphinx, what: str, name: str, obj: Any, options: Any, lines: list[str]) -> None:
    """Rewrites a docstring in place."""
    text = [PLURAL.sub(r"\1\\ ", line) for line in lines]
    # in a property's docstring, too, no type stands before the first colon
    kind = "method" if what in ("attribute", "data", "property") else what
    lines[:] = Docstring(text, CONFIG, app, kind, name, obj, options).lines()


def skip(_app: Sphinx, _what: str, _name: str, obj: Any, *_: Any) -> bool | None:
    """Leaves out what a class has from other packages, such as the traits of every widget."""
    function = getattr(obj, "fget", None) or getattr(obj, "func", None) or obj
    module = getattr(function, "__module__", None) or type(obj).__module__
    return None if module.startswith(("tam_widgets", "builtins")) else True


def setup(app: Sphinx) -> dict[str, bool]:
    """Takes the place of Napoleon's own extension."""
    for field in PyObject.doc_field_types:
        if field.name == "variable":
            field.label = "Attributes"
    app.connect("autodoc-process-docstring", convert)
    app.connect("autodoc-skip-member", skip)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
