"""What is neither a name nor several is refused where reports and galleries take names."""

from __future__ import annotations

from typing import Any

import pytest

import tam_widgets as tw
from tam_widgets.explanation.given_names import given_names


@pytest.mark.parametrize("given", [3, 2.5, object(), [3], [["0001"]], b"0001"])
def test_something_else_is_refused_with_its_value(given: Any) -> None:
    with pytest.raises(tw.errors.OptionError, match=r"samples: .* is no name"):
        given_names("samples", given)


def test_a_generator_is_read_once() -> None:
    assert given_names("samples", (name for name in ("a", "b"))) == ["a", "b"]
