"""Reads JSON from strangers: each function makes a check of a value's type and range.

A check takes a parsed value, and returns what it stands for or raises `MalformedError`. Pure
Python, so that files open wherever Python runs, in a browser too.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from itertools import accumulate
from typing import Any, NoReturn

Check = Callable[[Any], Any]

DEEPEST = 1000
"""Most levels of nested lists and objects. Python's own limit is no help in a browser, where too
many end the interpreter."""

_OTHERS = bytes({*range(256)} - {*b'[]{}"'})


class MalformedError(ValueError):
    """A value of another type, or outside its range.

    Attributes:
        said: What is wrong with it.
        place: The names and indices that lead to it, outermost first.
    """

    def __init__(self, said: str) -> None:
        super().__init__(said)
        self.said = said
        self.place: list[str] = []

    def __str__(self) -> str:
        return ": ".join([".".join(self.place), self.said] if self.place else [self.said])


def parsed(text: str) -> Any:
    """The value of JSON text.

    Raises:
        ValueError, RecursionError: If it is not JSON, is nested too deeply, or contains a number
            that is not finite or half a character, which could not be saved again.
    """
    _check_depth(text.encode())
    value = json.loads(text, parse_constant=_refuse, parse_float=_finite)
    if "\\u" in text:  # a pair of such escapes is one character
        json.dumps(value, ensure_ascii=False).encode()
    return value


def whole(low: int, high: int) -> Check:
    """An integer."""

    def check(value: Any) -> int:
        if type(value) is int and low <= value <= high:
            return value
        raise _unexpected(f"a whole number from {low} to {high}", value)

    return check


def number(low: float, high: float) -> Check:
    """A number; an integer is converted to float."""

    def check(value: Any) -> float:
        if type(value) in (float, int) and low <= value <= high:
            return float(value)
        raise _unexpected(f"a number from {low:g} to {high:g}", value)

    return check


def text(longest: int, shortest: int = 0) -> Check:
    """A text of so many characters."""

    def check(value: Any) -> str:
        if type(value) is str and shortest <= len(value) <= longest:
            return value
        raise _unexpected(f"a text of {shortest} to {longest} characters", value)

    return check


def choice(*values: str) -> Check:
    """One of some texts."""

    def check(value: Any) -> str:
        if type(value) is str and value in values:
            return value
        raise _unexpected(f"one of {', '.join(values)}", value)

    return check


def flag(value: Any) -> bool:
    """True or false."""
    if type(value) is bool:
        return value
    raise _unexpected("true or false", value)


def plain(value: Any) -> str | int | float | bool | None:
    """Anything but lists and objects; an integer has at most 64 bits."""
    if isinstance(value, dict | list) or (type(value) is int and abs(value) >= 2**63):
        raise _unexpected("a text, a number, true, false or null", value)
    return value  # type: ignore[no-any-return]


def optional(inner: Check) -> Check:
    """The value, or null."""
    return lambda value: None if value is None else inner(value)


def several(inner: Check, least: int = 0) -> Check:
    """A list, which becomes a tuple."""

    def check(value: Any) -> tuple[Any, ...]:
        if type(value) is not list or len(value) < least:
            raise _unexpected(f"a list of {least} or more", value)
        found: list[Any] = []
        try:
            found.extend(map(inner, value))
        except MalformedError as error:
            error.place.insert(0, str(len(found)))
            raise
        return tuple(found)

    return check


def row(count: int, inner: Check) -> Check:
    """A list of so many, which becomes a tuple."""
    listed = several(inner)

    def check(value: Any) -> tuple[Any, ...]:
        if type(value) is not list or len(value) != count:
            raise _unexpected(f"a list of {count}", value)
        return tuple(listed(value))

    return check


def entries(value: Any) -> dict[str, Any]:
    """An object, whatever it contains."""
    if type(value) is dict:
        return value
    raise _unexpected("an object", value)


def mapping(name: Check, inner: Check) -> Check:
    """An object with any names."""
    return lambda value: {name(own): inner(one) for own, one in entries(value).items()}


def fields(
    make: Callable[..., Any],
    required: Mapping[str, Check],
    left_out: Mapping[str, Check] | None = None,
) -> Check:
    """An object with known names.

    Args:
        make: Called with the checked values by name.
        required: Checks of the values that must be given.
        left_out: Checks of those that may be left out.
    """
    known = {**required, **(left_out or {})}

    def check(value: Any) -> Any:
        given = entries(value).keys()
        if not required.keys() <= given:
            raise MalformedError(f"the field {min(required.keys() - given)!r} is missing")
        found = {}
        for name, own in value.items():
            if name not in known:
                raise MalformedError(f"the field {name!r:.80} is unknown")
            try:
                found[name] = known[name](own)
            except MalformedError as error:
                error.place.insert(0, name)
                raise
        return make(**found)

    return check


def _check_depth(encoded: bytes) -> None:
    if encoded.count(b"[") + encoded.count(b"{") <= DEEPEST:
        return
    unescaped = encoded.replace(b"\\\\", b"").replace(b'\\"', b"")
    # two quotes in a row begin and end a text, or end one and begin the next
    pairs = unescaped.translate(None, _OTHERS).replace(b'""', b"").split(b'"')
    steps = (1 if bracket in b"[{" else -1 for bracket in b"".join(pairs[::2]))
    if max(accumulate(steps), default=0) > DEEPEST:
        raise ValueError("it is nested too deeply")


def _unexpected(expected: str, value: Any) -> MalformedError:
    if isinstance(value, str):
        given = f"a text of {len(value)}"
    elif isinstance(value, dict | list):
        given = f"{'a list' if isinstance(value, list) else 'an object'} of {len(value)}"
    else:
        given = f"{value!r:.40}"
    return MalformedError(f"{expected} is expected, not {given}")


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON number")


def _finite(digits: str) -> float:
    value = float(digits)
    if math.isinf(value):
        raise ValueError(f"{digits[:40]} is too large")
    return value
