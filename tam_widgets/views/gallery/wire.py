"""What the gallery sends for single cases: small pictures with maps, and the case that is open."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ...errors import TamError
from ...evaluation.measures.explanations import board_of
from ...evaluation.measures.sample import as_shown
from ...evaluation.reports.cases import twin
from ...evaluation.reports.sides import Side
from ...evaluation.storage.cards import Card, make_card
from ...explanation.explanation import Explanation
from .. import colormaps
from ..wire import encode

OPACITY = 0.75
"""Of a map on its picture, as the explorer begins."""

Json = dict[str, Any]
WHOLE = (0.0, 0.0, 1.0, 1.0)


@dataclass(frozen=True)
class OpenCase:
    """The case that the explorer shows.

    Attributes:
        content: The message: header, tokens to lock, settings, or why there is nothing to show.
        buffers: What the header refers to.
        explanations: A panel each.
    """

    content: Json
    buffers: list[bytes]
    explanations: tuple[Explanation, ...] = ()


def pictures(
    sides: Sequence[Side], wanted: Sequence[Sequence[Any]]
) -> tuple[list[Json], list[bytes]]:
    """Small pictures and maps of cases.

    Args:
        sides: One or two.
        wanted: Of each case its id and, a side, the index of the noun whose map is shown or -1.

    Returns:
        An entry a case, and the buffers that these name.
    """
    buffers: list[bytes] = []
    entries = []
    for sample, *nouns in wanted:
        pairs = zip(sides, [*nouns, -1, -1], strict=False)
        shown = [_picture(side, sample, noun, buffers) for side, noun in pairs]
        entries.append({"id": sample, "sides": shown})
    return entries, buffers


def open_case(sides: Sequence[Side], sample: str | None) -> OpenCase:
    """What the explorer shows of a case: a panel a side, one where both are of one answer."""
    panels: dict[tuple[Path, str], _Panel] = {}
    reasons: dict[str, str] = {}
    for letter, side in zip("AB", sides, strict=False):
        case = side.cases.get(sample) if sample is not None else None
        answer = (side.report.folder, side.model)
        if case is None or answer in panels:
            continue
        try:
            first = next(iter(panels.values()), None)
            panels[answer] = _panel(side, case, first.noun if first else None)
        except TamError as error:
            reasons[letter] = case.get("e") or str(error)
    if not panels:
        return _closed(sample, reasons.values())
    caveats = [f"{letter}: {reason}." for letter, reason in reasons.items()]
    shown = [side for side in sides if (side.report.folder, side.model) in panels]
    caveats += _other_method([side for side in shown if sample in side.cases])
    return _opened(sample, list(panels.values()), " ".join(caveats) or None)


@dataclass(frozen=True)
class _Panel:
    explanation: Explanation
    noun: Json | None
    settings: Json


def _panel(side: Side, case: Json, other: Json | None) -> _Panel:
    """A side's panel, with its worst noun locked, or the twin of another panel's."""
    nouns = side.words(side.record(case["number"]))
    named = [(noun["text"], noun["category"]) for noun in nouns]
    index = twin((other["text"], other["category"]), named) if other else None
    index = case["k"] if index is None else index
    noun = nouns[index] if 0 <= index < len(nouns) else None
    return _Panel(side.report.explanation(side.model, case["number"]), noun, side.settings)


def _closed(sample: str | None, reasons: Iterable[str]) -> OpenCase:
    missing = "; ".join(dict.fromkeys(reasons)) or None
    content: Json = {"header": None, "selected": [], "settings": {}, "missing": missing}
    return OpenCase({"id": sample, **content, "caveat": None}, [])


def _other_method(sides: Sequence[Side]) -> list[str]:
    """Said where the explorer, which has one method for all panels, cannot show each side's own."""
    first, *others = sides
    return [
        f"Opened with the maps of {first.method}, by which A was scored. "
        f"B was scored by those of {other.method}: choose its method to see them."
        for other in others
        if other.settings != first.settings
    ]


def _opened(sample: str | None, panels: Sequence[_Panel], caveat: str | None) -> OpenCase:
    explanations = tuple(panel.explanation for panel in panels)
    header, buffers = encode(explanations)
    content = {
        "id": sample,
        "header": header,
        "selected": [
            [i, token]
            for i, panel in enumerate(panels)
            for token in (panel.noun["tokens"] if panel.noun else ())
            if _fits(panel.explanation, token)
        ],
        "settings": panels[0].settings,
        "missing": None,
        "caveat": caveat,
    }
    return OpenCase(content, buffers, explanations)


def map_png(values: NDArray[np.uint8]) -> bytes:
    """A map in the explorer's colours, transparent where it is 0: PNG of the grid's size."""
    shares = values / max(1, int(values.max(initial=0)))
    colours = colormaps.table("viridis")[np.rint(shares * 255).astype(np.uint8)]
    alpha = np.rint(255 * OPACITY * colormaps.coverage(shares)).astype(np.uint8)
    file = io.BytesIO()
    Image.fromarray(np.dstack([colours, alpha])).save(file, "PNG", compress_level=1)
    return file.getvalue()


def _picture(side: Side, sample: str, noun: int, buffers: list[bytes]) -> Json | None:
    case = side.cases.get(sample)
    if case is None or "e" in case:
        return None
    entry: Json = {"word": noun, "picture": -1, "map": -1, "rect": WHOLE, "size": None}
    try:
        record = side.record(case["number"])
    except TamError:
        return None
    if record["error"]:  # it was measured when the cases were listed
        return None
    entry["answer"] = record["answer"]
    if (card := side.store.card(side.model, case["number"]) or _card_anew(side, record)) is None:
        return entry
    entry["rect"] = card.rect
    if card.picture:
        entry |= {"picture": _place(buffers, card.picture), "size": _size(card.picture)}
    if (values := _map(side, card, record, noun)) is not None:
        entry["map"] = _place(buffers, map_png(values))
    return entry


def _map(side: Side, card: Card, record: Json, noun: int) -> NDArray[np.uint8] | None:
    maps = card.maps.get(side.method)
    if maps is None or not 0 <= noun < len(maps) or len(maps) != len(side.words(record)):
        return None
    values: NDArray[np.uint8] = maps[noun]
    return values


def _card_anew(side: Side, record: Json) -> Card | None:
    """The card of a report that has none, from the explanation where that was kept."""
    try:
        explanation = side.report.explanation(side.model, record["number"])
        joined = board_of(explanation)
        maps = explanation.maps(**side.settings, compat=side.report.settings["compat"])
        shown = {side.method: as_shown(joined.planes(maps[explanation.answer]))}
    except TamError:
        return None
    words = record["methods"][side.method]
    if not all(_fits(explanation, token) for word in words for token in word["tokens"]):
        return None
    card = make_card(explanation, words, shown, joined.grid.rect)
    return card if card.can_be_drawn() else None


def _fits(explanation: Explanation, token: int) -> bool:
    """Whether a token that a record names is one of the explanation's answer."""
    return explanation.prompt_length <= token < len(explanation.tokens)


def _place(buffers: list[bytes], data: bytes) -> int:
    buffers.append(data)
    return len(buffers) - 1


def _size(picture: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(picture), formats=("JPEG",)) as opened:  # as cards are made
        return opened.size
