"""Every name that the package offers is there."""

import pytest

import tam_widgets as tw


@pytest.mark.parametrize("name", tw.__all__)
def test_name(name: str) -> None:
    assert getattr(tw, name) is not None
    assert name in dir(tw)


def test_no_other_name_is_listed() -> None:
    assert {name for name in dir(tw) if not name.startswith("__")} == set(tw.__all__)
    assert "__version__" in dir(tw)


def test_other_names_are_refused() -> None:
    with pytest.raises(AttributeError, match="nothing_such"):
        tw.nothing_such  # noqa: B018
