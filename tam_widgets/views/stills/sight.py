"""What each panel of a still picture shows: which tokens, and their map."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import cast

import numpy as np

from ...attribution import Method, aggregate_maps
from ...attribution.interference import Floats
from ...contract import CONTRACT
from ...explanation.explanation import Explanation
from ...explanation.region import shares_inside
from ...explanation.words import links
from ..at_rest import Group, at_rest, is_readable
from ..colormaps import LEAST_END
from .heatmap import Paint
from .settings import StillSettings
from .tiling import drawn


@dataclass(frozen=True)
class Sight:
    """What one panel shows.

    Attributes:
        tokens: Whose map is drawn, as one; none where the panel has no counterpart.
        values: The map, float32 [visual]; below 0 where it speaks for the alternative.
        paint: How it is drawn.
        peak: The largest value that is drawn, of either sign.
        names: The token and the alternative in its place, where one is shown.
        shades: Share of each token's map that lies inside the box, where one is drawn.
        absent: Says that the explanation has no map of the method; else empty.
    """

    tokens: Sequence[int]
    values: Floats
    paint: Paint
    peak: float
    names: tuple[str, str] | None = None
    shades: Mapping[int, float] = field(default_factory=dict)
    absent: str = ""

    @property
    def ends(self) -> tuple[str, str] | None:
        """What the ends of a diverging scale speak for, upper and lower."""
        return self.names or (CONTRACT.scale.ends if self.paint.diverging else None)

    @property
    def note(self) -> str:
        """What is shown instead of the token's own map, in words; empty where nothing is."""
        if self.names is None:
            return self.absent
        own, other = self.names
        texts = CONTRACT.texts
        text = texts.contrast if self.paint.diverging else texts.alternative
        return text.format(own=own, other=other)


def sights(explanations: Sequence[Explanation], settings: StillSettings) -> list[Sight]:
    """What every panel shows under an explorer's settings.

    Args:
        explanations: One panel each, left to right.
        settings: The explorer's.
    """
    methods = {name: one for each in explanations for name, one in each.methods.items()}
    if settings.method not in methods:
        explanations[0].maps(settings.method)  # says why there is no such map
    method = methods[settings.method]
    maps = [maps_of(explanation, settings) for explanation in explanations]
    tokens = _tokens_in_view(explanations, maps, settings)
    found = [
        sight_of(panel, explanation, own, values, settings)
        for panel, (explanation, own, values) in enumerate(
            zip(explanations, tokens, maps, strict=True)
        )
    ]
    return [
        replace(sight, absent=absence(explanation, own, method))
        for sight, explanation, own in zip(found, explanations, tokens, strict=True)
    ]


def absence(explanation: Explanation, tokens: Sequence[int], method: Method) -> str:
    """Why there is no map of the method of some tokens; empty if there is one."""
    computed = explanation.extra_tokens.get(method.name)
    if method.name not in explanation.methods:
        text = CONTRACT.texts.no_map
    elif computed is None or not tokens or not {*tokens}.isdisjoint(computed):
        return ""
    else:
        text = CONTRACT.texts.not_computed
    return text.format(method=method.label)


def maps_of(explanation: Explanation, settings: StillSettings) -> Floats:
    """The maps of all tokens; nothing where only another panel's explanation has such maps."""
    if settings.method not in explanation.methods:
        return np.zeros((len(explanation.tokens), explanation.visual_length), np.float32)
    return explanation.maps(settings.method, **settings.map_options)


def sight_of(
    panel: int,
    explanation: Explanation,
    tokens: Sequence[int],
    maps: Floats,
    settings: StillSettings,
) -> Sight:
    """What one panel shows of some tokens.

    Args:
        panel: Its number.
        explanation: Its explanation.
        tokens: The tokens; may be none.
        maps: The maps of all tokens, as `maps_of` makes them.
        settings: An explorer's.
    """
    number = _alternative(panel, explanation, tokens, settings)
    method = explanation.methods.get(settings.method)
    contrast = number is not None and settings.contrast
    if not tokens:
        values = np.zeros(explanation.visual_length, np.float32)
    elif number is None:
        values = aggregate_maps(maps[list(tokens)], settings.aggregate)
    else:
        values = explanation.alternative_map(
            number, settings.method, contrast=contrast, **settings.map_options
        )
    top = float(np.abs(values[drawn(explanation, settings.thumbnail)]).max(initial=0))
    paint = Paint(
        end=max(1.0 if settings.scale == "shared" else LEAST_END, top),
        colormap=settings.colormap,
        opacity=settings.opacity,
        threshold=settings.threshold,
        cells=settings.cells,
        diverging=contrast or (method is not None and method.signed),
    )
    names = None if number is None else _names(explanation, number)
    shades = _shades(panel, explanation, maps, settings)
    return Sight(tokens, values, paint, top, names, shades)


