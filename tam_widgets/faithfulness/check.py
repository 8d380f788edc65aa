"""Checks maps of an explanation: removes the picture in their order, and in that of controls."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ..attribution import Method
from ..capture.progress import progress_bar
from ..errors import OptionError
from ..explanation.check_record import CheckProgress, CheckRecord, Watch
from ..explanation.explanation import Explanation
from ..explanation.faithfulness import FaithfulnessCheck
from .curves import Plan, planned, read_pictures
from .masks import Mask, masks_of
from .orders import Orders
from .protocols import Protocol
from .rewriting import add_disjoint, areas, rewritten
from .units import Units

if TYPE_CHECKING:
    from ..capture.forcing.black_box import BlackBoxAnswer

MAX_RANDOM_ORDERS = 1000
ENDS = 2
"""Passes with the whole and with the blank picture, where all curves begin and end."""

_PLURALS = {"pass": "passes", "answer": "answers"}

Facts = dict[str, Any]
Maps = dict[str, NDArray[np.float32]]


def check(
    frozen: BlackBoxAnswer,
    explanation: Explanation,
    protocol: Protocol,
    *,
    tokens: int | str | Iterable[int | str] | None,
    methods: Sequence[str | Method],
    fill: str | None,
    mask: Any,
    random_orders: int,
    seed: int,
    progress: bool | Watch,
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
    read = frozen.log_probabilities([frozen.pictures, blank], frozen.answer_tokens)
    both = read.astype(np.float32)
    if not chosen:
        chosen = _reliant(explanation, both, protocol)
        masks = masks_of(mask, explanation, chosen)
    _check_computed(explanation, maps, chosen)
    orders = _orders(units, maps, chosen, masks, random_orders, seed)
    removal = _Removal(frozen, units, blank, orders, both)
    facts = {
        "tokens": tuple(chosen),
        "texts": tuple(explanation.tokens[token].text for token in chosen),
        "answer_start": frozen.answer_tokens.start,
        "protocol": protocol.name,
        "fill": fill,
        "seed": seed,
        "units": protocol.units,
        "full_log_p": both[0],
        "blank_log_p": both[1],
        "relative": protocol.relative,
        "settings": _settings(protocol),
    }
    if protocol.share is None:
        ends = protocol.ends(len(units))
        return FaithfulnessCheck(**facts, **_curves(removal, ends, facts, progress))
    size = max(1, round(protocol.share * len(units)))
    add_disjoint(orders, size, random_orders)
    return FaithfulnessCheck(**facts, **_answers(removal, size, facts, progress))


def passes_of_check(
    frozen: BlackBoxAnswer,
    explanation: Explanation,
    protocol: Protocol,
    *,
    tokens: int | str | Iterable[int | str] | None,
    methods: Sequence[str | Method],
    mask: Any,
    random_orders: int,
    seed: int,
) -> int:
    """How often a check with curves reads the answer; the arguments are those of `check`.

    Raises:
        OptionError: As `check`; and if the protocol chooses the tokens, which takes passes, or has
            no curves.
    """
    if _chooses(protocol, tokens) or protocol.share is not None:
        raise OptionError(
            f"protocol={protocol.name!r}: how much it asks is not known before; name tokens of "
            "the answer, and choose a protocol with curves"
        )
    _check_number("random_orders", random_orders, MAX_RANDOM_ORDERS)
    _check_number("seed", seed, 2**63)
    maps, chosen = _maps(explanation, methods), _different(explanation.answer_tokens(tokens))
    masks = masks_of(mask, explanation, chosen)
    _check_computed(explanation, maps, chosen)
    units = Units(frozen, protocol)
    orders = _orders(units, maps, chosen, masks, random_orders, seed)
    return ENDS + len(_planned(orders, protocol.ends(len(units))).removed)


class _Removal(NamedTuple):
    """What is removed from an answer's pictures, and how likely it is with and without them."""

    frozen: BlackBoxAnswer
    units: Units
    blank: Sequence[Image.Image]
    orders: Orders
    both: NDArray[np.float32]

    def facts(self, shares: NDArray[np.float64], curves: NDArray[np.float32]) -> Facts:
        """The orders and the curves, [sides, rows, steps + 1, answer], as a check has them."""
        ranking = np.stack(self.orders.places)
        listed = self.units.kind != "pixels"
        return {
            "orders": tuple(self.orders.named),
            "ranking": self.units.numbered(ranking) if listed else ranking[:, :0],
            "shares": shares,
            "deletion_log_p": curves[0],
            "insertion_log_p": curves[1],
        }


def _curves(
    removal: _Removal, ends: NDArray[np.int64], facts: Facts, progress: bool | Watch
) -> Facts:
    frozen, units, blank, orders, both = removal
    plan = _planned(orders, ends)
    read = np.full((len(plan.removed), both.shape[1]), np.nan, np.float32)

    def known() -> Facts:
        return removal.facts(ends / len(units), plan.curves(read, both))

    total = ENDS + len(plan.removed)
    stopped = frozen.when_stopped
    with _watched(total, "pass", progress, facts, known, stopped, done=ENDS) as passes:
        for values in read_pictures(frozen, units, plan, blank):
            read[passes.done - ENDS :][: len(values)] = values
            passes.add(len(values))
    return known()


def _planned(orders: Orders, ends: NDArray[np.int64]) -> Plan:
    return planned(orders.places, ends, orders.turned, orders.of_methods)


def _answers(removal: _Removal, size: int, facts: Facts, progress: bool | Watch) -> Facts:
    frozen, units, blank, orders, both = removal
    found, index = areas(orders.places, size)
    none = np.zeros((2, len(orders.places), 0, both.shape[1]), np.float32)

    def known() -> Facts:
        return removal.facts(np.zeros(0), none.copy())

    stopped = frozen.when_stopped
    with _watched(len(found) + 1, "answer", progress, facts, known, stopped, done=0) as passes:
        texts = rewritten(frozen, units, blank, found, passes.add)
    return known() | {"answers": (*(texts[number] for number in index), texts[-1])}


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

    done: int
    tell: Callable[[int], Any]

    def add(self, number: int) -> None:
        self.done += number
        self.tell(number)


@contextmanager
def _watched(
    total: int,
    unit: str,
    progress: bool | Watch,
    facts: Facts,
    known: Callable[[], Facts],
    when_stopped: str,
    *,
    done: int,
) -> Iterator[_Passes]:
    """Counts passes on a bar, whose interruption is reported, or for a function that watches."""
    if callable(progress):
        watch = progress

        def tell(_number: int) -> None:
            watch(CheckProgress(passes.done, total, CheckRecord(**facts, **known())))

        passes = _Passes(done, tell)
        tell(done)
        yield passes
        return
    with progress_bar(total, unit, shown=progress, keep=False, initial=done) as bar:
        passes = _Passes(done, bar.update)
        try:
            yield passes
        except KeyboardInterrupt:
            warnings.warn(
                f"the check was stopped after {passes.done} of {total} {_PLURALS[unit]} of the "
                f"model: {when_stopped}",
                stacklevel=6,
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
