"""Pooled metrics of one model and method, with their intervals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NotRequired, TypedDict

from tam_widgets.evaluation.measures.faithfulness import FAITHFULNESS
from tam_widgets.evaluation.reports.frames import totals
from tam_widgets.evaluation.reports.statistics import intervals
from tam_widgets.evaluation.storage.schema import Json

MEASURES = ("f1_iou", "obj_iou", "func_iou", "precision", "recall")
CURVES = ("deletion", "insertion")


class Row(TypedDict):
    """A row of the summary; cached ones are checked against it."""

    model: str
    method: str
    f1_iou: float
    f1_iou_low: float
    f1_iou_high: float
    obj_iou: float
    obj_iou_low: float
    obj_iou_high: float
    func_iou: float
    func_iou_low: float
    func_iou_high: float
    precision: float
    precision_low: float
    precision_high: float
    recall: float
    recall_low: float
    recall_high: float
    rouge_l: float
    meteor: float
    deletion: NotRequired[float]
    deletion_low: NotRequired[float]
    deletion_high: NotRequired[float]
    insertion: NotRequired[float]
    insertion_low: NotRequired[float]
    insertion_high: NotRequired[float]
    checked: NotRequired[int]
    objects: int
    function_words: int
    samples: int
    failed: int
    open: int


def summary_row(
    records: Sequence[Json], model: str, method: str, samples: int, *, faithfulness: bool
) -> Json:
    """The row of a report's summary.

    Args:
        records: Of the model, including those that could not be measured.
        model: Its name.
        method: The method's name.
        samples: Number of samples of the data set.
        faithfulness: Whether the row has `CURVES`, with the number of words checked.
    """
    measured = [record for record in records if record.get("methods")]
    found = totals(measured, method)
    means = found.means()
    ends = intervals(found) if len(found) else {}
    row: Json = {"model": model, "method": method}
    for measure in (*MEASURES, *(CURVES if faithfulness else ())):
        low, high = ends.get(measure, (float("nan"), float("nan")))
        row |= {measure: means[measure], f"{measure}_low": low, f"{measure}_high": high}
    for score in ("rouge_l", "meteor"):
        row[score] = _mean(record["text"][score] for record in measured)
    if faithfulness:
        row["checked"] = int(found.checked[:, FAITHFULNESS.index("deletion")].sum())
    return row | {
        "objects": int(found.objects.sum()),
        "function_words": int(found.function_words.sum()),
        "samples": len(measured),
        "failed": len(records) - len(measured),
        "open": samples - len(records),
    }


def _mean(values: Iterable[float | None]) -> float:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else float("nan")
