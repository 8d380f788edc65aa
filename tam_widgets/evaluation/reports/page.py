"""A report as one HTML file that contains its tables and figures."""

from __future__ import annotations

import json
import os
import re
from base64 import b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from html import escape
from typing import Any

from tam_widgets.evaluation.measures.signatures import SIGNATURES
from tam_widgets.explanation.storage import write_bytes

LONGEST_TABLE = 500
_SCRIPT = re.compile("<script[^>]*>(.*?)</script>", re.DOTALL)
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<title>{title}</title><style>
body {{ font: 15px/1.5 system-ui, sans-serif; max-width: 75rem; margin: 2rem auto;
  padding: 0 1rem }}
table {{ border-collapse: collapse; font-size: 13px; font-variant-numeric: tabular-nums }}
th, td {{ border-bottom: 1px solid #ddd; padding: .25rem .6rem; text-align: left }}
.wide {{ overflow-x: auto }} pre {{ white-space: pre-wrap; font-size: 12px }}
</style></head><body><h1>{title}</h1>
{body}
</body></html>
"""


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
    title = f"Evaluation on {contents.settings['dataset']['name']}"
    figures = contents.figures
    drawn = _drawn(figures)
    parts = [
        _section("Scores", _intro(contents.settings), _table(contents.summary)),
        _section("Paired comparisons", _COMPARISONS.format("F1-IoU"), _table(contents.comparisons)),
        *_faithfulness(contents),
        *(_section(name, "", one) for name, one in zip(figures, drawn, strict=True)),
        _section("Skipped words and samples, by reason", _SKIPPED, _reasons(contents.skipped)),
        _section("Failure signatures", _definitions(), _table(contents.signatures)),
        _section("Settings", "", f"<pre>{escape(json.dumps(contents.settings, indent=1))}</pre>"),
    ]
    policy = _policy(drawn, evaluates=any(map(_uses_webgl, figures.values())))
    page = _PAGE.format(policy=policy, title=escape(title), body="\n".join(parts))
    write_bytes(path, page.encode())


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
        _section("Faithfulness", protocol, _table(contents.faithfulness)),
        _section("Paired comparisons of deletion", comparisons, _table(contents.deletions)),
    ]


def _definitions() -> str:
    return " ".join(f"{s.name.capitalize()}: {s.meaning} ({s.source})." for s in SIGNATURES)


def _reasons(skipped: Any) -> str:
    counted = skipped.groupby(["model", "method", "reason"], sort=False)
    return _table(counted.size().reset_index(name="count"))


def _drawn(figures: Mapping[str, Any]) -> list[str]:
    """Each figure as HTML; the first includes the library that draws them."""
    return [
        figure.to_html(full_html=False, include_plotlyjs=number == 0)
        for number, figure in enumerate(figures.values())
    ]


def _policy(drawn: Iterable[str], *, evaluates: bool) -> str:
    """The page's security policy: it runs only its own drawing scripts, and loads nothing.

    Args:
        drawn: The figures; nothing else has scripts.
        evaluates: Whether plotly has to compile text to functions, as it does for WebGL.
    """
    scripts = [script for html in drawn for script in _SCRIPT.findall(html)]
    allowed = [*map(_digest, scripts), *(["'unsafe-eval'"] if evaluates else [])]
    return (
        f"default-src 'none'; script-src {' '.join(allowed)}; style-src 'unsafe-inline'; "
        "img-src data: blob:; base-uri 'none'; form-action 'none'"
    )


def _digest(script: str) -> str:
    return f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'"


def _uses_webgl(figure: Any) -> bool:
    return any(trace.type.endswith("gl") for trace in figure.data)


def _section(title: str, text: str, content: str) -> str:
    return f"<h2>{escape(title)}</h2>\n<p>{escape(text)}</p>\n{content}"


def _table(table: Any) -> str:
    rest = len(table) - LONGEST_TABLE
    shown = table.head(LONGEST_TABLE).to_html(
        index=False, border=0, na_rep="–", float_format="{:.3f}".format
    )
    more = f"<p>… and {rest} more rows, in the CSV files.</p>" if rest > 0 else ""
    return f'<div class="wide">{shown}</div>{more}'
