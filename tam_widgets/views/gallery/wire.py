"""The gallery's messages about single samples: thumbnails with maps, and the open sample."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ...contract import CONTRACT
from ...errors import TamError
from ...explanation.explanation import Explanation
from .. import colormaps
from ..outline import Outline
from ..wire import encode
from .run import Entry, Noun, Run, Thumbnail
from .twins import twin

Json = dict[str, Any]


@dataclass(frozen=True)
class OpenSample:
    """The sample that the explorer shows.

    Attributes:
        content: The message: header, tokens to lock, settings, or the reason for none.
        buffers: What the header refers to.
        explanations: One per panel.
    """

    content: Json
    buffers: list[bytes]
    explanations: tuple[Explanation, ...] = ()


def pictures(
    runs: Sequence[Run], wanted: Sequence[Sequence[Any]]
) -> tuple[list[Json], list[bytes]]:
    """Small pictures and maps of samples.

    Args:
        runs: One or two.
        wanted: For each sample its id and, for each run, the index of the noun whose map is shown,
            or -1.

    Returns:
        One entry per sample, and the buffers that the entries refer to.
    """
    buffers: list[bytes] = []
    entries = []
    for sample, *nouns in wanted:
        pairs = zip(runs, [*nouns, -1, -1], strict=False)
        shown = [_encoded(run.thumbnail(sample, noun), noun, buffers) for run, noun in pairs]
        entries.append({"id": sample, "runs": shown})
    return entries, buffers


def open_sample(runs: Sequence[Run], sample: str | None, focus: Sequence[int] = ()) -> OpenSample:
    """The message that opens a sample: one panel per run, or one if both are of one answer.

    Args:
        runs: One or two.
        sample: Its id; None closes what is open.
        focus: For each run the index of the noun that is locked; by default the worst.
    """
    panels: dict[tuple[Path, str], _Panel] = {}
    reasons: dict[str, str] = {}
    for place, (letter, run) in enumerate(zip(CONTRACT.run_names, runs, strict=False)):
        entry = run.samples.get(sample) if sample is not None else None
        answer = (run.folder, run.model)
        if sample is None or entry is None or answer in panels:
            continue
        try:
            first = next(iter(panels.values()), None)
            index = focus[place] if focus else None
            panels[answer] = _panel(run, sample, entry, first.noun if first else None, index)
        except TamError as error:
            reasons[letter] = entry.get("e") or str(error)
    if not panels:
        return _closed(sample, reasons.values())
    caveats = [f"{letter}: {reason}." for letter, reason in reasons.items()]
    shown = [run for run in runs if (run.folder, run.model) in panels]
    caveats += _other_method([run for run in shown if sample in run.samples])
    return _opened(sample, list(panels.values()), " ".join(caveats) or None)


@dataclass(frozen=True)
class _Panel:
    explanation: Explanation
    noun: Noun | None
    settings: Json
    outlines: Sequence[Outline]


def _panel(run: Run, sample: str, entry: Entry, other: Noun | None, index: int | None) -> _Panel:
    """A run's panel, with a noun locked: a given one, the twin of another panel's, or the worst."""
    nouns = run.nouns(sample)
    if index is None and other:
        named = [(noun.text, noun.category) for noun in nouns]
        index = twin((other.text, other.category), named)
    index = entry["k"] if index is None else index
    noun = nouns[index] if 0 <= index < len(nouns) else None
    return _Panel(run.explanation(sample), noun, run.settings, run.outlines(sample))


def _closed(sample: str | None, reasons: Iterable[str]) -> OpenSample:
    missing = "; ".join(dict.fromkeys(reasons)) or None
    content: Json = {"header": None, "selected": [], "settings": {}, "missing": missing}
    return OpenSample({"id": sample, **content, "caveat": None}, [])


def _other_method(runs: Sequence[Run]) -> list[str]:
    """A caveat if the runs' methods differ, since the explorer has one method for all panels."""
    first, *others = runs
    a, b = CONTRACT.run_names
    return [
        f"Opened with the maps of {first.method}, by which {a} was scored. "
        f"{b} was scored by those of {other.method}: choose its method to see them."
        for other in others
        if other.settings != first.settings
    ]


def _opened(sample: str | None, panels: Sequence[_Panel], caveat: str | None) -> OpenSample:
    explanations = tuple(panel.explanation for panel in panels)
    header, buffers = encode(explanations, [panel.outlines for panel in panels])
    settings = panels[0].settings
    if settings["method"] not in [method["name"] for method in header["methods"]]:
        unknown = f"The explanation has no map of {settings['method']}: register that method."
        caveat, settings = " ".join(filter(None, [caveat, unknown])), {}
    content = {
        "id": sample,
        "header": header,
        "selected": [
            [i, token]
            for i, panel in enumerate(panels)
            for token in (panel.noun.tokens if panel.noun else ())
            if _fits(panel.explanation, token)
        ],
        "settings": settings,
        "missing": None,
        "caveat": caveat,
    }
    return OpenSample(content, buffers, explanations)


def map_png(values: NDArray[np.uint8]) -> bytes:
    """A map as the explorer shows it on its own scale, as a PNG of the grid's size."""
    shares = values / max(255 * colormaps.LEAST_END, int(values.max(initial=0)))
    colormap, opacity = (CONTRACT.settings[name].default for name in ("colormap", "opacity"))
    colours = colormaps.table(colormap)[np.rint(shares * 255).astype(np.uint8)]
    alpha = np.rint(255 * opacity * colormaps.coverage(shares)).astype(np.uint8)
    file = io.BytesIO()
    Image.fromarray(np.dstack([colours, alpha])).save(file, "PNG", compress_level=1)
    return file.getvalue()


def _encoded(thumbnail: Thumbnail | None, noun: int, buffers: list[bytes]) -> Json | None:
    """The message's entry of a thumbnail, whose pictures are added to the buffers."""
    if thumbnail is None:
        return None
    picture, heatmap = thumbnail.picture, thumbnail.heatmap
    return {
        "word": noun,
        "answer": thumbnail.answer,
        "rect": thumbnail.rect,
        "picture": _place(buffers, picture) if picture else -1,
        "size": _size(picture) if picture else None,
        "outline": [list(ring) for ring in thumbnail.outline],
        "map": -1 if heatmap is None else _place(buffers, map_png(heatmap)),
    }


def _fits(explanation: Explanation, token: int) -> bool:
    """Whether a token that a record names is one of the explanation's answer."""
    return explanation.prompt_length <= token < len(explanation.tokens)


def _place(buffers: list[bytes], data: bytes) -> int:
    buffers.append(data)
    return len(buffers) - 1


def _size(picture: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(picture), formats=("JPEG",)) as opened:  # as cards are made
        return opened.size
