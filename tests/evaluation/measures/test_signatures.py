"""Failure signatures: each case that shows one is told, and the good case shows none."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tam_widgets.attribution import METHODS, Method
from tam_widgets.evaluation.measures.evidence import evidence, inside_picture
from tam_widgets.evaluation.measures.scoring import Scoring, score_sample
from tam_widgets.evaluation.measures.signatures import (
    SHOWN,
    SIGNATURES,
    TEXT_OUTWEIGHS,
    WEAKEST,
    signatures_of,
    text_limit,
)
from tam_widgets.evaluation.words.language import Library
from tam_widgets.explanation.explanation import Explanation
from tam_widgets.explanation.geometry import Grid
from tests.evaluation.made import LEFT, RIGHT, explanation, mask, sample

CAM = METHODS["cam"]
ECI = METHODS["tam-no-rgf"].variant("eci")


@pytest.fixture(scope="module")
def english() -> Library:
    return Library()


def shown(
    english: Library, made: Explanation, labels: np.ndarray, method: Method = CAM
) -> dict[str, list[str]]:
    record = score_sample(made, sample("a", labels), Scoring((method,), english)).record
    return signatures_of(record, record["methods"][method.name])


def test_a_good_case_shows_none(english: Library) -> None:
    assert shown(english, explanation(["the", "cat"], [None, LEFT]), mask(cat=LEFT)) == {}


def test_quiet_maps_beside_the_objects_are_a_collapse(english: Library) -> None:
    made = explanation(["the", "cat"], [None, slice(7, 8)])
    assert shown(english, made, mask(cat=LEFT))["background collapse"] == ["cat"]
    loud = explanation(["the", "cat"], [slice(0, 7), slice(7, 8)])
    assert "background collapse" not in shown(english, loud, mask(cat=LEFT))


def test_missed_and_hallucinated_objects(english: Library) -> None:
    made = explanation(["a", "dog"], [None, RIGHT])
    found = shown(english, made, mask(cat=LEFT))
    assert found["object missed"] == ["cat"]
    assert found["object hallucinated"] == ["dog"]


def test_a_noun_of_no_category_that_hardly_activates_anything_counts_as_hallucinated(
    english: Library,
) -> None:
    made = explanation(["cat", "dog", "house"], [LEFT, RIGHT, LEFT])
    made.activations.setflags(write=True)
    made.activations[2] *= 0.4
    labels = mask(cat=LEFT, dog=RIGHT)
    assert shown(english, made, labels)["object hallucinated"] == ["house"]


def test_an_object_that_is_there_is_not_hallucinated_however_weak_its_support(
    english: Library,
) -> None:
    made = explanation(["cat", "dog", "house"], [LEFT, RIGHT, LEFT])
    made.activations.setflags(write=True)
    made.activations[1] *= 0.4
    labels = mask(cat=LEFT, dog=RIGHT)
    assert "object hallucinated" not in shown(english, made, labels)


def test_objects_beside_the_crop(english: Library) -> None:
    crop = Grid(4, 8, (0, 0, 40, 40))
    made = explanation(["a", "dog"], [None, LEFT], crop)
    found = shown(english, made, mask(dog=RIGHT))
    assert found == {"outside of what the model saw": ["dog"]}


def test_weight_on_padding_beside_the_picture(english: Library) -> None:
    padded = Grid(4, 8, (0, 0, 160, 40))
    made = explanation(["a", "cat"], [None, RIGHT], padded)
    assert "cat" in shown(english, made, mask(cat=LEFT))["outside of what the model saw"]


def test_text_that_counts_twice_as_much(english: Library) -> None:
    words, lit = ["the", "cat"], [None, LEFT]
    labels = mask(cat=LEFT)
    assert shown(english, explanation(words, lit, text=1.5), labels) == {}
    assert shown(english, explanation(words, lit, text=3.0), labels) == {"text-driven": ["cat"]}


def words(*peaks: float) -> list[dict[str, Any]]:
    """Nouns whose maps reach these shares of the scale, beside a function word."""
    nouns = [{"part_of_speech": "noun", "text": f"noun {peak}", "peak": peak} for peak in peaks]
    return [{"part_of_speech": "function", "text": "the", "peak": None}, *nouns]


PEAKS = st.lists(st.floats(0, 1), max_size=5)


@given(st.lists(PEAKS, min_size=1, max_size=40))
def test_however_weak_a_runs_maps_are_few_samples_are_text_driven(peaks: list[list[float]]) -> None:
    samples = [words(*one) for one in peaks]
    limit = text_limit(samples)
    assert limit <= TEXT_OUTWEIGHS
    driven = next(one for one in SIGNATURES if one.name == "text-driven")
    holds = [bool(driven.find({}, one, limit)) for one in samples]
    assert sum(holds) <= math.ceil(WEAKEST * len(samples))
    weakest = [min((p for p in one if p >= SHOWN), default=1.0) for one in peaks]
    assert max((w for w, held in zip(weakest, holds, strict=True) if held), default=0) <= min(
        (w for w, held in zip(weakest, holds, strict=True) if not held), default=1
    )


def test_where_most_maps_are_strong_half_the_scale_is_the_limit() -> None:
    samples = [words(0.9), words(1.0), words(0.3, 0.8), words(0.7), words()] * 2
    assert text_limit(samples) == TEXT_OUTWEIGHS
    assert text_limit([words(peak / 100) for peak in range(10, 30)]) == 0.14


def test_a_map_that_the_interference_takes_away(english: Library) -> None:
    made = explanation(["bright", "cat"], [LEFT, LEFT], text=1.0)
    labels = mask(cat=LEFT)
    assert shown(english, made, labels, ECI)["empty after ECI"] == ["cat"]
    assert "empty after ECI" not in shown(english, made, labels, CAM)


def test_a_map_under_the_first_of_256_steps_is_empty_as_it_is_measured(english: Library) -> None:
    words, lit = ["the", "cat"], [None, LEFT]
    faint = explanation(words, lit, text=300.0)
    assert shown(english, faint, mask(cat=LEFT)) == {"empty after ECI": ["cat"]}
    seen = explanation(words, lit, text=200.0)
    assert shown(english, seen, mask(cat=LEFT)) == {"text-driven": ["cat"]}


def test_scattered_noise(english: Library) -> None:
    made = explanation(["the", "cat"], [None, LEFT], Grid(8, 8, (0, 0, 80, 40)))
    made.activations.setflags(write=True)
    noise = np.zeros((8, 8), np.float32)
    noise[::3, ::3] = 1
    made.activations[1] = noise.ravel()
    assert shown(english, made, mask(cat=LEFT))["scattered noise"] == ["cat"]


def test_evidence_counts_parts_and_weight_beside() -> None:
    heatmap = np.array([[200, 0, 200, 200], [0, 0, 0, 0]], np.uint8)
    inside = inside_picture(Grid(2, 4, (0, 0, 8, 4)), width=6, height=4)
    flat = (heatmap / 200).astype(np.float32).reshape(1, -1)
    facts = evidence([0], 3 * flat, flat, heatmap[None], 100, inside)
    assert (facts.parts, facts.largest_part) == (2, 2 / 3)
    assert (facts.activation, facts.peak) == (3, 1)
    assert facts.beside == pytest.approx(1 / 3)


def test_every_signature_says_what_it_is_and_where_it_comes_from() -> None:
    names = [signature.name for signature in SIGNATURES]
    assert len(set(names)) == len(names) == 7
    fields: list[Any] = [text for s in SIGNATURES for text in (s.meaning, s.source)]
    assert all(fields)
