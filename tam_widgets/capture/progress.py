"""Progress bars that leave only text behind in a notebook, and tell an observer each step."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from tqdm.auto import tqdm
from tqdm.notebook import tqdm_notebook

from ..progress_observer import Observer, current_observer, observed


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
    broken icon instead. If somebody observes the computation, no bar is shown: the observer hears
    of its steps instead, and of steps within a step only that they go on.

    Args:
        total: Number of units; if `keep` is false, the most there can be.
        unit: Name of what is counted.
        shown: Whether to show a bar at all.
        keep: Whether the bar's final state remains; after an error it always does.
        initial: Number of units that were done before.
        uneven: Whether units take different times, so that the time left is told from the mean of
            all that are done, and not from the latest.
    """
    observer = current_observer()
    shown = shown and observer is None
    widget = shown and issubclass(tqdm, tqdm_notebook)
    options: dict[str, Any] = {"display": False} if widget else {}
    options |= {"smoothing": 0} if uneven else {}
    bar = tqdm(total=total, initial=initial, unit=unit, leave=keep, disable=not shown, **options)
    handle = _shown(bar) if widget else None
    remains = True
    try:
        with _told(bar, observer, initial, total):
            yield bar
        remains = keep
        if not keep:
            bar.total = bar.n  # fewer units than possible are not a failure
    finally:
        text = str(bar) if remains else ""
        bar.close()
        if handle is not None:
            handle.update({"text/plain": text}, raw=True)


@dataclass
class _Within:
    """Hears of a computation that is part of one step."""

    observer: Observer
    done: int
    total: int

    def report(self, _done: int, _total: int) -> None:
        self.observer.report(self.done, self.total)

    def wait(self) -> None:
        self.observer.wait()


@contextmanager
def _told(bar: Any, observer: Observer | None, done: int, total: int) -> Iterator[None]:
    """Tells an observer each step of a bar, also of one that is not shown."""
    if observer is None:
        yield
        return
    step = _Within(observer, done, total)

    def update(number: int = 1) -> None:
        step.done += number
        observer.report(step.done, total)

    observer.report(done, total)
    bar.update = update
    with observed(step):
        yield


def _shown(bar: Any) -> Any:
    """Displays a bar's widget; returns a handle that can replace it by text."""
    from IPython.display import display

    return display(bar.container, display_id=True)  # type: ignore[no-untyped-call]
