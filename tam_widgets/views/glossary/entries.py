"""The entries, which Python, the front end and the documentation take from one file."""

from __future__ import annotations

import difflib
import json
from dataclasses import dataclass
from pathlib import Path

from ...errors import OptionError

_PATH = Path(__file__).parents[2] / "glossary.json"


@dataclass(frozen=True)
class Entry:
    """A term and what it means.

    Attributes:
        name: In links.
        term: As it is written.
        also: Other forms of it.
        text: One sentence.
        see: Names of related entries.
    """

    name: str
    term: str
    also: tuple[str, ...]
    text: str
    see: tuple[str, ...]


def _read() -> tuple[Entry, ...]:
    groups = json.loads(_PATH.read_text("utf-8"))
    return tuple(
        Entry(**{**entry, "also": tuple(entry["also"]), "see": tuple(entry["see"])})
        for group in groups
        for entry in group["entries"]
    )


ENTRIES = _read()
"""All entries, in the glossary's order."""


def entry_of(term: str) -> Entry:
    """The entry of a term in any of its forms; case is ignored.

    Raises:
        OptionError: If there is none.

    Example:
        >>> entry_of("ECI").term
        'estimated causal inference'
    """
    known = {form.lower(): entry for entry in ENTRIES for form in _forms(entry)}
    wanted = term.strip().lower() if isinstance(term, str) else ""
    if wanted in known:
        return known[wanted]
    near = difflib.get_close_matches(wanted, known, n=3)
    meant = f"did you mean {', '.join(map(repr, near))}? " if near else ""
    raise OptionError(
        f"the glossary has no entry {term!r:.80}: {meant}glossary() shows all {len(ENTRIES)}"
    )


def _forms(entry: Entry) -> tuple[str, ...]:
    return (entry.name, entry.term, *entry.also)
