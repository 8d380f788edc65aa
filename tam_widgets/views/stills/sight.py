"""What each panel of a still picture shows: which tokens, and their map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from ...attribution import Method, aggregate_maps
from ...attribution.alternatives import rows_of
from ...attribution.interference import Floats
from ...contract import CONTRACT
from ...explanation.explanation import Explanation
from ...explanation.region import shares_inside
from ..at_rest import shown_at_rest
from ..colormaps import LEAST_END
from .heatmap import Paint
from .mirrored import Box, alternative_in, box_in
from .settings import StillSettings
from .tiling import drawn
from .twins import Twins, groups


@dataclass(frozen=True)
class Sight:
    """What one panel shows.

    Attributes:
        tokens: Whose map is drawn, as one; none where the panel has no counterpart.
        values: The map, float32 [visual]; below 0 where it speaks for the alternative.
        paint: How it is drawn.
        peak: The largest value that is drawn, of either sign.
        alternative: Number of the alternative in the token's place, where one is shown.
        names: The token and that alternative.
        shades: Where a box is drawn, the share of each token's map that lies inside it; else how
            relevant each earlier token is to those in view, by the most relevant one.
        box: The box on one of its pictures, where one is drawn.
        layer: The decoder layer whose map it is; 0 for the last.
        absent: Says why there is no map of the method, or of the other word; else empty.
    """

    tokens: Sequence[int]
    values: Floats
    paint: Paint
    peak: float
    alternative: int | None = None
    names: tuple[str, str] | None = None
    shades: Mapping[int, float] = field(default_factory=dict)
    box: Box | None = None
    layer: int = 0
    absent: str = ""

    @property
    def is_contrast(self) -> bool:
        """Whether the token's map minus the alternative's is shown."""
        return self.names is not None and self.paint.diverging

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
        text = texts.contrast if self.is_contrast else texts.alternative
        return text.format(own=own, other=other)


def sights(
    explanations: Sequence[Explanation],
    settings: StillSettings,
    changed: Sequence[Sequence[int]] = (),
) -> list[Sight]:
    """What every panel shows under an explorer's settings.

    Args:
        explanations: One panel each, left to right.
        settings: The explorer's.
        changed: As for `wire.encode`.
    """
    twins = Twins(groups(explanations))
    shown = _tokens_in_view(explanations, settings, twins, changed)
    return [
        _sight(explanations, panel, tokens, settings.of(panel), twins)
        for panel, tokens in enumerate(shown)
    ]


def method_in_view(explanations: Sequence[Explanation], name: str) -> Method:
    """A method as one of the explanations describes it.

    Raises:
        OptionError: If none has maps of it; the message says why.
    """
    for one in explanations:
        if name in one.methods:
            return one.methods[name]
    explanations[0].maps(name)  # says why there is no such map
    return explanations[0].method(name)


def _sight(
    explanations: Sequence[Explanation],
    panel: int,
    tokens: Sequence[int],
    settings: StillSettings,
    twins: Twins,
) -> Sight:
    explanation = explanations[panel]
    method = method_in_view(explanations, settings.method)
    number = None
    if settings.selected:
        chosen = settings.counterfactual
        number = alternative_in(explanations, chosen, panel, tokens, twins)
        if number is not None and not method.alternative:
            number = -1
    lacking = number == -1
    box = box_in(explanations, settings.box, panel)
    layer = _layer(explanation, settings, method) if number is None else 0
    seen = explanation.at_layer(layer or None)
    maps = maps_of(seen, settings)
    sight = sight_of(seen, tokens, maps, settings, None if lacking else number, box)
    if layer and box:
        inside = _inside(explanation, maps_of(explanation, settings), box)
        sight = replace(sight, shades=inside)
    sight = replace(sight, layer=layer)
    reason = absence(explanation, tokens, method)
    return replace(sight, absent=reason or (CONTRACT.texts.no_alternative if lacking else ""))


def _layer(explanation: Explanation, settings: StillSettings, method: Method) -> int:
    """The layer whose maps of locked words are drawn; 0 for the last."""
    there = settings.layer in explanation.layers and method.in_browser and settings.selected
    return settings.layer if there else 0


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
    explanation: Explanation,
    tokens: Sequence[int],
    maps: Floats,
    settings: StillSettings,
    number: int | None = None,
    box: Box | None = None,
) -> Sight:
    """What one panel shows of some tokens.

    Args:
        explanation: Its explanation.
        tokens: The tokens; may be none.
        maps: The maps of all tokens, as `maps_of` makes them.
        settings: An explorer's.
        number: Of the alternative in the token's place, where one is shown.
        box: The box on one of its pictures, where one is drawn.
    """
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
    shades = (
        _inside(explanation, maps, box)
        if box
        else _context(explanation, tokens, None if contrast else number)
    )
    return Sight(tokens, values, paint, top, number, names, shades, box)


def _names(explanation: Explanation, number: int) -> tuple[str, str]:
    """The token, and the alternative in its place, as words."""
    other = explanation.alternatives[number]
    return explanation.tokens[other.token].text.strip(), other.text.strip()


def _inside(explanation: Explanation, maps: Floats, box: Box) -> dict[int, float]:
    """The share of each token's map that lies inside a box."""
    shares = shares_inside(maps, explanation.grids, *box)
    return {token: float(share) for token, share in enumerate(shares)}


def _context(
    explanation: Explanation, tokens: Sequence[int], alternative: int | None
) -> dict[int, float]:
    """How relevant each earlier token is to tokens, or to an alternative, by the most relevant."""
    if not explanation.has_activations:
        return {}
    if alternative is None:
        rows = [explanation.relevance[token, :token] for token in tokens]
    else:
        own = rows_of(explanation.alternatives, alternative)
        rows = [row[: tokens[0]] for row in explanation.alternative_relevance[own]]
    weights = np.zeros(len(explanation.tokens))
    for row in rows:
        np.maximum(weights[: len(row)], row, out=weights[: len(row)])
    weights[list(tokens)] = 0
    weights /= weights.max(initial=0) or 1
    return {token: float(weight) for token, weight in enumerate(weights) if weight > 0}


def _tokens_in_view(
    explanations: Sequence[Explanation],
    settings: StillSettings,
    twins: Twins,
    changed: Sequence[Sequence[int]],
) -> Sequence[Sequence[int]]:
    """Tokens for each panel: those selected, their twins, or what the explorer shows at rest."""
    if not settings.selected:
        return shown_at_rest(explanations, changed)
    chosen: dict[int, list[int]] = {}
    for panel, token in settings.selected:
        chosen.setdefault(panel, []).append(token)
    last = settings.selected[-1][0]
    piece = settings.granularity == "token" and len(chosen[last]) == 1
    return [
        chosen[panel] if panel in chosen else twins.of(last, chosen[last], panel, piece)
        for panel in range(len(explanations))
    ]
