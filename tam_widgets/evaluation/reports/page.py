"""A report as one HTML file that contains its tables and figures."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from tam_widgets.evaluation.measures.signatures import SIGNATURES
from tam_widgets.evaluation.reports.document import document, section, table_html
from tam_widgets.evaluation.reports.frames import signature_shares
from tam_widgets.explanation.storage import write_bytes


@dataclass(frozen=True)
class Contents:
    """What the page shows: pandas frames, as `Report` has them, and figures.

    Attributes:
        settings: What the report was made with.
        summary: Pooled metrics.
        comparisons: Each model and method against the first, by F1-IoU.
        faithfulness: Each order of cells; without rows if it was not measured.
        deletions: Each model and method against the first, by deletion; None likewise.
        skipped: Words and samples that count in no mean.
        signatures: Failure signatures.
        figures: Plotly figures by title.
    """

    settings: Mapping[str, Any]
    summary: Any
    comparisons: Any
    faithfulness: Any
    deletions: Any
    skipped: Any
    signatures: Any
    figures: Mapping[str, Any]


def write_page(contents: Contents, path: str | os.PathLike[str]) -> None:
    """Writes the page; raises `OutputError` if it cannot be written."""
    before = [
        section("Scores", _intro(contents.settings), table_html(contents.summary)),
        section(
            "Paired comparisons", _COMPARISONS.format("F1-IoU"), table_html(contents.comparisons)
        ),
        *_faithfulness(contents),
    ]
    after = [
        section("Skipped words and samples, by reason", _SKIPPED, _reasons(contents.skipped)),
        section("Failure signatures", _SIGNATURES, _signatures(contents)),
        section("Settings", "", f"<pre>{escape(json.dumps(contents.settings, indent=1))}</pre>"),
    ]
    title = f"Evaluation on {contents.settings['dataset']['name']}"
    write_bytes(path, document(title, before, contents.figures, after).encode())


_COMPARISONS = (
    "Each model and method against the first, by {} on the samples that both were measured on: "
    "95 % bootstrap interval of the difference, and p of a paired permutation test."
)
_FAITHFULNESS = (
    "Of words that name an object, the mean probability while cells of the picture are removed in "
    "an order (deletion, lower is better) and brought back (insertion, higher is better); random "
    "orders, that from the centre and that of the true masks are references. no_image: the "
    "probability without a picture; reliance: the logarithm of the probability with the picture "
    "less that without. Means over words, 95 % bootstrap intervals over samples."
)
_SIGNATURES = (
    "The share of the measured samples that show each, then what it means, then every sample that "
    "shows it. One that most samples show does not tell them apart."
)
_SKIPPED = "Nothing is left out silently; the single words are in tables/skipped.csv."


def _intro(settings: Mapping[str, Any]) -> str:
    mode = "as published" if settings["compat"] == "reference" else "with corrected matching"
    return (
        f"Metrics {mode}; means over all words, 95 % bootstrap intervals over samples. "
        f"Parts of speech and lemmas: {settings['language']}. METEOR: {settings['meteor']}."
    )


def _faithfulness(contents: Contents) -> list[str]:
    if not len(contents.faithfulness):
        return []
    protocol = f"Protocol: {contents.settings['faithfulness']}. {_FAITHFULNESS}"
    comparisons = _COMPARISONS.format("deletion")
    return [
        section("Faithfulness", protocol, table_html(contents.faithfulness)),
        section("Paired comparisons of deletion", comparisons, table_html(contents.deletions)),
    ]


def _signatures(contents: Contents) -> str:
    """How common each is and what it means, then the samples that show it."""
    shares = signature_shares(contents.signatures, contents.summary)
    shown = shares[shares["samples"] > 0].drop(columns="meaning")
    texts = ((s.name.capitalize(), f"{s.meaning} ({s.source}).") for s in SIGNATURES)
    meanings = "".join(f"<dt>{escape(a)}</dt><dd>{escape(b)}</dd>" for a, b in texts)
    return f"{table_html(shown)}\n<dl>{meanings}</dl>\n{table_html(contents.signatures)}"


def _reasons(skipped: Any) -> str:
    counted = skipped.groupby(["model", "method", "reason"], sort=False)
    return table_html(counted.size().reset_index(name="count"))
