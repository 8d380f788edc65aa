"""How far two explanations agree on where a word's evidence lies in the picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np

from ..attribution import aggregate_maps
from ..attribution.interference import Floats
from ..contract import CONTRACT
from ..errors import OptionError
from .common_raster import Numbers, common_raster, grids_on, resample, same_pictures, seen_by_both
from .options import MapOptions
from .types import TokenKind
from .words import HasTokens, Word, words

if TYPE_CHECKING:
    from .explanation import Explanation

AREA_FROM = CONTRACT.agreement.area_from
"""Share of a map's largest value from which on a cell belongs to the map's area."""


@dataclass(frozen=True)
class WordAgreement:
    """How alike two maps of one word are, over what both models saw of the picture.

    Attributes:
        word: The word as the first answer writes it.
        tokens: Its tokens in the first and in the second explanation.
        correlation: Pearson's, of the values of all cells, −1..1; NaN if a map has only one value.
        overlap: Intersection over union of the areas with at least half of each map's largest
            value, 0..1; NaN if a map has no value above 0.
    """

    word: str
    tokens: tuple[tuple[int, ...], tuple[int, ...]]
    correlation: float
    overlap: float


def agreement(
    first: Explanation,
    second: Explanation,
    method: str | Sequence[str] | None = None,
    *,
    kind: TokenKind = "answer",
    aggregate: str = "max",
    thumbnail: bool = False,
    **options: Unpack[MapOptions],
) -> list[WordAgreement]:
    """Compares the maps of all words that two answers about one picture share.

    The models may see the picture through different grids. Both maps are resampled to a common
    raster in picture coordinates: the finer of the two grids, over the rectangle within both, each
    cell the mean of the map weighted by area. Only cells count of which both models saw at least
    half. Of several common pictures, or frames of a video, all cells count together.

    Args:
        first: An explanation.
        second: Another one of the same picture, of any model.
        method: As for `Explanation.maps`; or two, the first one's and the second one's, which
            may then be the same explanation. By default the `default_method` of each.
        kind: Words of which text, `"answer"` or `"prompt"`.
        aggregate: How the maps of a word's tokens become one, as for `Explanation.map`.
        thumbnail: Whether, of a picture that a model saw as tiles and as a thumbnail, the
            thumbnail's map is compared instead of the tiles'.
        **options: As for `Explanation.maps`.

    Returns:
        One entry for each shared word, in the first text's order. A word's first occurrence is
        compared with the first one in the other text, its second with the second.
        `pandas.DataFrame` takes the list as it is.

    Raises:
        OptionError: If one is not an explanation; if they have no picture in common, or the models
            saw no common part of it; or an option is unknown or outside its range.

    Example:
        >>> import tam_widgets as tw
        >>> for one in tw.agreement(qwen, llava):                   # doctest: +SKIP
        ...     print(one.word, one.correlation, one.overlap)
        >>> tw.agreement(qwen, qwen, ("tam", "attention"))          # doctest: +SKIP
    """
    for given in (first, second):
        if not hasattr(given, "maps"):
            raise OptionError(
                f"{type(given).__name__} is not an explanation: pass what explainer.explain(…) or "
                "tam_widgets.load(…) returned"
            )
    one, two = _pair_of(method)
    pairs = word_pairs(first, second, kind)
    own = _joined([word for word, _ in pairs], first.maps(one, **options), aggregate)
    other = _joined([word for _, word in pairs], second.maps(two, **options), aggregate)
    values = on_common_cells(first, second, own, other, thumbnail)
    return [
        WordAgreement(word.text, (word.tokens, twin.tokens), correlation(a, b), overlap(a, b))
        for (word, twin), a, b in zip(pairs, *values, strict=True)
    ]


def _pair_of(method: Any) -> tuple[Any, Any]:
    """A method for each of two explanations."""
    if isinstance(method, str) or not isinstance(method, Sequence):
        return method, method
    if len(method) != 2:
        raise OptionError(f"method={method!r:.200}: give one method, or two, one for each")
    return method[0], method[1]


def on_common_cells(
    first: Explanation, second: Explanation, own: Floats, other: Floats, thumbnail: bool = False
) -> tuple[Numbers, Numbers]:
    """Maps of two explanations, on the cells that both models saw.

    Args:
        first: An explanation.
        second: Another one.
        own: Maps of the first, [maps, visual].
        other: Of the second.
        thumbnail: Whether thumbnails are compared instead of tiles.

    Returns:
        Of each float64 [maps, cells].

    Raises:
        OptionError: If there are no such cells.
    """
    pictures = same_pictures(first.images, second.images)
    if not pictures:
        raise OptionError(
            "the two explanations have no picture in common: give two of the same picture, whose "
            "stored bytes and sizes are equal"
        )
    found: list[tuple[Numbers, Numbers]] = []
    for image, twin in pictures:
        grids = grids_on(first.grids, image, thumbnail)
        others = grids_on(second.grids, twin, thumbnail)
        raster = common_raster([*grids.values()], [*others.values()])
        if raster is None:
            continue
        a, b = resample(own, grids, raster), resample(other, others, raster)
        both = seen_by_both(a, b)
        found.append((a.values[:, both], b.values[:, both]))
    if not any(a.shape[1] for a, _ in found):
        raise OptionError("the two models saw no common part of the picture")
    left, right = zip(*found, strict=True)
    return np.concatenate(left, axis=1), np.concatenate(right, axis=1)


def correlation(first: Numbers, second: Numbers) -> float:
    """Pearson's correlation of two maps on the same cells; NaN if one has only one value.

    Example:
        >>> correlation(np.array([0.0, 0.5, 1.0]), np.array([1.0, 0.5, 0.0]))
        -1.0
    """
    a, b = first - first.mean(), second - second.mean()
    size = np.sqrt(float(a @ a) * float(b @ b))
    flat = np.ptp(first) == 0 or np.ptp(second) == 0 or size == 0
    return float("nan") if flat else float(np.clip(float(a @ b) / size, -1, 1))


def overlap(first: Numbers, second: Numbers) -> float:
    """Intersection over union of the areas with at least half of each map's largest value.

    Returns:
        0..1; NaN if a map has no value above 0.

    Example:
        >>> overlap(np.array([0.2, 0.5, 1.0]), np.array([0.0, 0.1, 0.3]))
        0.5
    """
    if first.max(initial=0) <= 0 or second.max(initial=0) <= 0:
        return float("nan")
    a, b = first >= AREA_FROM * first.max(), second >= AREA_FROM * second.max()
    return float((a & b).sum() / (a | b).sum())


def word_pairs(first: HasTokens, second: HasTokens, kind: TokenKind) -> list[tuple[Word, Word]]:
    """Words that two texts share: the first occurrence with the first, the second with the second.

    Args:
        first: An explanation.
        second: Another one.
        kind: Which of their texts.

    Returns:
        Pairs in the order of the first text.
    """
    places: dict[str, list[Word]] = {}
    for word in words(second.tokens, kind):
        places.setdefault(word.key, []).append(word)
    return [
        (word, places[word.key].pop(0))
        for word in words(first.tokens, kind)
        if places.get(word.key)
    ]


def _joined(chosen: Sequence[Word], maps: Floats, aggregate: str) -> Floats:
    """One map for each word, [words, visual]."""
    joined = [aggregate_maps(maps[list(word.tokens)], aggregate) for word in chosen]
    return np.stack(joined) if joined else maps[:0]
