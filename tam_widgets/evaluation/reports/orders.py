"""Faithfulness of each order in which cells are removed: a method's, and those to compare with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from tam_widgets.evaluation.measures.faithfulness import FAITHFULNESS, REFERENCES
from tam_widgets.evaluation.reports.frames import totals
from tam_widgets.evaluation.reports.statistics import intervals
from tam_widgets.evaluation.storage.schema import Json

MEASURES = ("deletion", "insertion", "selectivity", "no_image", "reliance")
COLUMNS = (
    *("model", "order", "reference"),
    *(f"{measure}{end}" for measure in MEASURES for end in ("", "_low", "_high")),
    *("words", "samples"),
)


def order_rows(records: Mapping[str, Sequence[Json]], methods: Sequence[str]) -> Iterator[Json]:
    """Of each model a row for each method, then one for each reference: means, with intervals.

    Args:
        records: Of each model.
        methods: Names of the methods.
    """
    for model, own in records.items():
        yield from _of_model([one for one in own if one.get("methods")], model, methods)


def _of_model(records: Sequence[Json], model: str, methods: Sequence[str]) -> Iterator[Json]:
    for method in methods:
        names = {measure: measure for measure in MEASURES}
        yield {"model": model, "order": method, "reference": False} | _row(records, method, names)
    for reference, label in REFERENCES.items():
        curves = {curve: f"{reference}_{curve}" for curve in ("deletion", "insertion")}
        names = curves | {"no_image": "no_image", "reliance": "reliance"}
        row = _row(records, methods[0], names)
        yield {"model": model, "order": label, "reference": True} | row


def _row(records: Sequence[Json], method: str, names: dict[str, str]) -> dict[str, Any]:
    """Measures with their intervals, from entries of the method's words by these names."""
    found = totals(records, method)
    means, ends = found.means(), intervals(found) if len(found) else {}
    row: dict[str, Any] = {}
    for measure in MEASURES:
        own = names.get(measure, "")
        low, high = ends.get(own, (np.nan, np.nan))
        row |= {measure: means.get(own, np.nan), f"{measure}_low": low, f"{measure}_high": high}
    words = found.checked[:, FAITHFULNESS.index(names["deletion"])]
    return row | {"words": int(words.sum()), "samples": int(np.count_nonzero(words))}
