"""Progress bars that leave only text behind in a notebook."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tqdm.auto import tqdm
from tqdm.notebook import tqdm_notebook


@contextmanager
def progress_bar(
    total: int,
    unit: str,
    *,
    shown: bool = True,
    keep: bool = True,
    initial: int = 0,
    uneven: bool = False,
) -> Iterator[tqdm[Any]]:
    """Shows a progress bar; in a notebook only text of it remains.

    A notebook does not store the widget of a finished bar: when opened again, it would show a
    broken icon instead.

    Args:
        total: Number of units; if `keep` is false, the most there can be.
        unit: Name of what is counted.
        shown: Whether to show a bar at all.
        keep: Whether the bar's final state remains; after an error it always does.
        initial: Number of units that were done before.
        uneven: Whether units take different times, so that the time left is told from the mean of
            all that are done, and not from the latest.
    """
    widget = shown and issubclass(tqdm, tqdm_notebook)
    options: dict[str, Any] = {"display": False} if widget else {}
    options |= {"smoothing": 0} if uneven else {}
    bar = tqdm(total=total, initial=initial, unit=unit, leave=keep, disable=not shown, **options)
    handle = _shown(bar) if widget else None
    remains = True
    try:
        yield bar
        remains = keep
        if not keep:
            bar.total = bar.n  # fewer units than possible are not a failure
    finally:
        text = str(bar) if remains else ""
        bar.close()
        if handle is not None:
            handle.update({"text/plain": text}, raw=True)


def _shown(bar: Any) -> Any:
    """Displays a bar's widget; returns a handle that can replace it by text."""
    from IPython.display import display

    return display(bar.container, display_id=True)  # type: ignore[no-untyped-call]
