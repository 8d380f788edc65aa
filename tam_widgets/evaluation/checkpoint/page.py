"""A measurement as one HTML page that can be sent to others."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from tam_widgets.evaluation.checkpoint.document import document, section, table_html
from tam_widgets.evaluation.reports import figures
from tam_widgets.evaluation.reports.frames import frame

Json = dict[str, Any]

_OVERHEAD = (
    "generate on inputs that were preprocessed before; explain from the picture to the record. "
    "Medians; the ratio is that of neighbouring runs."
)
_METHODS = (
    "On the first picture: passes of the model for the whole answer (a backward one counts twice), "
    "and seconds."
)
_SCORES = "Overlap of maps with objects where pictures are labelled, and faithfulness."
_FAITHFULNESS = (
    "Of nouns (of labelled pictures those that name an object), the mean probability while cells "
    "of the picture are removed in an order (deletion, lower is better) and brought back "
    "(insertion, higher is better). 95 % bootstrap intervals over pictures."
)
_PRIVATE = (
    "This page and the JSON beside it hold figures, names of model and machine parts, and reasons "
    "of failures: no pictures, answers, paths, or names of users."
)


def page_of(found: Json) -> str:
    """The page.

    Args:
        found: What `measure_checkpoint` returns.
    """
    machine = [{"fact": name, "value": value} for name, value in found["machine"].items()]
    orders = _frame(found["faithfulness"])
    before = [
        section("What was measured", _PRIVATE, table_html(_frame(machine))),
        *_sections(found),
    ]
    drawn = {"Insertion against deletion": figures.by_order(orders)} if len(orders) else {}
    failed = [{"part": name, "reason": reason} for name, reason in found["failed"].items()]
    after = [section("What failed", "" if failed else "Nothing.", table_html(_frame(failed)))]
    return document(
        f"Measurement of {found['machine'].get('model', 'a model')}", before, drawn, after
    )


def _sections(found: Json) -> Iterator[str]:
    texts = {"overhead": _OVERHEAD, "methods": _METHODS, "scores": _SCORES}
    texts |= {"faithfulness": f"On {found['pictures']}. {_FAITHFULNESS}"}
    for name, text in texts.items():
        if found[name]:
            yield section(name.capitalize(), text, table_html(_frame(found[name])))


def _frame(rows: list[Json]) -> Any:
    columns = dict.fromkeys(name for row in rows for name in row)
    known = [{name: math.nan if v is None else v for name, v in row.items()} for row in rows]
    return frame(known, columns)
