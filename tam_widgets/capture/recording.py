"""Makes the record of a trace: adds texts, probabilities and pictures to the activations."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
from PIL import Image

from ..explanation.explanation import Explanation
from ..explanation.geometry import Grid
from ..explanation.types import Candidate, StoredImage, Token, TokenKind
from .alternatives import likely_alternatives
from .distributions import Candidates
from .inputs.images import store_image
from .layers import LayerMatrices
from .trace import Trace

CANDIDATES = 5
"""Candidates of each token with text and probability."""

LIKELY = 50
"""Candidates of each token of which only the ids are kept."""


def record(
    trace: Trace,
    *,
    texts: Sequence[str] | None = None,
    special: Sequence[bool] | None = None,
    decode: Any = None,
    images: Sequence[StoredImage] | None = None,
    breaks: Collection[int] = (),
    layers: LayerMatrices | None = None,
    provenance: Mapping[str, Any] | None = None,
) -> Explanation:
    """Makes the record of a trace.

    Args:
        trace: Ids, hidden states and classifier of one answer.
        texts: Text of each explained token; by default its id.
        special: Whether each is a special token; by default none is.
        decode: Text of a vocabulary id, for the candidates; by default the id.
        images: The pictures on which the grids lie; by default blank ones.
        breaks: Indices of tokens, other than the first, that begin a new text.
        layers: What is kept of other decoder layers than the last.
        provenance: Where the answer comes from; JSON values.
    """
    ids = trace.token_ids.tolist()
    decode = decode or (lambda token_id: f"⟨{token_id}⟩")
    texts = texts if texts is not None else [f"⟨{token_id}⟩ " for token_id in ids]
    likely = trace.candidates(LIKELY)
    candidates = likely.first(CANDIDATES)
    special = special or [False] * len(ids)
    others = likely_alternatives(trace, candidates, decode, special)
    kept: dict[str, Any] = {} if layers is None else layers.parts
    return Explanation(
        images=tuple(images if images is not None else _blank(trace.grids)),
        grids=trace.grids,
        tokens=_tokens(trace, candidates, texts, special, decode, breaks),
        activations=trace.activations,
        relevance=trace.relevance,
        reference_activation=trace.reference_activation,
        reference_relevance=trace.reference_relevance,
        provenance=provenance or {},
        turns=trace.turns,
        alternatives=others.alternatives,
        alternative_activations=others.activations,
        alternative_relevance=others.relevance,
        first_class=int(trace.classes[0]) if trace.prompt_length else None,
        likely_ids=likely.ids.astype(np.int32),
        **kept,
    )


def _tokens(
    trace: Trace,
    candidates: Candidates,
    texts: Sequence[str],
    special: Sequence[bool],
    decode: Any,
    breaks: Collection[int],
) -> tuple[Token, ...]:
    seen: dict[int, str] = {}
    tokens: list[Token] = []
    ends: dict[TokenKind, int] = {"prompt": 0, "answer": 0}
    for index, token_id in enumerate(trace.token_ids.tolist()):
        kind: TokenKind = "prompt" if index < trace.prompt_length else "answer"
        start = ends[kind] + (index in breaks)  # a line end between texts
        ends[kind] = start + (0 if special[index] else len(texts[index]))
        probability = float(candidates.probability[index])
        predicted = not math.isnan(probability)
        best = zip(
            candidates.ids[index].tolist(), candidates.probabilities[index].tolist(), strict=True
        )
        tokens.append(
            Token(
                id=token_id,
                text=texts[index],
                kind=kind,
                span=(start, ends[kind]),
                probability=min(1.0, probability) if predicted else None,
                candidates=tuple(
                    Candidate(other, seen.setdefault(other, decode(other)), min(1.0, share))
                    for other, share in best
                    if predicted
                ),
                special=special[index],
            )
        )
    return tuple(tokens)


def _blank(grids: Sequence[Grid]) -> list[StoredImage]:
    pictures = []
    for number in range(1 + max(grid.image for grid in grids)):
        right = max(grid.rect[2] for grid in grids if grid.image == number)
        bottom = max(grid.rect[3] for grid in grids if grid.image == number)
        pictures.append(store_image(Image.new("RGB", (round(right), round(bottom)), "#888")))
    return pictures
