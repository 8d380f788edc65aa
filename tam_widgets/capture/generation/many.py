"""Many items in batches, with the time left; bad ones are reported and the others kept."""

from __future__ import annotations

import traceback
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from ...errors import ModelError, OptionError, TamError, message_of
from ...explanation.explanation import Explanation
from ...terminal import escaped
from ..inputs.encoding import Encoded
from ..progress import progress_bar
from .generate import Answer

Item = Sequence[Any]
Results = dict[int, Explanation | TamError]
E = TypeVar("E", bound=BaseException)


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


def together(
    encoded: Mapping[int, Encoded],
    answer: Callable[[Sequence[Encoded]], Sequence[Answer]],
    record: Callable[[Encoded, Answer], Explanation],
) -> Results:
    """Explains inputs that can be stacked; one by one where they fail together.

    Args:
        encoded: By number.
        answer: Answers them in one generation.
        record: Explains one with its answer.
    """
    results: Results = {}
    with kept_failure(results, *encoded):
        for (number, one), written in zip(
            encoded.items(), answer(list(encoded.values())), strict=True
        ):
            with kept_failure(results, number):
                results[number] = record(one, written)
        return results
    failure = next(iter(results.values()))
    if len(encoded) > 1 and isinstance(failure, ModelError):
        warnings.warn(
            f"{len(encoded)} items could not be answered together ({escaped(failure)}), they are "
            "answered one by one",
            stacklevel=6,
        )
        for number, one in encoded.items():
            results |= together({number: one}, answer, record)
    return results


@contextmanager
def kept_failure(results: Results, *numbers: int) -> Iterator[None]:
    """Makes an error the result of some items, whatever is raised but an interruption."""
    try:
        yield
    except TamError as error:
        results.update(dict.fromkeys(numbers, _let_go(error)))
    except Exception as error:
        *_, last = traceback.extract_tb(error.__traceback__)
        place = f"{Path(last.filename).name}, line {last.lineno}"
        said = message_of(error) or "no message"
        named = ModelError(f"{type(error).__name__} in {place}: {said:.500}")
        named.__cause__ = _let_go(error)
        results.update(dict.fromkeys(numbers, named))


def _let_go(error: E) -> E:
    """The error without what its frames hold: tensors would stay on their device with it."""
    link: BaseException | None = error
    while link is not None:
        traceback.clear_frames(link.__traceback__)
        link = link.__cause__ or link.__context__
    return error


def _warn_of_failures(results: Results) -> None:
    failed = {n: result for n, result in sorted(results.items()) if isinstance(result, TamError)}
    if failed:
        listed = "; ".join(f"item {number}: {error}" for number, error in failed.items())
        warnings.warn(
            f"{len(failed)} of {len(results)} items could not be explained, their places hold the "
            f"errors. {escaped(listed):.2000}",
            stacklevel=4,
        )
