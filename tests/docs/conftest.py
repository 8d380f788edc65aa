"""What the tests of pages share: a page's code is run once."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from .reader import Reading, read


@pytest.fixture(scope="session")
def reading(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Reading]:
    """Gives what a page's code left behind, or raises what it raised."""
    kept: dict[str, Reading | Exception] = {}

    def of(page: str) -> Reading:
        if page not in kept:
            try:
                kept[page] = read(page, tmp_path_factory.mktemp("page"))
            except Exception as error:
                kept[page] = error
        found = kept[page]
        if isinstance(found, Exception):
            raise found
        return found

    return of
