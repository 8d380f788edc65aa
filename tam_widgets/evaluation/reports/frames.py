"""Rows of pandas frames from records: words, samples, skipped words, signatures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from statistics import fmean
from typing import Any

import numpy as np

from tam_widgets.errors import EvaluationError
from tam_widgets.evaluation.measures.faithfulness import FAITHFULNESS
from tam_widgets.evaluation.measures.overlap import harmonic_mean
from tam_widgets.evaluation.measures.signatures import SIGNATURES, signatures_of
from tam_widgets.evaluation.reports.statistics import Totals
from tam_widgets.explanation.extras import pandas

Record = Mapping[str, Any]
Row = dict[str, Any]

SHARE_COLUMNS = ("model", "method", "signature", "share", "samples", "of", "meaning")
KEYS = ("model", "method", "number", "sample")
WORD_COLUMNS = (
    *(
        "text",
        "part_of_speech",
        "category",
        "iou",
        "precision",
        "recall",
        "below_threshold",
        "threshold",
        "skipped",
    ),
    *("activation", "peak", "parts", "largest_part", "beside", "tokens"),
)
SAMPLE_COLUMNS = (
    *("obj_iou", "func_iou", "f1_iou", "precision", "recall", "objects", "function_words"),
    *("rouge_l", "meteor", "truncated", "signatures", "missed", "notes", "error", "answer"),
)


def frame(rows: Iterable[Row], columns: Iterable[str]) -> Any:
    """A pandas frame with these columns, even without rows.

    Raises:
        MissingExtraError: pandas is not installed (extra ``eval``).
    """
    pd = pandas()
    return pd.DataFrame(list(rows), columns=list(columns))


def word_rows(record: Record) -> Iterator[Row]:
    """One row per word and method of a record, in reading order."""
    for method, words in record.get("methods", {}).items():
        for word, row in enumerate(words):
            values = {c: row.get(c) for c in (*WORD_COLUMNS, *FAITHFULNESS)}
            yield _keys(record, method) | {"word": word} | values


def sample_rows(record: Record, limits: Mapping[str, float]) -> Iterator[Row]:
    """One row per method of a record, even if it could not be measured.

    Args:
        record: Of a sample.
        limits: The run's `signatures.text_limit` under each method.
    """
    for method, limit in limits.items():
        words = record.get("methods", {}).get(method)
        if words is None:
            yield _keys(record, method) | {"error": record["error"]["message"]}
            continue
        yield (
            _keys(record, method)
            | sample_scores(record, words)
            | {
                "objects": sum(row["iou"] is not None for row in words),
                "function_words": sum(row["below_threshold"] is not None for row in words),
                "truncated": record["truncated"],
                "signatures": "; ".join(signatures_of(record, words, limit)),
                "missed": "; ".join(record["missed"]),
                "notes": "; ".join(record["notes"]),
                "answer": record["answer"],
            }
        )


def sample_scores(record: Record, words: Sequence[Record]) -> Row:
    """Means over a sample's words of one method, and the scores of its text; NaN for none."""
    obj, func = _mean(words, "iou"), _mean(words, "below_threshold")
    return {
        "obj_iou": obj,
        "func_iou": func,
        "f1_iou": harmonic_mean(obj, func),
        "precision": _mean(words, "precision"),
        "recall": _mean(words, "recall"),
        **record["text"],
        **{name: _mean(words, name) for name in FAITHFULNESS},
    }


def skipped_rows(record: Record, methods: Iterable[str]) -> Iterator[Row]:
    """Every word and sample of a record that counts in no mean, with the reason."""
    for method in methods:
        if record.get("error"):
            yield _keys(record, method) | {"reason": record["error"]["message"]}
        for row in record.get("methods", {}).get(method, ()):
            if row["skipped"]:
                yield _keys(record, method) | {"word": row["text"], "reason": row["skipped"]}


def signature_rows(record: Record, limits: Mapping[str, float]) -> Iterator[Row]:
    """One row per signature that a record shows, with the words or categories concerned.

    Args:
        record: Of a sample.
        limits: The run's `signatures.text_limit` under each method.
    """
    for method, words in record.get("methods", {}).items():
        for name, concerned in signatures_of(record, words, limits[method]).items():
            yield _keys(record, method) | {"signature": name, "concerns": "; ".join(concerned)}


def signature_shares(signatures: Any, summary: Any) -> Any:
    """A pandas frame: on how many of the measured samples each failure signature shows.

    Args:
        signatures: `Report.signatures`.
        summary: `Report.summary`.
    """
    counts = signatures.groupby(["model", "method", "signature"])["sample"].nunique()
    rows = [
        {"model": run.model, "method": run.method, "signature": one.name}
        | {"samples": int(counts.get((run.model, run.method, one.name), 0)), "of": run.samples}
        | {"meaning": one.meaning}
        for run in summary.itertuples()
        for one in SIGNATURES
    ]
    for row in rows:
        row["share"] = row["samples"] / row["of"] if row["of"] else float("nan")
    return frame(rows, SHARE_COLUMNS)


def totals(records: Iterable[Record], method: str) -> Totals:
    """Sums over the words of each measured record."""
    measured = [record["methods"][method] for record in records if record.get("methods")]
    sums = np.array([_sums(words) for words in measured], float).reshape(-1, 6)
    checks = np.array([_checks(words) for words in measured], float)
    return Totals(*sums.T, *checks.reshape(-1, 2, len(FAITHFULNESS)).swapaxes(0, 1))


def by_sample(records: Iterable[Record]) -> dict[str, Record]:
    """Records by their samples' ids; raises `EvaluationError` if two share one."""
    named: dict[str, Record] = {}
    for record in records:
        if record["sample"] in named:
            raise EvaluationError(
                f"two samples are called {record['sample']!r}: give each an id of its own, by "
                "which they are paired"
            )
        named[record["sample"]] = record
    return named


def _sums(words: Iterable[Record]) -> tuple[float, ...]:
    objects = [row for row in words if row["iou"] is not None]
    below_threshold = [
        row["below_threshold"] for row in words if row["below_threshold"] is not None
    ]
    sums = (sum(row[name] for row in objects) for name in ("iou", "precision", "recall"))
    return (len(objects), len(below_threshold), *sums, sum(below_threshold))


def _checks(words: Iterable[Record]) -> tuple[list[int], list[float]]:
    """Number of words with each measure of faithfulness, and their sums."""
    known = [[one for word in words if (one := word.get(m)) is not None] for m in FAITHFULNESS]
    return [len(values) for values in known], [sum(values) for values in known]


def _keys(record: Record, method: str) -> Row:
    return {
        "model": record["model"],
        "method": method,
        "number": record["number"],
        "sample": record["sample"],
    }


def _mean(words: Iterable[Record], measure: str) -> float:
    values = [row[measure] for row in words if row.get(measure) is not None]
    return fmean(values) if values else float("nan")
