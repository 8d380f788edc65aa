"""Progress bars that leave nothing broken behind in a notebook."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tqdm.auto import tqdm
from tqdm.notebook import tqdm_notebook


@contextmanager
def progress_bar(
    total: int, unit: str, *, shown: bool = True, keep: bool = True, initial: int = 0
) -> Iterator[tqdm[Any]]:
    """A bar while something runs; what remains of it in a notebook is text.

    A notebook does not store the widget of a finished bar: opened again, it would show a broken
    icon in its place.

    Args:
        total: How many units there are, at most if `keep` is false.
        unit: What is counted.
        shown: Whether there is a bar at all.
        keep: Whether the bar's last state remains; one that fails remains either way.
        initial: How many units were done before.
    """
    widget = shown and issubclass(tqdm, tqdm_notebook)
    options = {"display": False} if widget else {}
    bar = tqdm(total=total, initial=initial, unit=unit, leave=keep, disable=not shown, **options)
    handle = _shown(bar) if widget else None
    remains = True
    try:
        yield bar
        remains = keep
        if not keep:
            bar.total = bar.n  # fewer units than there might have been are no failure
    finally:
        text = str(bar) if remains else ""
        bar.close()
        if handle is not None:
            handle.update({"text/plain": text}, raw=True)


def _shown(bar: Any) -> Any:
    """Displays a bar's widget; returns what can put text in its place."""
    from IPython.display import display

    return display(bar.container, display_id=True)  # type: ignore[no-untyped-call]
