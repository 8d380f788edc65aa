"""Many items in batches, with the time left; bad ones are reported and the others kept."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..errors import OptionError, TamError
from ..explanation import Explanation
from ..progress import progress_bar

Item = Sequence[Any]
Results = dict[int, Explanation | TamError]


def in_batches(
    items: Sequence[Item],
    explain_batch: Callable[[Mapping[int, Item]], Results],
    *,
    batch_size: int,
    progress: bool,
) -> list[Explanation | TamError]:
    """Explains items a batch at a time.

    Args:
        items: What is to be explained.
        explain_batch: From items by number to an explanation or an error each.
        batch_size: How many go together.
        progress: Whether to show a progress bar with the time left.

    Raises:
        OptionError: If the batch size is no integer of at least 1.
    """
    if isinstance(batch_size, bool) or not isinstance(batch_size, int) or batch_size < 1:
        raise OptionError(f"batch_size={batch_size!r}: give an integer of at least 1")
    results: Results = {}
    with progress_bar(len(items), "answer", shown=progress) as bar:
        for start in range(0, len(items), batch_size):
            part = dict(enumerate(items[start : start + batch_size], start))
            results |= explain_batch(part)
            bar.update(len(part))
    _warn_of_failures(results)
    return [results[number] for number in range(len(items))]


def _warn_of_failures(results: Results) -> None:
    failed = {n: result for n, result in sorted(results.items()) if isinstance(result, TamError)}
    if failed:
        listed = "; ".join(f"item {number}: {error}" for number, error in failed.items())
        warnings.warn(
            f"{len(failed)} of {len(results)} items could not be explained, their places hold the "
            f"errors. {listed:.2000}",
            stacklevel=4,
        )
