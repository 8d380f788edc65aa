"""A check's numbers, its table, its figure and its file."""

from __future__ import annotations

import pickle
import sys
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import t

import tam_widgets as tw
from tam_widgets.errors import (
    ExplanationFileError,
    MissingExtraError,
    OptionError,
    TokenIndexError,
    TraceError,
)
from tam_widgets.explanation.check_record import ARRAYS, Order
from tam_widgets.explanation.faithfulness import FaithfulnessCheck

from ..views.made import explanation
from . import made


def area(probabilities: list[float]) -> float:
    """Under a curve of two steps, as a sum of two trapezoids."""
    a, b, c = probabilities
    return (a + b) / 4 + (b + c) / 4


def falling(row: int) -> list[float]:
    return [0.5, 0.5 * 0.5**row, 0.5 * 0.25**row]


def test_areas_are_mean_probabilities() -> None:
    check = made.check(explanation())
    expected = [area(falling(4)), area(falling(3))]
    np.testing.assert_allclose(check.deletion("tam"), expected, rtol=1e-6)
    np.testing.assert_allclose(check.insertion("tam"), expected, rtol=1e-6)
    np.testing.assert_allclose(check.curve("tam", "insertion")[0], np.log(falling(4)[::-1]), 1e-6)
    np.testing.assert_allclose(check.deletion("mask"), [area(falling(2)), np.nan], rtol=1e-6)


def test_relative_areas_are_shares_of_what_the_picture_adds() -> None:
    check = made.check(explanation(), relative=True)
    expected = area([(p - 0.125) / (0.5 - 0.125) for p in falling(4)])
    np.testing.assert_allclose(check.deletion("tam")[0], expected, rtol=1e-5)
    useless = replace(check, blank_log_p=check.full_log_p)
    assert np.isnan(useless.deletion("tam")).all()


def test_random_orders_have_a_t_interval() -> None:
    check = made.check(explanation(), relative=True)
    areas = np.array([check.deletion(f"random {number}")[0] for number in range(2)])
    half = t.ppf(0.975, 1) * areas.std(ddof=1) / np.sqrt(2)
    for name, expected in zip(check.random.deletion._fields, (0, -half, half), strict=True):
        found = getattr(check.random.deletion, name)
        np.testing.assert_allclose(found, areas.mean() + expected, rtol=1e-5)


def test_only_intervals_of_relative_areas_leave_0_to_1() -> None:
    random = made.check(explanation()).random.deletion
    np.testing.assert_allclose(random.mean, (area(falling(0)) + area(falling(1))) / 2, rtol=1e-6)
    assert (random.low == 0).all()
    assert (random.high == 1).all()
    relative = made.check(explanation(), relative=True).random.deletion
    assert (relative.low < 0).all()
    assert (relative.high > 1).all()


def test_one_random_order_has_no_interval_and_none_no_mean() -> None:
    check = made.check(explanation())
    one = replace(check, orders=check.orders[:2]).random.deletion
    np.testing.assert_allclose(one.mean, area(falling(0)), rtol=1e-6)
    assert np.isnan([one.low, one.high]).all()
    assert np.isnan(replace(check, orders=check.orders[:1]).random.insertion).all()


def test_selectivity_compares_a_token_with_the_others() -> None:
    record = explanation()
    check = made.check(record)
    assert check.selectivity("tam") == pytest.approx(0, abs=1e-7)  # all tokens fall alike
    curves = check.deletion_log_p.copy()
    curves[4, :, 1:] = np.log(0.5)  # with row 4 only the first token falls
    selective = replace(check, deletion_log_p=curves)
    assert selective.selectivity("tam")[0] == pytest.approx(0.5 - area(falling(4)), abs=1e-6)
    assert np.isnan(check.selectivity("mask")[1])


def test_reliance_is_what_the_picture_adds_in_nats() -> None:
    np.testing.assert_allclose(made.check(explanation()).reliance, np.log(4), rtol=1e-6)


