"""Every model and method of a report against the first."""

from __future__ import annotations

from tam_widgets.errors import EvaluationError
from tam_widgets.evaluation.reports.results import Results
from tam_widgets.evaluation.storage.schema import Json

COLUMNS = ("first", "second", "difference", "low", "high", "p", "samples")


def comparison_rows(results: Results, measure: str) -> list[Json]:
    """A row for each model and method but the first, if both were measured on a common sample.

    Args:
        results: Of the report.
        measure: As for `Report.compare`.
    """
    first, *others = [(model, method) for model in results.models for method in results.methods]
    rows: list[Json] = []
    for second in others:
        try:
            found = vars(results.compare(first, second, measure, results))
        except EvaluationError:
            continue
        named = found | {"first": ", ".join(first), "second": ", ".join(second)}
        rows.append({name: named[name] for name in COLUMNS})
    return rows
