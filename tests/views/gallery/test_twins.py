"""The same noun in two answers."""

from __future__ import annotations

from typing import Any

import pytest

from tam_widgets.views.gallery.twins import twin


@pytest.mark.parametrize(
    ("noun", "nouns", "expected"),
    [
        (("Dog", "dog"), [("cat", "cat"), ("dog", None)], 1),
        (("dogs", "dog"), [("cat", "cat"), ("puppy", "dog")], 1),
        (("sky", None), [("sea", None)], None),
        (("sky", -1), [("sea", -1)], None),
        (("dog", "dog"), [], None),
    ],
)
def test_a_nouns_twin_is_the_same_word_or_one_of_its_category(
    noun: tuple[str, Any], nouns: list[tuple[str, Any]], expected: int | None
) -> None:
    assert twin(noun, nouns) == expected
