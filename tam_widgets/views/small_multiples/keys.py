"""The colour scales of a figure, each with its quantity and unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ...attribution import Method
from ...contract import CONTRACT
from ..colormaps import LEAST_END
from ..stills.settings import StillSettings
from .sheet import Band, Key
from .word_choice import one_line


def keys_of(bands: Sequence[Band], methods: Sequence[Method], settings: StillSettings) -> list[Key]:
    """One scale for maps of one sign, and one for those of both, where there are such.

    Args:
        bands: The cells.
        methods: Whose maps they show.
        settings: How they are drawn.
    """
    views = [view for band in bands for cell in band.cells for view in cell.views]
    found = []
    for diverging in (False, True):
        paint = next((v.paint for v in views if v.paint.diverging == diverging), None)
        if paint is None:
            continue
        end, unit = 1.0, "as a share of the map's maximum"
        if settings.scale == "shared":
            end, unit = paint.end, "on one scale for all maps"
        elif any(view.paint.end == LEAST_END for view in views):
            unit += f", or of {LEAST_END} where that is lower"
        low = f"\N{MINUS SIGN}{end:.3g}" if diverging else "0"
        high = f"+{end:.3g}" if diverging else f"{end:.3g}"
        own, other = CONTRACT.scale.ends
        ends = f"{own} (orange) and {other} (blue) the word" if diverging else "for the word"
        alike = [method for method in methods if method.signed == diverging]
        found.append(Key(paint, low, high, f"{_quantity(alike)} {ends}, {unit}"))
    return found


def on_one_scale(bands: Sequence[Band]) -> list[Band]:
    """The same with colours that end at one value: at 1, or if sums exceed it, at the largest."""
    cells = [cell for band in bands for cell in band.cells]
    end = max(view.paint.end for cell in cells for view in cell.views)

    def scaled(band: Band) -> Band:
        drawn = [
            replace(c, views=[replace(v, paint=replace(v.paint, end=end)) for v in c.views])
            for c in band.cells
        ]
        return Band(band.heading, drawn)

    return [scaled(band) for band in bands]


def _quantity(methods: Sequence[Method]) -> str:
    """What the colours stand for; methods that are not TAM's have measures of their own."""
    if all(method.in_browser for method in methods):
        return "evidence"
    return one_line(methods[0].label) if len(methods) == 1 else "each method's measure"
