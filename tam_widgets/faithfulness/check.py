"""Checks maps of an explanation: removes the picture in their order, and in that of controls."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..attribution import Method
from ..capture.progress import progress_bar
from ..errors import OptionError
from ..explanation.explanation import Explanation
from ..explanation.faithfulness import FaithfulnessCheck
from .curves import planned, read_curves
from .masks import Mask, masks_of
from .orders import Orders
from .protocols import Protocol
from .rewriting import add_disjoint, areas, rewritten
from .units import Units

if TYPE_CHECKING:
    from ..capture.forcing.frozen_answer import FrozenAnswer

MAX_RANDOM_ORDERS = 1000

_PLURALS = {"pass": "passes", "answer": "answers"}

Maps = dict[str, NDArray[np.float32]]


def check(
    frozen: FrozenAnswer,
    explanation: Explanation,
    protocol: Protocol,
    *,
    tokens: int | str | Iterable[int] | None,
    methods: Sequence[str | Method],
    fill: str | None,
    mask: Any,
    random_orders: int,
    seed: int,
    progress: bool,
) -> FaithfulnessCheck:
    """Checks maps; the arguments are those of `Explainer.check`.

    Raises:
        OptionError: If an option is unknown or outside its range, a method has no maps of a
            token, or a mask does not fit the picture.
        TokenIndexError: If a token is not part of the answer.
    """
    _check_number("random_orders", random_orders, MAX_RANDOM_ORDERS)
    _check_number("seed", seed, 2**63)
    maps = _maps(explanation, methods)
    chosen = [] if _chooses(protocol, tokens) else _different(explanation.answer_tokens(tokens))
    masks = masks_of(mask, explanation, chosen) if chosen else []
    fill = protocol.fill if fill is None else fill
    blank = frozen.blank(fill)
    units = Units(frozen, protocol)
    answer = range(frozen.prompt_length, frozen.prompt_length + len(frozen.ids))
    both = frozen.log_probabilities([frozen.pictures, blank], answer).astype(np.float32)
    if not chosen:
        chosen = _reliant(explanation, both, protocol)
        masks = masks_of(mask, explanation, chosen)
    _check_computed(explanation, maps, chosen)
    orders = _orders(units, maps, chosen, masks, random_orders, seed)
    shares = np.zeros(0)
    curves = np.zeros((2, 0, 0, len(answer)), np.float32)
    answers: tuple[str, ...] = ()
    if protocol.share is not None:
        size = max(1, round(protocol.share * len(units)))
        add_disjoint(orders, size, random_orders)
        found, index = areas(orders.places, size)
        with _interruptible(len(found) + 1, "answer", progress, done=0) as passes:
            texts = rewritten(frozen, units, blank, found, passes.add)
        answers = (*(texts[number] for number in index), texts[-1])
        curves = np.zeros((2, len(orders.places), 0, len(answer)), np.float32)
    else:
        ends = protocol.ends(len(units))
        plan = planned(orders.places, ends, orders.turned)
        with _interruptible(2 + len(plan.removed), "pass", progress, done=2) as passes:
            curves = read_curves(frozen, units, plan, both, blank, passes.add)
        shares = ends / len(units)
    ranking = np.stack(orders.places)
    return FaithfulnessCheck(
        tokens=tuple(chosen),
        texts=tuple(explanation.tokens[token].text for token in chosen),
        answer_start=frozen.prompt_length,
        protocol=protocol.name,
        fill=fill,
        seed=seed,
        units=protocol.units,
        orders=tuple(orders.named),
        ranking=ranking[:, :0] if protocol.units == "pixels" else units.numbered(ranking),
        shares=shares,
        deletion_log_p=curves[0],
        insertion_log_p=curves[1],
        full_log_p=both[0],
        blank_log_p=both[1],
        relative=protocol.relative,
        settings=_settings(protocol),
        answers=answers,
    )


def _orders(
    units: Units,
    maps: Maps,
    tokens: Sequence[int],
    masks: Sequence[Mask | None],
    random_orders: int,
    seed: int,
) -> Orders:
    """The orders of the methods' maps, and those of the controls."""
    orders = Orders(len(units), len(tokens), seed)
    for name, values in maps.items():
        orders.add(name, "method", [units.of_map(values[token]) for token in tokens])
    for number in range(random_orders):
        orders.add_random(number)
    orders.add_shared("centre", "centre", units.centrality())
    if any(one is not None for one in masks):
        inside = [None if one is None else units.means([one]) for one in masks]
        orders.add("mask", "mask", inside)
    return orders


