"""The registry of live pages: what each shows, the code that makes it, and its file."""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

Make = Callable[[Path], None]

PAGES: dict[str, LivePage] = {}


@dataclass(frozen=True)
class LivePage:
    """One exported view, with what a reader is told about it.

    Attributes:
        title: Its heading.
        see: A sentence: what is seen.
        do: A sentence: what to do with the pointer.
        learn: A sentence: what it teaches.
        beware: A sentence: what it does not show.
        make: Writes the page to a path.
        press: Selector of a button that is pressed before the still is taken; "" for none.
        height: Height in pixels at a width of 900, for a frame around the page.
    """

    title: str
    see: str
    do: str
    learn: str
    beware: str
    make: Make
    press: str
    height: int

    @property
    def name(self) -> str:
        """The name of its file, without ending."""
        return self.make.__name__.replace("_", "-")

    @property
    def code(self) -> str:
        """The source of `make`, as it stands in its module, to be run by itself."""
        lines = inspect.getsource(self.make).splitlines()
        start = next(number for number, line in enumerate(lines) if line.startswith("def "))
        body = textwrap.dedent("\n".join(lines[start + 1 :]))
        return "import tam_widgets as tw\n\n" + body.replace(
            "html(path", f'html("{self.name}.html"'
        )


def live(
    title: str, *, see: str, do: str, learn: str, beware: str, press: str = "", height: int = 640
) -> Callable[[Make], Make]:
    """Registers a function that writes a page, under its own name."""

    def register(make: Make) -> Make:
        page = LivePage(title, see, do, learn, beware, make, press, height)
        PAGES[page.name] = page
        return make

    return register


def build(folder: Path, names: Iterable[str] | None = None) -> dict[str, Path]:
    """Makes pages with the demo models.

    Args:
        folder: Where `NAME.html` is written; it is created if it does not exist.
        names: Which; by default all.

    Returns:
        The file of each name.

    Raises:
        KeyError: If there is no page of a name.
    """
    chosen = list(PAGES if names is None else names)
    if unknown := [name for name in chosen if name not in PAGES]:
        raise KeyError(f"there is no live page {unknown[0]!r}: give one of {', '.join(PAGES)}")
    folder.mkdir(parents=True, exist_ok=True)
    files = {name: folder / f"{name}.html" for name in chosen}
    for name, file in files.items():
        PAGES[name].make(file)
    return files