def test_changed_answers() -> None:
    check = made.flips(explanation())
    assert check.changed("tam").tolist() == [False, True]
    assert check.changed("random 0").tolist() == [False, False]
    table = check.to_dataframe()
    assert table.query("method == 'mask'")["changed"].tolist() == [True]
    assert table["deletion"].isna().all()
    for refused in (check.deletion, check.curve):
        with pytest.raises(OptionError, match="no curves"):
            refused("tam")
    with pytest.raises(OptionError, match="flip"):
        made.check(explanation()).changed("tam")


def test_a_method_may_have_the_name_of_a_control() -> None:
    check = made.check(explanation())
    twice = replace(check, orders=(replace(check.orders[0], name="mask"), *check.orders[1:]))
    np.testing.assert_allclose(twice.deletion("mask"), check.deletion("tam"))
    np.testing.assert_allclose(twice.deletion(twice.orders[3]), check.deletion("mask"))
    table = twice.to_dataframe()
    found = table[table["kind"] == "mask"]["deletion"]
    np.testing.assert_allclose(found, check.deletion("mask")[:1])


def test_an_unknown_order_or_side_is_refused() -> None:
    check = made.check(explanation())
    with pytest.raises(OptionError, match="give one of tam, random 0, random 1, mask"):
        check.deletion("cam")
    with pytest.raises(OptionError, match="deletion, insertion"):
        check.curve("tam", "removal")  # type: ignore[arg-type]


def test_the_table_has_a_row_for_each_token_and_order() -> None:
    check = made.check(explanation())
    table = check.to_dataframe()
    assert table.index.name == "token"
    assert table.index.tolist() == [2, 2, 2, 2, 3, 3, 3]
    assert table["method"].tolist()[:4] == ["tam", "random 0", "random 1", "mask"]
    own = table[table["method"] == "tam"]
    np.testing.assert_allclose(own["deletion"], check.deletion("tam"))
    np.testing.assert_allclose(own["insertion"], check.insertion("tam"))
    np.testing.assert_allclose(own["p_blank"], 0.125, rtol=1e-6)
    np.testing.assert_allclose(own["reliance"], check.reliance)
    np.testing.assert_allclose(own["random_insertion_high"], check.random.insertion.high)
    assert table["changed"].isna().all()


def test_the_table_needs_pandas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(MissingExtraError, match="pip install pandas"):
        made.check(explanation()).to_dataframe()


def test_the_figure_has_each_curve_on_both_sides() -> None:
    check = made.check(explanation())
    figure = check.figure(check.tokens[0])
    left = [trace for trace in figure.data if trace.xaxis == "x"]
    named = {trace.name: trace for trace in left if trace.name}
    assert {"tam", "random", "true mask", "no picture"} <= named.keys()
    np.testing.assert_allclose(named["tam"].y, falling(4), rtol=1e-6)
    np.testing.assert_allclose(named["no picture"].y, 0.125, rtol=1e-6)
    right = {trace.name: trace for trace in figure.data if trace.xaxis == "x2"}
    np.testing.assert_allclose(right["tam"].y, falling(4)[::-1], rtol=1e-6)
    means = {trace.name: trace for trace in check.figure().data if trace.xaxis == "x"}
    np.testing.assert_allclose(means["tam"].y, np.mean([falling(4), falling(3)], axis=0), rtol=1e-6)
    np.testing.assert_allclose(means["true mask"].y, falling(2), rtol=1e-6)


def test_the_figure_shows_names_as_text() -> None:
    check = made.check(explanation())
    named = replace(check, orders=(replace(check.orders[0], name="<b>x</b>"), *check.orders[1:]))
    assert "&lt;b&gt;x&lt;/b&gt;" in [trace.name for trace in named.figure().data]
    assert "\x1b" not in repr(replace(check, orders=(Order("\x1b[2J", "method", (0, 0)),)))


def test_a_figure_without_curves_or_of_another_token_is_refused() -> None:
    with pytest.raises(OptionError, match="no curves"):
        made.flips(explanation()).figure()
    with pytest.raises(TokenIndexError, match="was not checked"):
        made.check(explanation()).figure(0)


