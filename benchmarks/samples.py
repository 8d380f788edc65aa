"""A made-up explanation of a given size: blobs of light on a gradient."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tam_widgets import Candidate, Explanation, Grid, StoredImage, Token
from tam_widgets.capture.inputs.images import store_image

CELL = 28
PROMPT = ("Describe", " this", " image", ".")
WORDS = (" a", " cat", " sits", " on", " the", " red", " car", " and", " looks", " up", " now", ".")


def explanation(tokens: int = 256, rows: int = 37, cols: int = 49) -> Explanation:
    """Makes an explanation of `tokens` tokens, prompt included, on a grid of rows × cols."""
    rng = np.random.default_rng(0)
    width, height = cols * CELL, rows * CELL
    activations = _blobs(rng, tokens, rows, cols)
    relevance = np.tril(rng.random((tokens, tokens), dtype=np.float32), -1)
    return Explanation(
        images=(_picture(width, height),),
        grids=(Grid(rows, cols, (0.0, 0.0, float(width), float(height))),),
        tokens=_tokens(tokens),
        activations=activations,
        relevance=relevance,
        reference_activation=activations[len(PROMPT)],
        reference_relevance=relevance[len(PROMPT)],
        provenance={"model": "sample", "family": "sample", "finish_reason": "stop"},
    )


def film(
    tokens: int = 64, frames: int = 32, rows: int = 16, cols: int = 16, side: int = 448
) -> Explanation:
    """Makes an explanation of a video of `frames` frames, `side` pixels high and as wide."""
    rng = np.random.default_rng(0)
    activations = _blobs(rng, tokens, rows * frames, cols)
    relevance = np.tril(rng.random((tokens, tokens), dtype=np.float32), -1)
    rect = (0.0, 0.0, float(side), float(side))
    images = tuple(
        replace(_picture(side, side, turn=number), video=0, time=number / 2)
        for number in range(frames)
    )
    return Explanation(
        images=images,
        grids=tuple(Grid(rows, cols, rect, frame) for frame in range(frames)),
        tokens=_tokens(tokens),
        activations=activations,
        relevance=relevance,
        reference_activation=activations[len(PROMPT)],
        reference_relevance=relevance[len(PROMPT)],
        provenance={"model": "sample", "family": "sample", "finish_reason": "stop"},
    )


def _blobs(rng: np.random.Generator, count: int, rows: int, cols: int) -> NDArray[np.float32]:
    y, x = np.mgrid[:rows, :cols].reshape(2, -1) / max(rows, cols)
    centre = rng.random((2, count, 1))
    distance = (y - centre[0]) ** 2 + (x - centre[1]) ** 2
    noise = rng.random((count, rows * cols))
    return (8 * np.exp(-40 * distance) + noise).astype(np.float32)


def _tokens(count: int) -> tuple[Token, ...]:
    answer = [WORDS[i % len(WORDS)] for i in range(count - len(PROMPT))]
    return (*_of_kind("prompt", PROMPT), *_of_kind("answer", answer))


def _of_kind(kind: str, texts: tuple[str, ...] | list[str]) -> list[Token]:
    made, start = [], 0
    for number, text in enumerate(texts):
        candidates = tuple(Candidate(k, WORDS[k], 0.5 / (k + 1)) for k in range(5))
        span = (start, start + len(text))
        made.append(Token(number, text, kind, span, 0.5, candidates))  # type: ignore[arg-type]
        start += len(text)
    return made


def _picture(width: int, height: int, turn: int = 0) -> StoredImage:
    gradient = Image.linear_gradient("L").rotate(11 * turn).resize((width, height))
    return store_image(Image.merge("RGB", (gradient, gradient.rotate(180), gradient)))
