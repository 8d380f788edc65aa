"""Small made-up explanations: every token lights a spot of its own."""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np
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
    texts = (*prompt, *answer)
    count = len(texts)
    activations = np.full((count, GRID.size), 0.1, np.float32)
    for i in range(count):
        activations[i] += np.roll(np.linspace(1, 0, GRID.size, dtype=np.float32) ** 4, 7 * i)
    relevance = np.tril(1 / (1 + np.arange(count) + np.arange(count)[:, None]), -1)
    return Explanation(
        images=(picture(),),
        grids=(GRID,),
        tokens=tokens(prompt, answer),
        activations=activations,
        relevance=relevance.astype(np.float32),
        reference_activation=activations[len(prompt)],
        reference_relevance=np.zeros(count, np.float32),
        provenance={"model": f"example/{title}", "family": "sample", "finish": "stop"},
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


def picture() -> StoredImage:
    """A plain gradient."""
    buffer = io.BytesIO()
    Image.linear_gradient("L").resize((WIDTH, HEIGHT)).convert("RGB").save(buffer, "PNG")
    return StoredImage(buffer.getvalue(), "image/png", WIDTH, HEIGHT)