@dataclass
class _Passes:
    """Passes of the model that are done; a bar that is not shown does not count them."""

    bar: Any
    done: int

    def add(self, number: int) -> None:
        self.done += number
        self.bar.update(number)


@contextmanager
def _interruptible(total: int, unit: str, shown: bool, *, done: int) -> Iterator[_Passes]:
    """A progress bar; an interruption is reported with how far the check was."""
    with progress_bar(total, unit, shown=shown, keep=False, initial=done) as bar:
        passes = _Passes(bar, done)
        try:
            yield passes
        except KeyboardInterrupt:
            warnings.warn(
                f"the check was stopped after {passes.done} of {total} {_PLURALS[unit]} of the "
                "model: nothing of it is kept; fewer tokens, methods or orders take less time",
                stacklevel=4,
            )
            raise


def _settings(protocol: Protocol) -> dict[str, Any]:
    facts = {"source": protocol.source, "squares": protocol.squares, "share": protocol.share}
    return {name: value for name, value in facts.items() if value}


def _maps(explanation: Explanation, methods: Sequence[str | Method]) -> Maps:
    """The maps of each method by its name."""
    if isinstance(methods, str | Method) or not methods:
        raise OptionError(f'methods={methods!r:.80}: give a list, such as ["tam"]')
    maps: Maps = {}
    for method in methods:
        known = explanation.method(method)
        if known.name in maps:
            raise OptionError(f"methods={methods!r:.80}: {known.name!r} is given twice")
        maps[known.name] = explanation.maps(method)
    return maps


def _check_computed(explanation: Explanation, maps: Maps, tokens: Sequence[int]) -> None:
    for name in maps:
        computed = explanation.extra_tokens.get(name)
        missing = [token for token in tokens if computed is not None and token not in computed]
        if missing:
            raise OptionError(
                f"the maps of {name!r} were computed for the tokens {list(computed or ())!r:.80}, "
                f"not for {missing!r:.80}: call Explainer.attribute(explanation, [{name!r}], "
                "tokens=…) with these, or check only the former"
            )


def _chooses(protocol: Protocol, tokens: Any) -> bool:
    return tokens is None and protocol.least_reliance is not None


def _reliant(explanation: Explanation, both: NDArray[np.float32], protocol: Protocol) -> list[int]:
    """Tokens that lose enough without the picture, as a protocol chooses them."""
    start, reliance = explanation.prompt_length, both[0] - both[1]
    found = [
        token
        for token in explanation.answer_tokens()
        if token > start and reliance[token - start] > (protocol.least_reliance or 0)
    ]
    if not found:
        raise OptionError(
            f"protocol={protocol.name!r} checks tokens whose log-probability falls by more than "
            f"{protocol.least_reliance:g} without the picture, and none does: name some, "
            "tokens=…"
        )
    return found


def _different(tokens: list[int]) -> list[int]:
    return list(dict.fromkeys(tokens))


def _check_number(name: str, value: Any, limit: int) -> None:
    known = isinstance(value, int | np.integer) and not isinstance(value, bool)
    if not known or not 0 <= value < limit:
        raise OptionError(f"{name}={value!r:.80}: give an integer from 0 to {limit - 1}")