def _alternative(
    panel: int, explanation: Explanation, tokens: Sequence[int], settings: StillSettings
) -> int | None:
    """Index of the alternative in a panel's token's place; it stands only in a selected one's."""
    method = explanation.methods.get(settings.method)
    if not settings.counterfactual or len(tokens) != 1 or not (method and method.alternative):
        return None
    at, token, number = settings.counterfactual
    selected = (panel, token) in [tuple(pair) for pair in settings.selected]
    return number if (at, token) == (panel, tokens[0]) and selected else None


def _names(explanation: Explanation, number: int) -> tuple[str, str]:
    """The token, and the alternative in its place, as words."""
    other = explanation.alternatives[number]
    return explanation.tokens[other.token].text.strip(), other.text.strip()


def _shades(
    panel: int, explanation: Explanation, maps: Floats, settings: StillSettings
) -> dict[int, float]:
    if not settings.box or settings.box[0] != panel:
        return {}
    left, top, right, bottom = settings.box[2:]
    shares = shares_inside(maps, explanation.grids, settings.box[1], (left, top, right, bottom))
    return {token: float(share) for token, share in enumerate(shares)}


def _tokens_in_view(
    explanations: Sequence[Explanation], maps: Sequence[Floats], settings: StillSettings
) -> Sequence[Sequence[int]]:
    """Tokens for each panel: those selected, their twins, or at rest a shared or strong word."""
    if not settings.selected:
        return _at_rest(explanations, maps, settings.thumbnail)
    chosen: dict[int, list[int]] = {}
    for panel, token in settings.selected:
        chosen.setdefault(panel, []).append(token)
    last = settings.selected[-1][0]
    twins = Twins(groups(explanations))
    piece = settings.granularity == "token" and len(chosen[last]) == 1
    return [
        chosen[panel] if panel in chosen else twins.of(last, chosen[last], panel, piece)
        for panel in range(len(explanations))
    ]


class Twins:
    """The same words in another panel, as the explorer finds them.

    The same occurrence of the word (the last one where that panel has fewer), and for a single
    token the same piece of it.
    """

    def __init__(self, groups: Sequence[Group]) -> None:
        self._places: dict[tuple[int, int], tuple[Group, int, int]] = {}
        for group in groups:
            seen: Counter[int] = Counter()
            for panel, tokens in group:
                for piece, token in enumerate(tokens):
                    self._places[panel, token] = (group, seen[panel], piece)
                seen[panel] += 1

    def of(self, panel: int, tokens: Sequence[int], other: int, piece: bool) -> list[int]:
        """Tokens of another panel whose words are those of this panel's tokens."""
        found: set[int] = set()
        for token in tokens:
            group, occurrence, place = self._places.get((panel, token), ((), 0, 0))
            there = [word for at, word in group if at == other]
            if there:
                word = there[min(occurrence, len(there) - 1)]
                found.update([word[min(place, len(word) - 1)]] if piece else word)
        return sorted(found)


def _at_rest(
    explanations: Sequence[Explanation], maps: Sequence[Floats], thumbnail: bool
) -> list[list[int]]:
    readable = [[is_readable(token) for token in one.tokens] for one in explanations]
    return at_rest(strengths(explanations, maps, thumbnail), readable, groups(explanations))


def strengths(
    explanations: Sequence[Explanation], maps: Sequence[Floats], thumbnail: bool
) -> list[Floats]:
    """Of each explanation the largest value that is drawn of every token's map, [tokens]."""
    return [
        values[:, drawn(one, thumbnail)].max(axis=1)
        for one, values in zip(explanations, maps, strict=True)
    ]


def groups(explanations: Sequence[Explanation]) -> list[Group]:
    """The words that explanations share."""
    return cast("list[Group]", links(explanations))
