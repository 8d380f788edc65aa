"""What docs/exercises.md says of the code on it, and of the limits of the package's."""

from __future__ import annotations

from collections.abc import Callable

from tam_widgets.views.exercises.question import MOST_WORDS, SAME_FROM

from .pages import text_of
from .reader import Reading

PAGE = "docs/exercises.md"


def test_the_page_says_the_limits_of_the_code(reading: Callable[[str], Reading]) -> None:
    read = reading(PAGE)
    assert (read.folder / "whose.html").stat().st_size > 0
    assert read.names["which"].question.context.share > 0
    assert MOST_WORDS == 4
    assert f"correlate with it by {SAME_FROM} or more" in text_of(PAGE)
