"""The glossary as a widget."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anywidget
import traitlets

from ...errors import OptionError
from ..traits import synced
from .entries import ENTRIES, entry_of

STATIC = Path(__file__).parent.parent / "static"


class Glossary(anywidget.AnyWidget):
    """The field's terms, a sentence and a small picture each; they can be searched.

    Attributes:
        term: Name of the entry that is shown alone; any form of a term can be set. Empty for all.

    Raises:
        traitlets.TraitError: If there is no such entry.
    """

    _esm = STATIC / "glossary.js"
    _css = STATIC / "widget.css"

    term = synced(traitlets.Unicode(""))

    def __repr__(self) -> str:
        if not self.term:
            return f"<Glossary of {len(ENTRIES)} terms>"
        entry = entry_of(self.term)
        return f"{entry.term}: {entry.text}"

    @traitlets.validate("term")
    def _validate_term(self, proposal: Any) -> str:
        value = proposal["value"]
        try:
            return entry_of(value).name if value else ""
        except OptionError as error:
            raise traitlets.TraitError(str(error)) from error


def glossary(term: str | None = None) -> Glossary:
    """Shows what a term of the field means, in a sentence and a small picture.

    Args:
        term: Such as `"deletion"` or `"ECI"`, in any case; by default all terms are shown.

    Returns:
        The glossary, which a notebook shows; in a terminal, the sentence is printed.

    Raises:
        OptionError: If there is no such term; the message names similar ones.

    Example:
        >>> import tam_widgets as tw
        >>> tw.glossary("random order")
        random order: Hiding the picture in an order drawn by lot: what a map has to beat.
    """
    return Glossary() if term is None else Glossary(term=entry_of(term).name)
