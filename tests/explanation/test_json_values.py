"""JSON from strangers is refused where it is of another type or range, with the place."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tam_widgets.explanation import json_values as values
from tam_widgets.explanation.json_values import Check, MalformedError, parsed

COUNT = values.whole(0, 9)
PAIR = values.fields(dict, {"left": COUNT}, {"right": values.several(COUNT)})


@pytest.mark.parametrize(
    ("check", "value", "said"),
    [
        (COUNT, 10, "a whole number from 0 to 9 is expected, not 10"),
        (COUNT, True, "not True"),
        (COUNT, 1.0, "not 1.0"),
        (COUNT, "1", "not a text of 1"),
        (COUNT, None, "not None"),
        (values.number(0, 1), 2, "a number from 0 to 1 is expected, not 2"),
        (values.number(0, 1), False, "not False"),
        (values.text(2, shortest=1), "", "a text of 1 to 2 characters is expected"),
        (values.text(2), "abc", "not a text of 3"),
        (values.choice("a", "b"), "c", "one of a, b is expected"),
        (values.choice("a", "b"), ["a"], "not a list of 1"),
        (values.flag, 1, "true or false is expected"),
        (values.plain, {}, "not an object of 0"),
        (values.plain, 2**63, "a text, a number, true, false or null is expected"),
        (values.optional(COUNT), -1, "not -1"),
        (values.several(COUNT, least=1), [], "a list of 1 or more is expected"),
        (values.several(COUNT), {"a": 1}, "not an object of 1"),
        (values.row(2, COUNT), [1], "a list of 2 is expected, not a list of 1"),
        (values.mapping(values.text(2), COUNT), {"abc": 1}, "a text of 0 to 2 characters"),
        (values.several(PAIR), [{"left": 1}, {"left": 1, "right": [0, 99]}], "1.right.1: a whole"),
        (PAIR, {"right": []}, "the field 'left' is missing"),
        (PAIR, {"left": 1, "colour": 2}, "the field 'colour' is unknown"),
        (PAIR, [], "an object is expected"),
    ],
)
def test_other_values_are_refused(check: Check, value: Any, said: str) -> None:
    with pytest.raises(MalformedError) as refused:
        check(value)
    assert said in str(refused.value)


def test_values_become_what_they_stand_for() -> None:
    assert values.several(PAIR)([{"left": 1, "right": [2, 3]}, {"left": 0}]) == (
        {"left": 1, "right": (2, 3)},
        {"left": 0},
    )
    number = values.number(0, 9)(3)
    assert (number, type(number)) == (3.0, float)
    assert values.optional(COUNT)(None) is None
    assert values.mapping(values.text(2), values.plain)({"a": None}) == {"a": None}


@pytest.mark.parametrize(
    "text",
    [
        "NaN",
        "[-Infinity]",
        "1e999",
        "-1e999",
        r'"\ud800"',
        r'{"\udc00": 1}',
        '"\ud800"',
        "[1,]",
        "",
        "1" * 5_000,
    ],
)
def test_text_that_cannot_be_saved_again_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parsed(text)


def depth(value: Any) -> int:
    inner = value.values() if isinstance(value, dict) else value
    return 1 + max(map(depth, inner), default=0) if isinstance(value, dict | list) else 0


TRICKY = st.text('[]{}"\\u,:')
NESTED = st.recursive(
    TRICKY, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TRICKY, inner, max_size=3)
)


@given(value=NESTED, deepest=st.integers(0, 4), tail=st.sampled_from(["", "]", '"', "["]))
def test_deep_nesting_is_refused_before_it_is_parsed(value: Any, deepest: int, tail: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(values, "DEEPEST", deepest)
        if depth(value) > deepest:
            with pytest.raises(ValueError, match="nested too deeply"):
                parsed(json.dumps(value) + tail)
        elif not tail:
            assert parsed(json.dumps(value)) == value


def test_the_deepest_that_is_read() -> None:
    assert depth(parsed("[" * 300 + "]" * 300)) == 300
    for opened, closed in (("[", "]"), ('{"a":', "}")):
        with pytest.raises(ValueError, match="nested too deeply"):
            parsed(opened * (values.DEEPEST + 1) + "1" + closed)


def test_pairs_of_escapes_are_one_character() -> None:
    assert parsed(r'"\ud83d\udc31 \u732b"') == "🐱 猫"
