"""A sample as a file holds it: its messages under every choice of runs, packed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Any

from .packing import Pack, SmallPicture, small_buffer, small_picture, smaller
from .run import Run
from .wire import OpenSample, open_sample, pictures

Json = dict[str, Any]
Choice = Sequence[Run]
"""Runs that are shown together."""


@dataclass(frozen=True)
class PackedSample:
    """Two packed messages.

    Attributes:
        card: What its card shows.
        explanation: What the explorer shows; it refers to buffers of the card.
    """

    card: bytes
    explanation: bytes


def packed_sample(choices: Sequence[Choice], sample: str) -> PackedSample:
    """Packs what `wire.pictures` and `wire.open_sample` say of a sample.

    Args:
        choices: Runs that are shown together, one choice or several.
        sample: Its id.
    """
    opened = [open_sample(choice, sample) for choice in choices]
    small = cache(small_picture)  # two models see one picture
    explained = [_explained(one, small) for one in opened]
    cards = Pack()
    shown = [
        _card(choice, sample, whole, cards)
        for choice, (_, whole) in zip(choices, explained, strict=True)
    ]
    explanations = Pack(cards)
    headers: list[Json] = []
    contents = [
        {**one.content, "header": _header(header, headers, explanations)}
        for one, (header, _) in zip(opened, explained, strict=True)
    ]
    return PackedSample(
        cards.packed({"choices": shown}),
        explanations.packed({"choices": contents, "headers": headers}),
    )


_Smaller = tuple[Json, list[bytes]]


def _explained(
    opened: OpenSample, small_picture: SmallPicture
) -> tuple[_Smaller | None, bytes | None]:
    """Header and buffers made smaller; and the picture, if there is one that all panels show."""
    header = opened.content["header"]
    if header is None:
        return None, None
    small, buffers = smaller(header, opened.buffers, small_picture)
    places = [image["buffer"] for panel in small["panels"] for image in panel["images"]]
    alone = len(set(places)) == 1 and len(places) == len(small["panels"])
    return (small, buffers), buffers[places[0]] if alone else None


def _header(small: _Smaller | None, headers: list[Json], pack: Pack) -> int | None:
    """Number of the header, which is listed once."""
    if small is None:
        return None
    header, buffers = small
    entry = {"header": header, "buffers": [pack.place(buffer) for buffer in buffers]}
    if entry not in headers:
        headers.append(entry)
    return headers.index(entry)


def _card(choice: Choice, sample: str, picture: bytes | None, pack: Pack) -> Json:
    """A choice's pictures, with each noun in focus.

    Args:
        choice: The runs.
        sample: Id of the sample.
        picture: What stands for the small pictures; None to leave them.
        pack: Takes the buffers.
    """
    wanted = [[sample, *nouns] for nouns in product(*(_nouns(run, sample) for run in choice))]
    entries, buffers = pictures(choice, wanted)
    photos = {run["picture"] for entry in entries for run in entry["runs"] if run}
    small = {buffer: small_buffer(buffer) for buffer in dict.fromkeys(buffers)}
    kept = [
        picture if picture and place in photos else small[buffer]
        for place, buffer in enumerate(buffers)
    ]
    focused = zip(wanted, entries, strict=True)
    return {
        "entries": {",".join(map(str, nouns)): entry for (_, *nouns), entry in focused},
        "buffers": [pack.place(buffer) for buffer in kept],
    }


def _nouns(run: Run, sample: str) -> range:
    """Nouns that may be in focus; -1 for none."""
    entry = run.samples.get(sample)
    return range(-1, len(entry["w"]) if entry else 0)
