"""Another word in a token's place has the map that it would have had, had it been written."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tam_widgets as tw
from tam_widgets.attribution import alternative_map, contrast
from tam_widgets.capture.recording import record
from tests.views.made import explanation, with_alternatives

FIXTURE = Path(__file__).parents[1] / "fixtures" / "alternatives.json"
CASES: tuple[dict[str, Any], ...] = (
    {},
    {"eci": 0.5},
    {"eci": False, "rgf": False},
    {"rgf": False},
    {"border": "repeat"},
)
MAPS: tuple[dict[str, Any], ...] = (
    {},
    {"leave_out": "id"},
    {"border": "repeat"},
    {"border": "repeat", "leave_out": "id", "eci": 0.5},
)


def trace(answer: list[int], seed: int = 0) -> tw.Trace:
    """A trace of random states that do not depend on the answer's last token."""
    random = np.random.default_rng(seed)
    hidden = random.normal(size=(40, 8)).astype(np.float32)
    return tw.Trace.from_arrays(
        input_ids=[1, *[0] * 24, 2, 3, 4],
        answer_ids=answer,
        hidden=hidden[: 28 + len(answer) - 1],
        classifier=random.normal(size=(12, 8)).astype(np.float32),
        visual=range(1, 25),
        prompt=range(25, 28),
        grids=[(2, 3, 4)],
    )


@pytest.mark.parametrize("options", CASES)
@pytest.mark.parametrize("place", [0, 1, 4])
def test_the_map_is_that_of_the_answer_with_the_other_word(
    place: int, options: dict[str, Any]
) -> None:
    answer = [5, 6, 5, 7, 8]
    written = record(trace(answer))
    token = written.prompt_length + place
    number = next(i for i, other in enumerate(written.alternatives) if other.token == token)
    other = written.alternatives[number].ids[0]
    forced = record(trace([*answer[:place], other]))
    expected = tw.token_activation_maps(forced, **options)[token]
    np.testing.assert_allclose(
        alternative_map(written, number, **options), expected, rtol=1e-6, atol=1e-7
    )


def test_several_pieces_show_their_largest_values() -> None:
    made = with_alternatives(explanation())
    pieces = alternative_map(made, 1, rgf=False)
    assert pieces.shape == (made.visual_length,)
    assert 0 <= pieces.min() <= pieces.max() <= 1


def test_contrast_is_signed_and_weighs_both_on_one_scale() -> None:
    made = with_alternatives(explanation())
    difference = contrast(made, 0, eci=False, rgf=False)
    own, other = made.activations[made.alternatives[0].token], made.alternative_activations[0]
    values = [own, other, made.relevance[5, :5], made.alternative_relevance[0, :5]]
    low, high = (f(np.concatenate(values)) for f in (np.min, np.max))
    np.testing.assert_allclose(difference, (own - other) / (high - low), atol=1e-6)


def test_contrast_with_a_silent_word_is_the_tokens_own_map() -> None:
    made = with_alternatives(explanation())
    rows = np.zeros_like(made.alternative_activations)
    silent = replace(made, alternative_activations=rows, alternative_relevance=rows[:, :7])
    difference = contrast(silent, 0)
    np.testing.assert_allclose(difference, made.maps()[5], atol=1e-6)


def test_a_context_token_of_the_alternatives_class_is_left_out() -> None:
    made = replace(with_alternatives(explanation()), first_class=50)
    without = made.relevance.copy()
    without[:, 0] = 0
    others = made.alternative_relevance.copy()
    others[:, 0] = 0
    silent = replace(made, relevance=without, alternative_relevance=others)
    assert made.alternative_relevance[0, 0] < made.alternative_relevance[0].max()
    np.testing.assert_allclose(
        alternative_map(made, 0, rgf=False), alternative_map(silent, 0, rgf=False), atol=1e-6
    )


def test_options_are_checked() -> None:
    made = with_alternatives(explanation())
    with pytest.raises(tw.errors.OptionError, match="kernel"):
        alternative_map(made, 0, kernel_size=4)
    with pytest.raises(tw.errors.OptionError, match="border='wrap': give one of reflect, repeat"):
        alternative_map(made, 0, border="wrap")
    with pytest.raises(tw.errors.OptionError, match="eci"):
        contrast(made, 0, eci=2.0)


def fixture() -> dict[str, Any]:
    """What the browser must compute from the third panel of wire.json, a conversation."""
    made = with_alternatives(explanation(grids=tuple(_tiles())))
    return {
        "maps": [
            {"options": options, "maps": tw.token_activation_maps(made, **options).tolist()}
            for options in MAPS
        ],
        "cases": [
            {
                "alternative": number,
                "options": options,
                "map": alternative_map(made, number, **options).tolist(),
                "contrast": contrast(made, number, **options).tolist(),
            }
            for number in range(len(made.alternatives))
            for options in CASES
        ],
    }


def _tiles() -> list[tw.Grid]:
    return [
        tw.Grid(2, 2, (0, 0, 6, 8)),
        tw.Grid(2, 2, (6, 0, 12, 8)),
        tw.Grid(1, 2, (0, 0, 12, 8), thumbnail=True),
    ]


def test_the_browser_is_tested_on_the_same_numbers() -> None:
    """After a wanted change: `python -m tests.attribution.test_alternatives` writes it anew."""
    stored = json.loads(FIXTURE.read_text("utf-8"))
    for case, expected in zip(fixture()["maps"], stored["maps"], strict=True):
        np.testing.assert_allclose(case["maps"], expected["maps"], atol=1e-6)
    for case, expected in zip(fixture()["cases"], stored["cases"], strict=True):
        np.testing.assert_allclose(case["map"], expected["map"], atol=1e-6)
        np.testing.assert_allclose(case["contrast"], expected["contrast"], atol=1e-6)


if __name__ == "__main__":
    FIXTURE.write_text(json.dumps(fixture(), indent=1) + "\n", "utf-8")
