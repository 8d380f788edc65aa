"""Thumbnails of samples for the gallery, from their cards, else from their explanations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tam_widgets.errors import TamError
from tam_widgets.evaluation.measures.explanations import mosaic_of
from tam_widgets.evaluation.measures.inputs import as_shown
from tam_widgets.evaluation.storage.cards import Card, make_card
from tam_widgets.evaluation.storage.report_folder import ReportFolder
from tam_widgets.evaluation.storage.schema import Json, noun_rows
from tam_widgets.views.gallery.run import Thumbnail
from tam_widgets.views.outline import Outline, Ring


def thumbnail_of(
    folder: ReportFolder, record: Json, method: str, noun: int, settings: Mapping[str, Any]
) -> Thumbnail:
    """Makes the thumbnail of a measured sample.

    Args:
        folder: The report's folder.
        record: Of the sample.
        method: Name of the method whose map is shown.
        noun: Index of the noun whose map is shown, among the record's nouns; -1 for none.
        settings: The method's, as `Explanation.maps` takes them.
    """
    card = folder.card(record["model"], record["number"]) or _card_anew(
        folder, record, method, settings
    )
    if card is None:
        return Thumbnail(record["answer"])
    heatmap = _map(card, record, method, noun)
    outline = _outline(card, record, method, noun)
    return Thumbnail(record["answer"], card.picture, card.rect, heatmap, outline)


def outlines_of(folder: ReportFolder, record: Json, method: str) -> list[Outline]:
    """The true outlines of the objects in a sample's picture; none in older reports.

    Args:
        folder: The report's folder.
        record: Of the sample.
        method: Name of the method whose rows tell which words name an object.
    """
    card = folder.card(record["model"], record["number"])
    words = record["methods"][method]
    return [
        Outline(
            name,
            rings,
            [token for word in words if word["category"] == name for token in word["tokens"]],
        )
        for name, rings in (card.outlines if card else {}).items()
    ]


def _map(card: Card, record: Json, method: str, noun: int) -> NDArray[np.uint8] | None:
    maps = card.maps.get(method)
    nouns = len(noun_rows(record["methods"][method]))
    if maps is None or not 0 <= noun < len(maps) or len(maps) != nouns:
        return None
    values: NDArray[np.uint8] = maps[noun]
    return values


def _outline(card: Card, record: Json, method: str, noun: int) -> Sequence[Ring]:
    """Of the category that a noun names; none if it names none, or one that is not there."""
    words = record["methods"][method]
    nouns = noun_rows(words)
    category = words[nouns[noun]]["category"] if 0 <= noun < len(nouns) else None
    return card.outlines.get(category or "", ())


def _card_anew(
    folder: ReportFolder, record: Json, method: str, settings: Mapping[str, Any]
) -> Card | None:
    """Makes a missing card from the explanation; None if that was not saved."""
    try:
        explanation = folder.explanation(record["model"], record["number"])
        joined = mosaic_of(explanation)
        maps = explanation.maps(**settings, compat=folder.settings["compat"]).clip(0, 1)
        shown = {method: as_shown(joined.planes(maps[explanation.answer_slice]))}
    except TamError:
        return None
    words = record["methods"][method]
    first, end = explanation.prompt_length, len(explanation.tokens)
    if not all(first <= token < end for word in words for token in word["tokens"]):
        return None
    card = make_card(explanation, words, shown, joined.grid.rect, {})
    return card if card.can_be_drawn() else None
