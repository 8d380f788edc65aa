"""A report as one HTML file: its tables and figures, everything inside."""

from __future__ import annotations

import json
import os
from html import escape
from typing import TYPE_CHECKING, Any

from tam_widgets.evaluation.measures.signatures import SIGNATURES
from tam_widgets.record.storage import write_bytes

if TYPE_CHECKING:
    from tam_widgets.evaluation.reports.report import Report

LONGEST_TABLE = 500
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title><style>
body {{ font: 15px/1.5 system-ui, sans-serif; max-width: 75rem; margin: 2rem auto;
  padding: 0 1rem }}
table {{ border-collapse: collapse; font-size: 13px; font-variant-numeric: tabular-nums }}
th, td {{ border-bottom: 1px solid #ddd; padding: .25rem .6rem; text-align: left }}
.wide {{ overflow-x: auto }} pre {{ white-space: pre-wrap; font-size: 12px }}
</style></head><body><h1>{title}</h1>
{body}
</body></html>
"""


def write_page(report: Report, path: str | os.PathLike[str]) -> None:
    """Writes the page; raises `OutputError` where it cannot be written."""
    title = f"Evaluation on {report.settings['dataset']['name']}"
    parts = [
        _section("Scores", _intro(report), _table(report.summary)),
        _section("Paired comparisons", _COMPARISONS, _table(report.comparisons())),
        *_figures(report),
        _section("Skipped words and samples, by reason", _SKIPPED, _table(_reasons(report))),
        _section("Failure signatures", _definitions(), _table(report.signatures)),
        _section("Settings", "", f"<pre>{escape(json.dumps(report.settings, indent=1))}</pre>"),
    ]
    page = _PAGE.format(title=escape(title), body="\n".join(parts))
    write_bytes(path, page.encode())


_COMPARISONS = (
    "Each model and method against the first, by F1-IoU on the samples that both were measured on: "
    "95 % bootstrap interval of the difference, and p of a paired permutation test."
)
_SKIPPED = "Nothing is left out silently; the single words are in tables/skipped.csv."


def _intro(report: Report) -> str:
    settings = report.settings
    mode = "as published" if settings["compat"] == "reference" else "with corrected matching"
    return (
        f"Metrics {mode}; means over all words, 95 % bootstrap intervals over samples. "
        f"Word kinds and lemmas: {settings['language']}. METEOR: {settings['meteor']}."
    )


def _definitions() -> str:
    return " ".join(f"{s.name.capitalize()}: {s.meaning} ({s.source})." for s in SIGNATURES)


def _reasons(report: Report) -> Any:
    counted = report.skipped.groupby(["model", "method", "reason"], sort=False)
    return counted.size().reset_index(name="count")


def _figures(report: Report) -> list[str]:
    parts = []
    for number, (title, figure) in enumerate(report.figures().items()):
        drawn = figure.to_html(full_html=False, include_plotlyjs=number == 0)
        parts.append(_section(title, "", drawn))
    return parts


def _section(title: str, text: str, content: str) -> str:
    return f"<h2>{escape(title)}</h2>\n<p>{escape(text)}</p>\n{content}"


def _table(table: Any) -> str:
    rest = len(table) - LONGEST_TABLE
    shown = table.head(LONGEST_TABLE).to_html(
        index=False, border=0, na_rep="–", float_format="{:.3f}".format
    )
    more = f"<p>… and {rest} more rows, in the CSV files.</p>" if rest > 0 else ""
    return f'<div class="wide">{shown}</div>{more}'
