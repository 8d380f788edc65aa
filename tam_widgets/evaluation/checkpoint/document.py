"""An HTML file that works offline: sections of text, tables and plotly figures."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Mapping
from hashlib import sha256
from html import escape
from typing import Any

LONGEST_TABLE = 500
_SCRIPT = re.compile("<script[^>]*>(.*?)</script>", re.DOTALL)
_DOCUMENT = """<!doctype html>
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


def document(
    title: str, before: Iterable[str], figures: Mapping[str, Any], after: Iterable[str]
) -> str:
    """The whole file.

    Args:
        title: Its title, and the heading.
        before: Sections before the figures, without scripts.
        figures: Plotly figures by title.
        after: Sections after them, without scripts.
    """
    drawn = _drawn(figures)
    shown = [section(name, "", one) for name, one in zip(figures, drawn, strict=True)]
    policy = _policy(drawn, evaluates=any(map(_uses_webgl, figures.values())))
    body = "\n".join([*before, *shown, *after])
    return _DOCUMENT.format(policy=policy, title=escape(title), body=body)


def section(title: str, text: str, content: str) -> str:
    """A section with a heading, a paragraph, and HTML below it."""
    return f"<h2>{escape(title)}</h2>\n<p>{escape(text)}</p>\n{content}"


def table_html(table: Any) -> str:
    """A pandas frame; of a long one the first rows."""
    rest = len(table) - LONGEST_TABLE
    shown = table.head(LONGEST_TABLE).to_html(
        index=False, border=0, na_rep="–", float_format="{:.3f}".format
    )
    more = f"<p>… and {rest} more rows, in the CSV files.</p>" if rest > 0 else ""
    return f'<div class="wide">{shown}</div>{more}'


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
    allowed = [*map(_digest, scripts), *(["'unsafe-eval'"] if evaluates else [])] or ["'none'"]
    return (
        f"default-src 'none'; script-src {' '.join(allowed)}; "
        "style-src 'unsafe-inline'; img-src data: blob:; base-uri 'none'; form-action 'none'"
    )


def _digest(script: str) -> str:
    return f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'"


def _uses_webgl(figure: Any) -> bool:
    return any(trace.type.endswith("gl") for trace in figure.data)
