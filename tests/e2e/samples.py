"""Small made-up explanations: every token lights a spot of its own."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tam_widgets import Candidate, Explanation, Grid, StoredImage, Token

WIDTH, HEIGHT = 96, 72
GRID = Grid(9, 12, (0.0, 0.0, float(WIDTH), float(HEIGHT)))
PROMPT = ("Describe", " this", " image", ".")
ANSWER = (
    " A",
    " small",
    " dog",
    " and",
    " the",
    " red",
    " ball",
    " lie",
    " on",
    " the",
    " grass",
    ".",
)
HOSTILE = '<img src=x onerror="window.__attacked=1">'


def explanation(
    answer: Sequence[str] = ANSWER, *, prompt: Sequence[str] = PROMPT, title: str = "model-a"
) -> Explanation:
    """An explanation whose token i lights one cell strongly, and the others' cells faintly."""
    activations = np.full((len(prompt) + len(answer), GRID.size), 0.1, np.float32)
    for i, row in enumerate(activations):
        row += np.roll(np.linspace(1, 0, GRID.size, dtype=np.float32) ** 4, 7 * i)
    return _record((picture(),), (GRID,), activations, answer, prompt, title)


def film(frames: int = 8, patch: int = 2, title: str = "model-a") -> Explanation:
    """A film at two frames a second; answer token i is strongest in grid i, counted in a ring."""
    images = tuple(_frame(number, frames) for number in range(frames))
    grids = tuple(_patch(start, patch, images) for start in range(0, frames, patch))
    return _record(images, grids, _flashes(grids), ANSWER, PROMPT, title)


def mixture() -> Explanation:
    """A tiny picture, a film, a large picture, and another film, as the prompt has them."""
    films = [[replace(_frame(number, 6), video=video) for number in range(6)] for video in range(2)]
    images = (picture(20, 20), *films[0], picture(4000, 3000), *films[1])
    whole = {
        image: Grid(4, 4, (0, 0, images[image].width, images[image].height), image)
        for image in (0, 7)
    }
    moving = [_patch(start, 2, images) for start in (1, 3, 5, 8, 10, 12)]
    grids = (whole[0], *moving[:3], whole[7], *moving[3:])
    return _record(images, grids, _flashes(grids))


def tiles() -> Explanation:
    """Four tiles that say the same of all tokens, up to 2, and a thumbnail with a spot of 4."""
    half, low = WIDTH / 2, HEIGHT / 2
    corners = ((0, 0), (half, 0), (0, low), (half, low))
    grids = (
        *(Grid(4, 4, (left, top, left + half, top + low)) for left, top in corners),
        Grid(4, 4, (0, 0, WIDTH, HEIGHT), thumbnail=True),
    )
    y, x = np.mgrid[:8, :8] / 7
    across = (x + y).reshape(2, 4, 2, 4).swapaxes(1, 2).ravel()
    activations = np.zeros((len(PROMPT) + len(ANSWER), 80), np.float32)
    for i, row in enumerate(activations):
        row[:64], row[64 + i % 16] = across, 4
    return _record((picture(),), grids, activations)


def _frame(number: int, frames: int) -> StoredImage:
    photo = Image.new("RGB", (WIDTH, HEIGHT), (40, 60, 90))
    left = round((WIDTH - 24) * number / max(1, frames - 1))
    photo.paste((240, 200, 60), (left, 24, left + 24, 48))
    return replace(_stored(photo), video=0, time=number / 2)


def _patch(start: int, frames: int, images: Sequence[StoredImage]) -> Grid:
    image = images[start]
    time = image.time or 0.0
    rect = (0, 0, image.width, image.height)
    return Grid(6, 8, rect, start, (time, time + frames / 2), frames=frames)


def _flashes(grids: Sequence[Grid]) -> NDArray[np.float32]:
    """Activations: each token's map lies on one grid, less on those beside it."""
    rows = []
    for i in range(len(PROMPT) + len(ANSWER)):
        parts = []
        for number, grid in enumerate(grids):
            cell = np.arange(grid.size) - (5 * i) % grid.size
            distance = abs(number - (i - len(PROMPT)) % len(grids))
            parts.append(np.exp(-(cell**2) / 8) * 0.4**distance + 0.02)
        rows.append(np.concatenate(parts))
    return np.array(rows, np.float32)


def _record(
    images: tuple[StoredImage, ...],
    grids: tuple[Grid, ...],
    activations: NDArray[np.float32],
    answer: Sequence[str] = ANSWER,
    prompt: Sequence[str] = PROMPT,
    title: str = "model-a",
) -> Explanation:
    count = len(activations)
    relevance = np.tril(1 / (1 + np.arange(count) + np.arange(count)[:, None]), -1)
    return Explanation(
        images=images,
        grids=grids,
        tokens=tokens(prompt, answer),
        activations=activations,
        relevance=relevance.astype(np.float32),
        reference_activation=activations[len(prompt)],
        reference_relevance=np.zeros(count, np.float32),
        provenance={"model": f"example/{title}", "family": "sample", "finish_reason": "stop"},
    )


def tokens(prompt: Sequence[str], answer: Sequence[str]) -> tuple[Token, ...]:
    """Tokens with ids by text, spans, and two candidates each in the answer."""
    ids = {text: 10 + i for i, text in enumerate(dict.fromkeys((*prompt, *answer)))}
    made: list[Token] = []
    for kind, texts in (("prompt", prompt), ("answer", answer)):
        at = 0
        for text in texts:
            known = {"id": ids[text], "text": text, "span": (at, at + len(text))}
            at += len(text)
            if kind == "prompt":
                made.append(Token(kind="prompt", **known))
                continue
            candidates = (Candidate(ids[text], text, 0.7), Candidate(3, " other", 0.2))
            made.append(Token(kind="answer", probability=0.7, candidates=candidates, **known))
    return tuple(made)


def picture(width: int = WIDTH, height: int = HEIGHT) -> StoredImage:
    """A plain gradient, stored small."""
    photo = Image.linear_gradient("L").resize((min(width, 400), min(height, 300)))
    return replace(_stored(photo.convert("RGB")), width=width, height=height)


def _stored(photo: Image.Image) -> StoredImage:
    buffer = io.BytesIO()
    photo.save(buffer, "PNG")
    return StoredImage(buffer.getvalue(), "image/png", *photo.size)
