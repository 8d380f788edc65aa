"""How much of a token's probability the picture carries, from what a record knows of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import tam_widgets as tw
from tam_widgets.errors import ExplanationFileError, TraceError
from tam_widgets.explanation.tensors import LENGTH_BYTES

from ..faithfulness import made as checks
from ..views import made

PROMPT, ANSWER = 2, 5
"""Numbers of tokens in the explanation that was made by hand; each of the answer has p = 0.5."""

LOG_PS = st.lists(st.floats(-(2.0**90), 0, width=32), min_size=ANSWER, max_size=ANSWER)


def blanked(values: list[float]) -> tw.Explanation:
    return replace(made.explanation(), blank_log_p=np.array(values, np.float32))


def test_it_is_the_difference_of_log_probabilities() -> None:
    explanation = blanked(np.log([0.5, 0.25, 0.005, 1, 0.5]).tolist())
    assert np.isnan(explanation.reliance[:PROMPT]).all()
    assert np.isnan(explanation.picture_share[:PROMPT]).all()
    expected = [0, np.log(2), np.log(100), -np.log(2), 0]
    np.testing.assert_allclose(explanation.reliance[PROMPT:], expected, atol=1e-6)
    np.testing.assert_allclose(explanation.picture_share[PROMPT:], [0, 0.5, 0.99, 0, 0], atol=1e-6)


@given(values=LOG_PS)
def test_the_share_is_of_the_probability(values: list[float]) -> None:
    share = blanked(values).picture_share[PROMPT:]
    p_blank = np.exp(np.array(values, np.float32).astype(np.float64))
    np.testing.assert_allclose(share, np.maximum(0, 1 - p_blank / 0.5), atol=1e-6)
    assert ((share >= 0) & (share <= 1)).all()


def test_unknown_is_nan() -> None:
    explanation = made.explanation()
    assert explanation.reliance.shape == explanation.picture_share.shape == (PROMPT + ANSWER,)
    assert np.isnan(explanation.reliance).all()
    assert np.isnan(explanation.picture_share).all()
    assert explanation.to_dataframe()[["reliance", "picture_share"]].isna().all(axis=None)


@pytest.mark.parametrize("probability", [0.0, None])
def test_a_token_without_a_probability_has_none(probability: float | None) -> None:
    explanation = blanked([-1.0] * ANSWER)
    tokens = [*explanation.tokens]
    tokens[PROMPT] = replace(tokens[PROMPT], probability=probability)
    explanation = replace(explanation, tokens=tuple(tokens))
    assert np.isnan(explanation.reliance).tolist() == [True] * 3 + [False] * 4
    assert np.isnan(explanation.picture_share).tolist() == [True] * 3 + [False] * 4


def test_a_check_of_any_token_tells_it_of_all() -> None:
    explanation = made.explanation()
    check = checks.check(explanation)
    assert check.fill == "mean"
    known = explanation.with_check(replace(check, fill="blur"))
    assert np.isnan(known.reliance).all()
    known = known.with_check(check)
    np.testing.assert_array_equal(known.reliance[list(check.tokens)], check.reliance)
    assert np.isfinite(known.reliance[PROMPT:]).all()
    measured = replace(known, blank_log_p=np.full(ANSWER, -3, np.float32))
    np.testing.assert_allclose(measured.reliance[PROMPT:], np.log(0.5) + 3)


def test_it_is_saved_and_a_column_of_the_table(tmp_path: Path) -> None:
    explanation = blanked([-1, -2, -3, -0.1, 0])
    explanation.save(tmp_path / "a.safetensors")
    back = tw.load(tmp_path / "a.safetensors")
    np.testing.assert_array_equal(back.blank_log_p, explanation.blank_log_p)
    table = back.to_dataframe()
    np.testing.assert_array_equal(table["reliance"], explanation.reliance)
    np.testing.assert_array_equal(table["picture_share"], explanation.picture_share)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (np.zeros(4, np.float32), r"float32 \(4,\): float32 \[5\]"),
        (np.zeros(5), r"float64 \(5,\)"),
        (np.zeros((5, 1), np.float32), r"\(5, 1\)"),
        (np.array([0, 0, np.nan, 0, 0], np.float32), "finite ones of at most 0"),
        (np.array([0, 0, -np.inf, 0, 0], np.float32), "finite ones of at most 0"),
        (np.array([0, 0, 0.5, 0, 0], np.float32), r"up to 0\.5"),
    ],
)
def test_values_that_are_no_log_probabilities_are_refused(values: np.ndarray, said: str) -> None:
    with pytest.raises(TraceError, match=said):
        replace(made.explanation(), blank_log_p=values)


def test_a_file_of_another_answers_values_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    blanked([-1, -2, -3, -4, -5]).save(path)
    content = path.read_bytes()
    length = int.from_bytes(content[:LENGTH_BYTES], "little")
    header = content[LENGTH_BYTES : LENGTH_BYTES + length]
    shape = b'"blank_log_p":{"dtype":"F32","shape":[5]'
    assert shape in header
    path.write_bytes(content.replace(shape, shape.replace(b"F32", b"I32")))
    with pytest.raises(ExplanationFileError, match="damaged"):
        tw.load(path)