@pytest.mark.parametrize(
    "changes",
    [
        {"shares": np.array([0, 1, 0.5])},
        {"shares": np.array([0, 0.5, 0.9])},
        {"shares": np.array([0, np.nan, 1])},
        {"ranking": np.zeros((5, 4), np.int32)},
        {"ranking": np.array([[-1, 0]] * 5, np.int32)},
        {"ranking": np.zeros((5, 4), np.int64)},
        {"ranking": np.zeros(5, np.int32)},
        {"blank_log_p": np.full(5, np.nan, np.float32)},
        {"blank_log_p": np.full(5, 0.5, np.float32)},
        {"full_log_p": np.zeros(4, np.float32)},
        {"tokens": (2, 2)},
        {"tokens": (1, 2)},
        {"tokens": (2, 7)},
        {"tokens": (), "texts": ()},
        {"texts": ("a",)},
        {"orders": ()},
        {"orders": (Order("tam", "method", (0, 5)),)},
        {"orders": (Order("tam", "method", (0, -1)),)},
        {"orders": (Order("tam", "method", (0,)),)},
        {"answers": ("a",)},
    ],
)
def test_parts_that_do_not_fit_are_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(TraceError, match="a check"):
        made.check(explanation(), **changes)


def test_an_explanation_takes_only_checks_of_its_own_answer() -> None:
    record = explanation()
    other = explanation(answer=(" a", " dog"))
    with pytest.raises(TraceError, match="answer tokens"):
        other.with_check(made.check(record))
    ranking = np.tile(np.array([3, 12], np.int32), (5, 1))
    with pytest.raises(TraceError, match="visual token 12"):
        record.with_check(made.check(record, ranking=ranking))
    both = record.with_check(made.check(record)).with_check(made.flips(record))
    assert [check.protocol for check in both.checks] == ["cells", "flip"]
    assert record.checks == ()


def same(first: FaithfulnessCheck, second: FaithfulnessCheck) -> bool:
    """Whether two checks are equal to the last bit."""
    names = [field.name for field in fields(first) if field.name not in ARRAYS]
    arrays = [(getattr(first, name), getattr(second, name)) for name in ARRAYS]
    return all(getattr(first, name) == getattr(second, name) for name in names) and all(
        a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes() for a, b in arrays
    )


def test_what_is_read_is_what_was_written(tmp_path: Path) -> None:
    record = explanation()
    written = record.with_check(made.check(record)).with_check(made.flips(record))
    written.save(tmp_path / "a.safetensors")
    read = tw.load(tmp_path / "a.safetensors")
    assert len(read.checks) == 2
    assert all(map(same, written.checks, read.checks))
    assert same(pickle.loads(pickle.dumps(written.checks[0])), written.checks[0])


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_a_file_with_another_check_is_refused_by_name(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    from ..explanation.mutations import Opened

    path = tmp_path_factory.mktemp("checks") / "a.safetensors"
    record = explanation()
    record.with_check(made.check(record)).save(path)
    opened = Opened.of(path.read_bytes())
    (own,) = opened.own["checks"]
    wrong = [-2, 10**20, 1.5, None, "x", "", [], {}, ["x"], [99], [[99]]]
    key = data.draw(st.sampled_from(sorted(own)))
    own[key] = data.draw(st.sampled_from([one for one in wrong if not _fits(key, one)]))
    path.write_bytes(opened.joined())
    with pytest.raises(ExplanationFileError, match="damaged"):
        tw.load(path)


def _fits(key: str, value: Any) -> bool:
    """Whether a check may have this value."""
    return (
        (value == [] and key == "answers")
        or (value == {} and key == "settings")
        or (value == "x" and key in ("protocol", "fill"))
    )


def test_a_check_without_its_arrays_is_refused_by_name(tmp_path: Path) -> None:
    from ..explanation.mutations import Opened

    path = tmp_path / "a.safetensors"
    record = explanation()
    record.with_check(made.check(record)).save(path)
    opened = Opened.of(path.read_bytes())
    opened.own["checks"] = []
    path.write_bytes(opened.joined())
    with pytest.raises(ExplanationFileError, match=r"'checks/0/.* is unknown"):
        tw.load(path)
    opened.own["checks"] = [{}]
    path.write_bytes(opened.joined())
    with pytest.raises(ExplanationFileError, match="is missing"):
        tw.load(path)
