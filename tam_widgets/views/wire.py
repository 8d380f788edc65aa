"""What travels from Python to the browser: one JSON header and a list of binary buffers.

`encode` is the only encoder and `decode` in `js/src/wire.ts` the only decoder; both are tested
against `tests/fixtures/wire.json`. Arrays are little-endian and row-major.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..attribution import Method
from ..contract import CONTRACT
from ..explanation.words import links, words
from .at_rest import shown_at_rest
from .methods import carried, offered
from .sent_pictures import Encoded, sent

if TYPE_CHECKING:
    from ..explanation.explanation import Explanation
    from ..explanation.geometry import Grid
    from ..explanation.types import Alternative, StoredImage, Token
    from .outline import Outline

VERSION = CONTRACT.wire_version
HALF_PRECISION_OVER = 8 * 2**20
"""Bytes of float32 activations, over all panels, from which they travel as float16."""
FILM_HALF_PRECISION_OVER = 2**20
"""The same where a panel has a video, whose maps are many and small."""

Json = dict[str, Any]


class Buffers(list[bytes]):
    """Buffers in order; equal ones (a picture that two panels share) are kept once."""

    def place(self, data: bytes) -> int:
        """Index of the buffer that holds `data`, which is appended where it is new."""
        if data not in self:
            self.append(data)
        return self.index(data)


def encode(
    explanations: Sequence[Explanation],
    outlines: Sequence[Sequence[Outline]] = (),
    half_precision_over: int | None = None,
    changed: Sequence[Sequence[int]] = (),
) -> tuple[Json, list[bytes]]:
    """Encodes explanations for the explorer.

    Args:
        explanations: One panel each, left to right. One that was there before is sent as the
            number of its first panel.
        outlines: Where the objects of each panel's pictures truly lie, if it is known.
        half_precision_over: Total bytes of activations above which they are sent as float16,
            divided by a scale of their own (11 significant bits; relevance stays float32); by
            default 8 MiB, with a video 1 MiB.
        changed: Of a step and the explanation that it was made from, the tokens of words that
            differ.

    Returns:
        The header (JSON) and the buffers that it refers to by index.
    """
    half = halved(explanations, half_precision_over)
    buffers = Buffers()
    own = {id(one): _panel(one, buffers, half) for one in distinct(explanations)}
    for one, known in zip(explanations, outlines, strict=False):
        own[id(one)]["outlines"] = [_outline(each, len(one.tokens)) for each in known]
    for one, tokens in zip(explanations, changed, strict=False):
        own[id(one)]["changed"] = list(tokens)
    places = [*map(id, explanations)]
    panels = [
        own[place] if (first := places.index(place)) == panel else first
        for panel, place in enumerate(places)
    ]
    shown = {name for panel in own.values() for name in panel["maps"]}
    methods = [
        _method(method)
        for method in offered(explanations).values()
        if method.in_browser or method.name in shown
    ]
    header = {"version": VERSION, "methods": methods, "panels": panels}
    more = {"links": links(explanations), "atRest": shown_at_rest(explanations, changed)}
    return {**header, **more}, list(buffers)


def halved(explanations: Sequence[Explanation], over: int | None = None) -> bool:
    """Whether activations and maps travel as float16."""
    if over is None:
        has_film = any(image.video is not None for one in explanations for image in one.images)
        over = FILM_HALF_PRECISION_OVER if has_film else HALF_PRECISION_OVER
    return sum(explanation.activations.nbytes for explanation in distinct(explanations)) > over


def distinct(explanations: Iterable[Explanation]) -> list[Explanation]:
    """Explanations without repetitions; one that a view shows several times is sent once."""
    return list({id(one): one for one in explanations}.values())


def _panel(explanation: Explanation, buffers: Buffers, half: bool) -> Json:
    return {
        "title": explanation.title,
        "model": str(explanation.provenance.get("model", "")),
        "family": str(explanation.provenance.get("family", "")),
        "prompt": explanation.prompt_text,
        "truncated": explanation.truncated,
        "given": explanation.given,
        "images": [
            _image(image, encoded, buffers)
            for image, encoded in zip(explanation.images, sent(explanation.images), strict=True)
        ],
        "grids": [_grid(grid) for grid in explanation.grids],
        "tokens": [_token(token) for token in explanation.tokens],
        "words": [list(word.tokens) for word in words(explanation.tokens)],
        "turns": [[turn.role, turn.start, turn.stop] for turn in explanation.turns],
        "alternatives": [_alternative(other) for other in explanation.alternatives],
        "firstClass": explanation.first_class,
        "activations": _array(explanation.activations, buffers, half),
        "relevance": _array(explanation.relevance, buffers),
        "referenceActivation": _array(explanation.reference_activation, buffers),
        "referenceRelevance": _array(explanation.reference_relevance, buffers),
        "alternativeActivations": _array(explanation.alternative_activations, buffers, half),
        "alternativeRelevance": _array(explanation.alternative_relevance, buffers),
        "maps": {name: _array(maps, buffers, half) for name, maps in carried(explanation)},
        "mapTokens": {name: list(own) for name, own in explanation.extra_tokens.items()},
        "outlines": [],
        "changed": None,
    }


def _method(method: Method) -> Json:
    return {
        "name": method.name,
        "label": method.label,
        "source": method.source,
        "options": [option.name for option in method.options],
        "signed": method.signed,
        "inBrowser": method.in_browser,
        "alternatives": method.alternative is not None,
    }


def _image(image: StoredImage, encoded: Encoded, buffers: Buffers) -> Json:
    return {
        "mime": encoded.mime,
        "width": image.width,
        "height": image.height,
        "buffer": buffers.place(encoded.data),
        "video": image.video,
        "time": image.time,
    }


def _grid(grid: Grid) -> Json:
    return {
        "rows": grid.rows,
        "cols": grid.cols,
        "rect": list(grid.rect),
        "image": grid.image,
        "time": None if grid.time is None else list(grid.time),
        "frames": grid.frames,
        "thumbnail": grid.thumbnail,
    }


def _token(token: Token) -> Json:
    return {
        "id": token.id,
        "text": token.text,
        "kind": token.kind,
        "span": list(token.span),
        "special": token.special,
        "probability": token.probability,
        "candidates": [
            {"id": other.id, "text": other.text, "probability": other.probability}
            for other in token.candidates
        ],
    }


def _alternative(other: Alternative) -> Json:
    return {
        "token": other.token,
        "text": other.text,
        "ids": list(other.ids),
        "probability": other.probability,
    }


def _outline(outline: Outline, tokens: int) -> Json:
    """Without tokens that the explanation does not have, as a damaged record may name."""
    return {
        "name": outline.name,
        "rings": [list(ring) for ring in outline.rings],
        "tokens": [token for token in outline.tokens if token < tokens],
        "image": outline.image,
    }


def _array(values: NDArray[np.float32], buffers: Buffers, half: bool = False) -> Json:
    # A power of two keeps the numbers' digits and brings the largest within float16's range.
    scale = 2.0 ** int(np.ceil(np.log2(np.abs(values).max(initial=2**-60)))) if half else 1.0
    dtype = np.dtype("<f2" if half else "<f4")
    data = np.ascontiguousarray(values / np.float32(scale), dtype)
    return {
        "buffer": buffers.place(data.tobytes()),
        "dtype": dtype.name,
        "shape": list(values.shape),
        "scale": scale,
    }
