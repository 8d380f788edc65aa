"""Checks as a view shows them: the curves of a word, small enough to travel with every view."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...contract import CONTRACT
from ...explanation.check_record import NONE, CheckRecord, Floats, Order
from ...explanation.explanation import Explanation
from ...explanation.faithfulness import FaithfulnessCheck
from .question import Json

MOST_BYTES = 400_000
"""Of all checks of one explanation; the oldest are left out."""

MOST_UNITS = 2**20
"""Most units whose steps are told."""

TOGETHER = "aggregate"
"""Setting of a check whose tokens are pieces of one word or span, with one map for all."""

_DIGITS = 4
_SIDES = ("deletion", "insertion")


def known(explanation: Explanation) -> Json | None:
    """The checks of an explanation, the newest first; None if there are none."""
    found: list[Json] = []
    size = 0
    words = list(_words(explanation))
    for number, (check, tokens, order) in enumerate(words):
        made = entry(explanation, check, tokens, order)
        size += len(json.dumps(made))
        if size > MOST_BYTES:
            return {"entries": found, "left_out": len(words) - number}
        found.append(made)
    return {"entries": found, "left_out": 0} if found else None


def _words(
    explanation: Explanation,
) -> Iterator[tuple[FaithfulnessCheck, tuple[int, ...], Order]]:
    """Each checked word with each method that was checked on it."""
    for check in reversed(explanation.checks):
        together = TOGETHER in check.settings
        for tokens in [check.tokens] if together else [(token,) for token in check.tokens]:
            for order in check.orders:
                if order.kind == "method":
                    yield check, tokens, order


def entry(
    explanation: Explanation, check: FaithfulnessCheck, tokens: Sequence[int], order: Order
) -> Json:
    """A word's curves with their areas, or whether the answer changes.

    Args:
        explanation: That of the check.
        check: The check.
        tokens: Tokens of the word, which have the same order.
        order: That of a method's map.
    """
    method = explanation.methods.get(order.name)
    found = curves(check, tokens, order) | {
        "label": method.label if method else order.name,
        "settings": view_settings(check),
    }
    if check.answers:
        return found | {"answers": _answers(check, tokens, order)}
    word = _as_one_token(check, tokens)
    return found | {"areas": {side: _areas(word, order.name, side) for side in _SIDES}}


def view_settings(check: FaithfulnessCheck) -> Json:
    """Settings of the view in which a check was asked for; others are at their defaults."""
    return {name: check.settings[name] for name in CONTRACT.settings if name in check.settings}


def curves(check: CheckRecord, tokens: Sequence[int], order: Order) -> Json:
    """A word's curves, as far as they are known.

    The probability of a word is the product of those of its pieces. Of the random orders the mean,
    the lowest and the highest value of each step are given; null is what was not read yet.

    Args:
        check: The check, or what is known of it.
        tokens: As for `entry`.
        order: As for `entry`.
    """
    word = _as_one_token(check, tokens)
    others = {own.kind: own.rows[0] for own in word.orders if own.kind in ("centre", "mask")}
    lines = {"method": _of(word, order).rows[0], **others}
    squares = check.settings.get("squares")
    random = [own.rows[0] for own in word.orders if own.kind == "random"]
    return {
        "tokens": [int(token) for token in tokens],
        "method": order.name,
        "protocol": check.protocol,
        "fill": check.fill,
        "units": check.units,
        "squares": squares if isinstance(squares, int) else 0,
        "relative": check.relative,
        "full": _rounded(np.exp(word.full_log_p))[0],
        "blank": _rounded(np.exp(word.blank_log_p))[0],
        "shares": _rounded(_shares(check)),
        "curves": {
            kind: {side: _rounded(_p(word, side)[row]) for side in _SIDES}
            for kind, row in lines.items()
            if row != NONE and len(check.shares)
        },
        "random": {
            "count": len(random),
            **{side: _band(_p(word, side)[random]) for side in _SIDES if random},
        },
        "steps": _removed_at(word, _of(word, order).rows[0]),
    }


def _as_one_token(check: CheckRecord, tokens: Sequence[int]) -> Any:
    """A check of one token whose probability is the product of the tokens' own."""
    columns = [token - check.answer_start for token in tokens]
    place = check.tokens.index(tokens[0])
    sums = {
        name: np.minimum(getattr(check, name)[..., columns].sum(axis=-1, keepdims=True), 0)
        for name in ("deletion_log_p", "insertion_log_p", "full_log_p", "blank_log_p")
    }
    return replace(
        check,
        tokens=(check.answer_start,),
        texts=("",),
        orders=tuple(replace(order, rows=(order.rows[place],)) for order in check.orders),
        **sums,
    )


def _of(word: CheckRecord, order: Order) -> Order:
    """The same order of a word of one token."""
    return next(own for own in word.orders if (own.name, own.kind) == (order.name, order.kind))


def _p(word: CheckRecord, side: str) -> Floats:
    """Probabilities on all curves of one side, float64 [rows, steps + 1]."""
    logs: NDArray[np.float32] = getattr(word, f"{side}_log_p")[..., 0]
    return np.exp(logs.astype(np.float64))


def _band(p: Floats) -> Json:
    return {
        "mean": _rounded(p.mean(axis=0)),
        "low": _rounded(p.min(axis=0)),
        "high": _rounded(p.max(axis=0)),
    }


def _areas(word: FaithfulnessCheck, method: str, side: str) -> Json:
    area = word.deletion if side == "deletion" else word.insertion
    random = [_number(one[0]) for one in getattr(word.random, side)]
    found: Json = {"method": _number(area(word.order(method))[0]), "random": random}
    for own in word.orders:
        if own.kind in ("centre", "mask") and own.rows[0] != NONE:
            found[own.kind] = _number(area(own)[0])
    return found


def _answers(check: FaithfulnessCheck, tokens: Sequence[int], order: Order) -> Json:
    """What the model writes with and without the map's area, and how often others change it."""
    place = check.tokens.index(tokens[0])
    others = [own for own in check.orders if own.kind in ("random", "disjoint")]
    mine = [own for own in others if own.kind == "random" or own.name.startswith(order.name + ",")]
    return {
        "whole": check.answers[-1],
        "removed": check.answers[order.rows[place]],
        "others": [int(sum(check.changed(own)[place] for own in mine)), len(mine)],
    }


def _shares(check: CheckRecord) -> Floats:
    """Shares of the steps; of a protocol without curves, whose only step fills a part."""
    share = check.settings.get("share")
    if len(check.shares) or not isinstance(share, float):
        return check.shares
    return np.array([0, share, 1])


def _removed_at(check: CheckRecord, row: int) -> str:
    """At which step each unit is removed, uint16 [units] in base64; 65535 for no unit.

    Units are numbered as in `CheckRecord.ranking`; empty where these are unknown.
    """
    ranking, shares = check.ranking[row], _shares(check)
    if not len(ranking) or not len(shares) or ranking.max() >= MOST_UNITS:
        return ""
    ends = np.maximum(np.rint(shares * len(ranking)), shares > 0)
    found = np.full(int(ranking.max()) + 1, np.iinfo(np.uint16).max, "<u2")
    found[ranking] = np.searchsorted(ends, np.arange(len(ranking)), side="right")
    return base64.b64encode(found.tobytes()).decode()


def _rounded(values: Floats) -> list[float | None]:
    return [_number(value) for value in values]


def _number(value: float) -> float | None:
    return round(float(value), _DIGITS) if np.isfinite(value) else None
