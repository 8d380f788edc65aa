"""What each panel of a still picture shows: which tokens, and their map."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import cast

import numpy as np

from ...attribution import aggregate_maps
from ...attribution.interference import Floats
from ...contract import CONTRACT
from ...explanation.common_raster import same_pictures
from ...explanation.explanation import Explanation
from ...explanation.geometry import Rect
from ...explanation.region import shares_inside
from ...explanation.words import links
from ..at_rest import Group, shown_at_rest
from ..colormaps import LEAST_END
from .heatmap import Paint
from .settings import StillSettings
from .tiling import drawn

_LACKING = -1
"""Stands for an alternative that another panel shows and that this panel's token lacks."""


@dataclass(frozen=True)
class Sight:
    """What one panel shows.

    Attributes:
        tokens: Whose map is drawn, as one; none where the panel has no counterpart.
        values: The map, float32 [visual]; below 0 where it speaks for the alternative.
        paint: How it is drawn.
        names: The token and the alternative in its place, where one is shown.
        shades: Share of each token's map that lies inside the box, where one is drawn.
        box: The image and the rectangle of the box, where one lies on a picture of the panel.
        absent: Says that the explanation has no map of the method, or of another word that another
            panel shows; else empty.
    """

    tokens: Sequence[int]
    values: Floats
    paint: Paint
    names: tuple[str, str] | None = None
    shades: Mapping[int, float] = field(default_factory=dict)
    box: tuple[int, Rect] | None = None
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
    label = methods[settings.method].label
    maps = [_maps(explanation, settings) for explanation in explanations]
    tokens = _tokens_in_view(explanations, settings)
    others = [_alternative(panel, explanations, own, settings) for panel, own in enumerate(tokens)]
    found = [
        _sight(panel, explanations, own, values, other, settings)
        for panel, (own, values, other) in enumerate(zip(tokens, maps, others, strict=True))
    ]
    return [
        replace(
            sight, absent=_absent(explanation, own, settings.method, other).format(method=label)
        )
        for sight, explanation, own, other in zip(found, explanations, tokens, others, strict=True)
    ]


def _absent(
    explanation: Explanation, tokens: Sequence[int], method: str, alternative: int | None
) -> str:
    """Which map is missing: of the method, or of another panel's other word; empty if none."""
    if alternative == _LACKING:
        return CONTRACT.texts.no_alternative
    if method not in explanation.methods:
        return CONTRACT.texts.no_map
    computed = explanation.extra_tokens.get(method)
    some = computed is None or not tokens or not {*tokens}.isdisjoint(computed)
    return "" if some else CONTRACT.texts.not_computed


def _maps(explanation: Explanation, settings: StillSettings) -> Floats:
    """The maps of all tokens; nothing where only another panel's explanation has such maps."""
    if settings.method not in explanation.methods:
        return np.zeros((len(explanation.tokens), explanation.visual_length), np.float32)
    return explanation.maps(settings.method, **settings.map_options)


def _sight(
    panel: int,
    explanations: Sequence[Explanation],
    tokens: Sequence[int],
    maps: Floats,
    alternative: int | None,
    settings: StillSettings,
) -> Sight:
    explanation = explanations[panel]
    number = None if alternative == _LACKING else alternative
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
    box = _box(panel, explanations, settings)
    shades = _shades(explanation, maps, box)
    return Sight(tokens, values, paint, names, shades, box)


def _alternative(
    panel: int,
    explanations: Sequence[Explanation],
    tokens: Sequence[int],
    settings: StillSettings,
) -> int | None:
    """Index of the alternative in a panel's token's place; it stands only in a selected one's.

    In other panels, that of the same text in the linked token's place; `_LACKING` if there is none.
    """
    method = explanations[panel].methods.get(settings.method)
    if not settings.counterfactual or not (method and method.alternative):
        return None
    at, token, number = settings.counterfactual
    selected = [tuple(pair) for pair in settings.selected]
    if (at, token) not in selected:
        return None
    if panel == at:
        return number if list(tokens) == [token] else None
    twin = _Twins(_links(explanations)).of(at, [token], panel, piece=True)
    if not twin or twin[0] not in tokens:
        return None
    text = _key(explanations[at].alternatives[number].text)
    others = enumerate(explanations[panel].alternatives)
    same = [i for i, other in others if other.token == twin[0] and _key(other.text) == text]
    return same[0] if same and len(tokens) == 1 else _LACKING


def _key(text: str) -> str:
    return text.strip().lower()


def _names(explanation: Explanation, number: int) -> tuple[str, str]:
    """The token, and the alternative in its place, as words."""
    other = explanation.alternatives[number]
    return explanation.tokens[other.token].text.strip(), other.text.strip()


def _box(
    panel: int, explanations: Sequence[Explanation], settings: StillSettings
) -> tuple[int, Rect] | None:
    """The box on the panel's picture, drawn on it or on the same picture of another panel."""
    if not settings.box:
        return None
    at, image, left, top, right, bottom = settings.box
    pictures = same_pictures(explanations[at].images, explanations[panel].images)
    twin = dict(pictures).get(image)
    return None if twin is None else (twin, (left, top, right, bottom))


def _shades(
    explanation: Explanation, maps: Floats, box: tuple[int, Rect] | None
) -> dict[int, float]:
    if box is None:
        return {}
    shares = shares_inside(maps, explanation.grids, *box)
    return {token: float(share) for token, share in enumerate(shares)}


def _tokens_in_view(
    explanations: Sequence[Explanation], settings: StillSettings
) -> Sequence[Sequence[int]]:
    """Tokens for each panel: those selected, their twins, or at rest a shared or strong word."""
    if not settings.selected:
        return shown_at_rest(explanations)
    chosen: dict[int, list[int]] = {}
    for panel, token in settings.selected:
        chosen.setdefault(panel, []).append(token)
    last = settings.selected[-1][0]
    twins = _Twins(_links(explanations))
    piece = settings.granularity == "token" and len(chosen[last]) == 1
    return [
        chosen[panel] if panel in chosen else twins.of(last, chosen[last], panel, piece)
        for panel in range(len(explanations))
    ]


class _Twins:
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


def _links(explanations: Sequence[Explanation]) -> list[Group]:
    return cast("list[Group]", links(explanations))
