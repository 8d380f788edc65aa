"""What a still picture says of its colours and shades, as the live view's legend does."""

from __future__ import annotations

from ...attribution.alternatives import rows_of
from ...contract import CONTRACT
from ...explanation.explanation import Explanation
from ...explanation.words import span_text
from .settings import StillSettings
from .sight import Sight


def legend_text(explanation: Explanation, sight: Sight, settings: StillSettings) -> str:
    """The quantity, its scale, its unit, and the largest raw activation, parted by semicolons.

    Args:
        explanation: Of the panel.
        sight: What the panel shows.
        settings: The panel's.
    """
    texts = CONTRACT.texts
    method = explanation.methods.get(settings.method)
    if not sight.tokens or method is None:
        return ""
    live = method.in_browser
    word = span_text(explanation.tokens, sight.tokens) if sight.names is None else sight.names[1]
    alone = live and not settings.methods
    quantity = (texts.quantity if alone else texts.quantity_of).format(
        word=word, method=method.label
    )
    if sight.layer:
        quantity = texts.at_layer.format(quantity=quantity, layer=sight.layer)
    shared = settings.scale == "shared" and sight.paint.end == 1
    parts = [
        "" if sight.is_contrast else quantity,
        texts.shared_scale if shared else texts.own_scale,
        texts.unit if live and not sight.is_contrast else "",
        _raw(explanation, sight) if live else "",
    ]
    return "; ".join(part for part in parts if part)


def shading_text(explanation: Explanation, sight: Sight) -> str:
    """What shades or bars of words stand for; empty where there are none."""
    if sight.box:
        return CONTRACT.texts.inside
    if not any(sight.shades.values()):
        return ""
    return CONTRACT.texts.shading.format(word=span_text(explanation.tokens, sight.tokens))


def _raw(explanation: Explanation, sight: Sight) -> str:
    """The largest raw activations, of a contrast those of both words."""
    seen = explanation.at_layer(sight.layer or None)
    own = max(float(seen.activations[token].max()) for token in sight.tokens)
    peaks = [own]
    if sight.alternative is not None:
        rows = rows_of(explanation.alternatives, sight.alternative)
        other = float(explanation.alternative_activations[rows].max())
        peaks = [own, other] if sight.is_contrast else [other]
    return f"raw max {' : '.join(f'{peak:.1f}' for peak in peaks)}"
