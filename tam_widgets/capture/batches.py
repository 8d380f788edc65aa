"""Explains many items in batches; an item that fails does not affect the others."""

from __future__ import annotations

import traceback
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from ..errors import ModelError, OptionError, PromptError, TamError, message_of
from ..explanation.explanation import Explanation
from ..terminal import escaped
from .generation.answer_start import AnswerStart, asked_start
from .generation.answers import answer_start, generated_answers, given_answer
from .generation.batching import groups
from .generation.generate import Answer
from .inputs.encoding import Encoded, encode
from .inputs.media import media_sources
from .loaded_model import LoadedModel
from .model_access import evaluating
from .progress import progress_bar

Item = Sequence[Any]
"""(image, prompt) or (image, prompt, answer)."""
Starts = str | Sequence[int] | Sequence[str | Sequence[int] | None] | None
"""With what answers begin: the same for all, or a list of one for each item."""
Begun = tuple[Encoded, AnswerStart | None]
"""An input, and with what its answer begins."""
Results = dict[int, Explanation | TamError]
Record = Callable[[Encoded, Answer, Mapping[str, Any]], Explanation]
"""Makes the explanation of an answer, given the keywords that it was generated with."""
E = TypeVar("E", bound=BaseException)

_ITEMS = "give a list of (image, prompt) or (image, prompt, answer)"


def explain_items(
    model: LoadedModel,
    items: Iterable[Item],
    record: Record,
    generation: Mapping[str, Any],
    *,
    starts: Starts = None,
    layers: Sequence[int] = (),
    batch_size: int,
    progress: bool,
) -> list[Explanation | TamError]:
    """Explains items batch by batch.

    Args:
        model: The model.
        items: The items to explain.
        record: Makes the explanation of an answer.
        generation: Keywords of `generate`.
        starts: With what the answers begin.
        layers: Numbers of the decoder layers to explain beside the last.
        batch_size: Number of items in a batch.
        progress: Whether to show a progress bar with the time left.

    Raises:
        PromptError: If the items are not a list.
        OptionError: If the batch size is not an integer of at least 1, or there is another number
            of beginnings than of items.
    """
    if not isinstance(items, Iterable) or isinstance(items, str | bytes):
        raise PromptError(f"items of type {type(items).__name__}: {_ITEMS}")
    if isinstance(batch_size, bool) or not isinstance(batch_size, int) or batch_size < 1:
        raise OptionError(f"batch_size={batch_size!r}: give an integer of at least 1")
    items = list(items)
    begun = [(item, start) for item, start in zip(items, _listed(starts, len(items)), strict=True)]
    results: Results = {}
    with progress_bar(len(items), "answer", shown=progress) as bar:
        for first in range(0, len(items), batch_size):
            part = dict(enumerate(begun[first : first + batch_size], first))
            with evaluating(model.model):
                results |= _explain_batch(model, part, record, generation, layers)
            bar.update(len(part))
    _warn_of_failures(results)
    return [results[number] for number in range(len(items))]


def _explain_batch(
    model: LoadedModel,
    items: Mapping[int, tuple[Item, Any]],
    record: Record,
    generation: Mapping[str, Any],
    layers: Sequence[int],
) -> Results:
    """Explains items with a given answer one by one, and the others by groups of equal form."""
    results: Results = {}
    unanswered: dict[int, Begun] = {}
    for number, (item, given) in items.items():
        with _kept_failure(results, number):
            image, prompt, answer = _triple(item)
            start = asked_start(given, answer)
            encoded = encode(
                model.family,
                model.model,
                model.processor,
                prompt,
                media_sources(image, None),
                start if isinstance(start, str) else answer,
            )
            if answer is None:
                begins = None if start is None else answer_start(model, encoded, start)
                unanswered[number] = encoded, begins
            else:
                own = given_answer(model, encoded, answer, layers)
                results[number] = record(encoded, own, generation)
    inputs = {number: one.inputs for number, (one, _) in unanswered.items()}
    for group in groups(inputs) if model.family.batches else [[one] for one in inputs]:
        part = {number: unanswered[number] for number in group}
        results |= _explain_group(model, part, record, generation, layers)
    return results


def _explain_group(
    model: LoadedModel,
    encoded: Mapping[int, Begun],
    record: Record,
    generation: Mapping[str, Any],
    layers: Sequence[int],
) -> Results:
    """Explains inputs that can be stacked; one by one if they fail together."""
    results: Results = {}
    with _kept_failure(results, *encoded):
        together, starts = zip(*encoded.values(), strict=True)
        answers = generated_answers(
            model, together, generation, layers=layers, starts=starts, progress=False
        )
        for (number, (one, _)), answer in zip(encoded.items(), answers, strict=True):
            with _kept_failure(results, number):
                results[number] = record(one, answer, generation)
        return results
    failure = next(iter(results.values()))
    if len(encoded) > 1 and isinstance(failure, ModelError):
        warnings.warn(
            f"{len(encoded)} items could not be answered together ({escaped(failure)}) and are "
            "answered one by one",
            stacklevel=5,
        )
        for number, one in encoded.items():
            results |= _explain_group(model, {number: one}, record, generation, layers)
    return results


def _listed(starts: Any, count: int) -> list[Any]:
    """With what each answer begins; a text, or a list of ids alone, is for all."""
    if starts is None or isinstance(starts, str) or not isinstance(starts, Sequence | np.ndarray):
        return [starts] * count
    listed = list(starts)
    if listed and all(isinstance(one, int | np.integer) for one in listed):
        return [listed] * count
    if len(listed) != count:
        raise OptionError(
            f"answer_start=[…] has {len(listed)} beginnings for {count} items: give one for all, "
            "or one for each, None for a free answer"
        )
    return listed


def _triple(item: Item) -> tuple[Any, Any, str | None]:
    if not isinstance(item, list | tuple) or len(item) not in (2, 3):
        raise PromptError(f"item {item!r:.80}: {_ITEMS}")
    image, prompt, *answer = item
    return image, prompt, answer[0] if answer else None


@contextmanager
def _kept_failure(results: Results, *numbers: int) -> Iterator[None]:
    """Stores any error except an interruption as the result of these items."""
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
    """Clears the error's frames: their tensors would stay on the device as long as it lives."""
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
            f"{len(failed)} of {len(results)} items could not be explained; the result contains "
            f"their errors. {escaped(listed):.2000}",
            stacklevel=4,
        )
