"""A report's statistics as parts of its page: tables, charts, and what they mean."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from typing import Any

from tam_widgets.evaluation.measures.signatures import SIGNATURES, Signature
from tam_widgets.evaluation.reports import charts
from tam_widgets.evaluation.reports.comparisons import comparison_rows
from tam_widgets.evaluation.reports.frames import (
    sample_rows,
    signature_rows,
    skipped_rows,
    word_rows,
)
from tam_widgets.evaluation.reports.html_table import html_table
from tam_widgets.evaluation.reports.orders import order_rows
from tam_widgets.evaluation.reports.results import Results
from tam_widgets.views.gallery.run import Section

Row = Mapping[str, Any]

MAX_CATEGORIES = 40
"""Most categories in the chart: the most frequent ones."""

_RUN = {"model": "Model", "method": "Method"}
_SHARES = {"f1_iou": "F1-IoU", "obj_iou": "Obj-IoU", "func_iou": "Func-IoU"}
_SCORES = _RUN | _SHARES | {"precision": "Precision", "recall": "Recall"}
_TEXT = {"rouge_l": "ROUGE-L", "meteor": "METEOR"}
_CURVES = {"deletion": "Deletion", "insertion": "Insertion", "checked": "Words checked"}
_COUNTS = {
    "objects": "Objects",
    "function_words": "Function words",
    "samples": "Samples measured",
    "failed": "Not measured",
    "open": "Not run yet",
}
_COMPARED = {
    "first": "First",
    "second": "Second",
    "difference": "Second less first (95 % interval)",
    "p": "p",
    "samples": "Samples",
}
_ORDERS = {
    "model": "Model",
    "order": "Order of the cells",
    "deletion": "Deletion",
    "insertion": "Insertion",
    "selectivity": "Selectivity",
    "no_image": "Without picture",
    "reliance": "Reliance on the picture",
    "words": "Words",
    "samples": "Samples",
}
_SIGNED = _RUN | {"sample": "Sample", "signature": "Signature", "concerns": "Words or categories"}
_SHARE = _RUN | {
    "signature": "Signature",
    "share": "Share of the samples",
    "with": "Samples with it",
    "samples": "Samples measured",
}
_REASONS = _RUN | {"reason": "Reason", "count": "Words and samples"}

_COMPARISONS = (
    "Each model and method against the first, by {} on the samples that both were measured on: the "
    "95 % bootstrap interval of the difference, and p of a paired permutation test."
)
_FAITHFULNESS = (
    "Of words that name an object, the mean probability while cells of the picture are removed in "
    "an order (deletion, lower is better) and brought back (insertion, higher is better); random "
    "orders, that from the centre and that of the true masks are references. Without picture: the "
    "probability then. Reliance on the picture: the logarithm of the probability with the picture "
    "less that without. Means over words, 95 % bootstrap intervals over samples."
)
_CATEGORIES = (
    "Obj-IoU of the words that name a category, under {}: the middle half of the values, their "
    "median, and the smallest and the largest."
)
_SAMPLES = "Each point is a sample: failures lie low or to the left."
_SIGNATURES = (
    "How many of the measured samples show each, what it means, and every sample that shows it. "
    "One that most samples show does not tell them apart."
)
_SKIPPED = "Nothing is left out silently; the single words are in the report's tables/skipped.csv."


def sections(results: Results) -> list[Section]:
    """The parts of the page below the gallery."""
    limited = [
        (record, results.text_limits(model))
        for model, records in results.records.items()
        for record in records
    ]
    methods = results.methods
    words = [row for record, _ in limited for row in word_rows(record)]
    samples = [row for record, limits in limited for row in sample_rows(record, limits)]
    skipped = [row for record, _ in limited for row in skipped_rows(record, methods)]
    signatures = [row for record, limits in limited for row in signature_rows(record, limits)]
    return [
        _scores(results),
        *_comparisons("Paired comparisons", results, "f1_iou", "F1-IoU"),
        *_faithfulness(results),
        _categories(words, results.models, methods[-1]),
        _samples(samples),
        _signatures(signatures, results),
        _skipped(skipped),
        _settings(results.settings),
    ]


def _scores(results: Results) -> Section:
    settings, rows = results.settings, results.pooled_rows()
    mode = "as published" if settings["compat"] == "reference" else "with corrected matching"
    text = (
        f"Metrics {mode}; means over all words, 95 % bootstrap intervals over samples. "
        f"Parts of speech and lemmas: {settings['language']}. METEOR: {settings['meteor']}."
    )
    text = " ".join([*(f"No score: {reason}." for reason in results.reasons_of_no_score()), text])
    curves = _CURVES if results.protocol is not None else {}
    label = "Scores, with 95 % intervals"
    values = {_name(row): [_interval(row, measure) for measure in _SHARES] for row in rows}
    columns = _SCORES | curves | _TEXT | _COUNTS
    drawn = charts.dots(label, values, [*_SHARES.values()])
    return _section("Scores", text, drawn, html_table(label, rows, columns))


def _comparisons(title: str, results: Results, measure: str, named: str) -> Iterator[Section]:
    found = comparison_rows(results, measure)
    rows = [row | {"difference_low": row["low"], "difference_high": row["high"]} for row in found]
    if rows:
        yield _section(title, _COMPARISONS.format(named), html_table(title, rows, _COMPARED))


def _faithfulness(results: Results) -> Iterator[Section]:
    if results.protocol is None:
        return
    rows = [*order_rows(results.records, results.methods)]
    label = "Faithfulness, with 95 % intervals"
    series = {
        f"{row['model']}, {row['order']}": (_interval(row, "deletion"), _interval(row, "insertion"))
        for row in rows
    }
    axes = ("deletion, area under the probability", "insertion, area under the probability")
    yield _section(
        "Faithfulness",
        f"Protocol: {results.protocol}. {_FAITHFULNESS}",
        charts.crosses(label, series, axes),
        html_table(label, rows, _ORDERS),
    )
    yield from _comparisons("Paired comparisons of deletion", results, "deletion", "deletion")


def _categories(words: Iterable[Row], models: Sequence[str], method: str) -> Section:
    values: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for row in words:
        if row["method"] == method and row["iou"] is not None:
            values[row["category"]][row["model"]].append(row["iou"])
    count = Counter({name: sum(map(len, own.values())) for name, own in values.items()})
    frequent = [name for name, _ in count.most_common(MAX_CATEGORIES)]
    rows = {str(name): [values[name][model] for model in models] for name in frequent}
    text = _CATEGORIES.format(method)
    if len(values) > len(frequent):
        text += f" The {MAX_CATEGORIES} most frequent of {len(values):,} categories."
    drawn = charts.boxes("Obj-IoU", rows, models) if rows else ""
    return _section("Obj-IoU by category", text, drawn)


def _samples(samples: Iterable[Row]) -> Section:
    series: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for row in samples:
        x, y = row.get("obj_iou"), row.get("func_iou")
        if x == x and y == y and x is not None and y is not None:  # neither missing nor NaN
            series[_name(row)].append((x, y))
    label = "Func-IoU of each sample against its Obj-IoU"
    drawn = charts.points(label, series, ("Obj-IoU", "Func-IoU"))
    return _section("Samples by their scores", _SAMPLES, drawn)


def _signatures(rows: Sequence[Row], results: Results) -> Section:
    runs = [f"{model}, {method}" for model in results.models for method in results.methods]
    count = Counter((row["signature"], _name(row)) for row in rows)
    found = [one.name for one in SIGNATURES if any(count[one.name, run] for run in runs)]
    drawn = charts.bars(
        "Samples with each failure signature",
        {name: [count[name, run] for run in runs] for name in found},
        runs,
    )
    meanings = "".join(map(_definition, SIGNATURES))
    pooled = {_name(row): row for row in results.pooled_rows()}
    shares = [
        {**pooled[run], "signature": name, "with": count[name, run]}
        | {"share": count[name, run] / pooled[run]["samples"]}
        for run in runs
        for name in found
        if count[name, run]
    ]
    return _section(
        "Failure signatures",
        _SIGNATURES,
        drawn,
        html_table("Share of the samples with each failure signature", shares, _SHARE),
        f'<dl class="explained">{meanings}</dl>',
        html_table("Samples with failure signatures", rows, _SIGNED),
    )


def _definition(one: Signature) -> str:
    capitalised = one.name[0].upper() + one.name[1:]
    name, meaning, source = map(escape, (capitalised, one.meaning, one.source))
    return f"<dt>{name}</dt><dd>{meaning} ({source})</dd>"


def _skipped(rows: Iterable[Row]) -> Section:
    count = Counter((row["model"], row["method"], row["reason"]) for row in rows)
    counted = [
        {"model": model, "method": method, "reason": reason, "count": number}
        for (model, method, reason), number in count.items()
    ]
    title = "Skipped words and samples, by reason"
    return _section(title, _SKIPPED, html_table(title, counted, _REASONS))


def _settings(settings: Mapping[str, Any]) -> Section:
    text = escape(json.dumps(settings, indent=1, ensure_ascii=False))
    return Section("Settings", f"<pre>{text}</pre>")


def _section(title: str, text: str, *parts: str) -> Section:
    return Section(title, f"<p>{escape(text)}</p>\n{''.join(parts)}")


def _name(row: Row) -> str:
    return f"{row['model']}, {row['method']}"


def _interval(row: Row, measure: str) -> charts.Interval:
    return row[measure], row[f"{measure}_low"], row[f"{measure}_high"]
