"""Figures of explanations: words by methods, or of several models the same words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from math import prod
from typing import Any, Unpack

import numpy as np

from ...attribution import METHODS, Method
from ...attribution.interference import Floats
from ...errors import OptionError
from ...explanation.explanation import Explanation
from ..at_rest import evidence_of
from ..methods import with_variants
from ..stills.settings import StillSettings
from ..stills.sight import Sight, absence, maps_of, method_in_view, sight_of
from ..stills.tiling import drawn
from ..stills.twins import Twins, groups
from .caption import caption
from .cell import Cell, Ring, views_of
from .figure import Figure
from .keys import keys_of, on_one_scale
from .settings import FigureSettings, still_settings
from .sheet import Band, Sheet
from .word_choice import Chosen, Words, chosen, strongest

Methods = str | Method | Iterable[str | Method]
"""Names of methods, or variants of registered ones."""


def figure(
    explanations: Sequence[Explanation],
    words: Words = None,
    methods: Methods = "tam",
    own: Sequence[str] = (),
    **settings: Unpack[FigureSettings],
) -> Figure:
    """Small pictures of words under their maps, for a paper.

    Args:
        explanations: One or several, of which each has a band of its own.
        words: See `Explanation.figure`.
        methods: See `Explanation.figure`.
        own: The one method of each explanation, in the place of `methods`.
        **settings: See `Explanation.figure`.
    """
    drawing = still_settings(settings)
    asked = as_methods(list(dict.fromkeys(own)) or methods)
    records = [
        with_variants(one, _computable(one, asked, explanations), drawing.map_options)
        for one in explanations
    ]
    named = [method_in_view(records, method.name) for method in asked]
    of = [[one for one in named if not own or one.name == own[i]] for i in range(len(records))]
    left_out: list[str] = []
    if words is None:
        strengths = [_strengths(*one, drawing) for one in zip(records, of, strict=True)]
        rows, left_out = strongest(records, strengths)
        if not rows:
            raise OptionError("the answer has no content words: give words or tokens to show")
    else:
        twins = Twins(groups(records))
        rows = chosen(records, words, lambda own, panel: twins.of(0, own, panel, len(own) == 1))
    bands, heads = _bands(records, rows, of, drawing)
    bands = on_one_scale(bands) if drawing.scale == "shared" else bands
    sheet = Sheet(
        bands,
        heads,
        keys_of(bands, named, drawing),
        caption(records, named, drawing, left_out),
        _name(records, rows, named),
    )
    return Figure(sheet)


def _computable(
    explanation: Explanation, methods: Sequence[Method], explanations: Sequence[Explanation]
) -> list[Method]:
    """Without those from raw activations, where only another explanation of the figure has any."""
    if explanation.has_activations or not any(one.has_activations for one in explanations):
        return list(methods)
    return [one for one in methods if "activations" not in one.reads]


def _strengths(
    explanation: Explanation, methods: Sequence[Method], settings: StillSettings
) -> Floats:
    """How strong each token is: for TAM and its ablations by the activation, as at rest."""
    first = methods[0]
    if first.in_browser:
        return evidence_of(explanation)
    maps = maps_of(explanation, replace(settings, method=first.name))
    largest: Floats = np.abs(maps[:, drawn(explanation, settings.thumbnail)]).max(axis=1)
    return largest


def as_methods(methods: Methods) -> list[Method]:
    """Methods by name or as they are.

    Raises:
        OptionError: If none is given, or one twice.
    """
    one = isinstance(methods, str | Method)
    several: list[Any] = [methods] if one else [*methods] if isinstance(methods, Iterable) else []
    found = [one if isinstance(one, Method) else METHODS.get(one, Method(one)) for one in several]
    names = [method.name for method in found]
    if not names or len({*names}) < len(names):
        raise OptionError(
            f"methods={names or methods!r:.200}: give the name of a method, or several, each of "
            "them once"
        )
    return found


def cell_of(
    explanation: Explanation,
    tokens: Sequence[int],
    maps: Any,
    settings: StillSettings,
    method: Method,
    title: str,
    facts: Sequence[str] = (),
    rings: Sequence[Ring] = (),
) -> Cell:
    """A word's picture.

    Args:
        explanation: Its record.
        tokens: Its tokens; none where the answer does not have it.
        maps: Those of all tokens, as `maps_of` makes them.
        settings: How it is drawn.
        method: Whose maps they are.
        title: Above it.
        facts: Further ones below the title.
        rings: Outlines of the true mask.
    """
    settings = replace(settings, method=method.name)
    sight = sight_of(explanation, tokens, maps, settings)
    missing = absence(explanation, tokens, method) if tokens else "not in this answer"
    known = [*(probability(explanation, tokens) if title else []), *facts, *_peak(sight, settings)]
    detail = missing or ", ".join(known)
    return Cell(title, detail, views_of(explanation, sight, settings.thumbnail, rings))


def _bands(
    records: Sequence[Explanation],
    rows: Sequence[Chosen],
    methods: Sequence[Sequence[Method]],
    drawing: StillSettings,
) -> tuple[list[Band], list[str]]:
    """Bands of cells, and heads of columns where these are methods: where words are not more.

    Args:
        records: The explanations.
        rows: The words.
        methods: Those of each explanation.
        drawing: How they are drawn.
    """
    maps = [
        [maps_of(record, replace(drawing, method=method.name)) for method in own]
        for record, own in zip(records, methods, strict=True)
    ]

    def cell(panel: int, row: Chosen, number: int, title: str) -> Cell:
        method = methods[panel][number]
        return cell_of(
            records[panel], row.tokens[panel], maps[panel][number], drawing, method, title
        )

    labels = [method.label for method in methods[0]]
    if len(records) == 1 and len(labels) > 1 and len(labels) >= len(rows):
        bands = [
            Band(
                ", ".join([row.text, *probability(records[0], row.tokens[0])]),
                [cell(0, row, number, "") for number in range(len(labels))],
            )
            for row in rows
        ]
        return bands, labels
    bands = []
    several = len({method.name for own in methods for method in own}) > 1
    for panel, record in enumerate(records):
        for number, method in enumerate(methods[panel]):
            parts = [record.title] if len(records) > 1 else []
            parts += [method.label] if several else []
            cells = [cell(panel, row, number, row.text) for row in rows]
            bands.append(Band(", ".join(parts), cells))
    return bands, []


def probability(explanation: Explanation, tokens: Sequence[int]) -> list[str]:
    """That of a word is the product over its tokens."""
    known = [explanation.tokens[token].probability for token in tokens]
    numbers = [probability for probability in known if probability is not None]
    return [f"p {prod(numbers):.2f}"] if numbers and len(numbers) == len(known) else []


def _peak(sight: Sight, settings: StillSettings) -> list[str]:
    """The map's maximum, which colours do not show on a scale of its own."""
    return [] if settings.scale == "shared" else [f"max {sight.peak:.2f}"]


def _name(records: Sequence[Explanation], rows: Sequence[Chosen], methods: Sequence[Method]) -> str:
    counts = ((len(rows), "word"), (len(methods), "method"), (len(records), "model"))
    parts = [f"{n} {what}{'s' if n > 1 else ''}" for n, what in counts if n > 1 or what == "word"]
    return " by ".join(parts)
