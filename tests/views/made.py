"""Small explanations with known numbers, for tests of the views."""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
from PIL import Image

from tam_widgets.explanation.explanation import Explanation
from tam_widgets.explanation.geometry import Grid
from tam_widgets.explanation.types import Alternative, Candidate, StoredImage, Token, Turn

ANSWER = (" a", " dog", "ling", " <b>runs</b>")


def stored_image(width: int = 12, height: int = 8) -> StoredImage:
    """A plain picture, small enough to sit in a fixture."""
    file = io.BytesIO()
    Image.new("RGB", (width, height), "#3080c0").save(file, "PNG")
    return StoredImage(file.getvalue(), "image/png", width, height)


def explanation(
    answer: tuple[str, ...] = ANSWER,
    prompt: tuple[str, ...] = ("Say", " it"),
    grids: tuple[Grid, ...] = (Grid(3, 4, (2.0, 0.0, 10.0, 8.0)),),
    images: tuple[StoredImage, ...] | None = None,
    finish_reason: str = "stop",
    scale: float = 1.0,
) -> Explanation:
    """An explanation whose activations are multiples of an eighth, so that they are exact.

    Its first prompt token is explained by the class of the answer's last word.
    """
    tokens = (*_tokens("prompt", prompt), *_tokens("answer", (*answer, "<end>")))
    count, visual = len(tokens), sum(grid.size for grid in grids)
    steps = np.arange(count * visual, dtype=np.float32).reshape(count, visual)
    activations = (steps * 7 % 16 / 8 * scale).astype(np.float32)
    relevance = np.tril(np.arange(count * count).reshape(count, count) % 5 / 4, -1)
    return Explanation(
        images=images or (stored_image(),),
        grids=grids,
        tokens=tokens,
        activations=activations,
        relevance=relevance.astype(np.float32),
        reference_activation=activations[len(prompt)] / 2,
        reference_relevance=relevance[len(prompt)].astype(np.float32) / 2,
        provenance={"model": "made/by-hand", "family": "made", "finish_reason": finish_reason},
        first_class=tokens[-2].id if prompt else None,
    )


def with_alternatives(record: Explanation) -> Explanation:
    """The same with one other word, of one and of two pieces, in its last answer word's place,
    and an earlier answer among the prompt tokens."""
    token = len(record.tokens) - 2
    count, visual = len(record.tokens), record.visual_length
    rows = np.arange(3 * visual, dtype=np.float32).reshape(3, visual)
    relevance = np.arange(3 * count, dtype=np.float32).reshape(3, count) % 5 / 4
    relevance[:, token:] = 0
    return replace(
        record,
        turns=(
            Turn("user", 0, 1),
            Turn("assistant", 1, 1),
            Turn("user", 1, 2),
            Turn("assistant", 2, count),
        ),
        alternatives=(
            Alternative(token, " cat", (50,), 0.125),
            Alternative(token, " hot dog", (51, 52), None),
        ),
        alternative_activations=rows * 5 % 16 / 8,
        alternative_relevance=relevance,
    )


def with_layers(record: Explanation) -> Explanation:
    """The same with layers 1 and 3 of 4, and three likely ids for each token."""
    count = len(record.tokens)
    answer = count - record.prompt_length
    halves = np.stack([record.activations[::-1], record.activations / 2])
    context = np.stack([np.tril(record.relevance.T, -1), record.relevance * 2])
    return replace(
        record,
        layers=(1, 3),
        layer_count=4,
        layer_activations=halves.astype(np.float16),
        layer_relevance=context.astype(np.float16),
        layer_log_p=-np.arange(2 * answer, dtype=np.float32).reshape(2, answer) / 8,
        layer_choices=(np.arange(2 * answer, dtype=np.int32).reshape(2, answer) % 3) * 5 + 10,
        layer_choice_texts={10: " a", 15: " cat", 20: "<b>"},
        likely_ids=np.arange(3 * count, dtype=np.int32).reshape(count, 3) % 7,
    )


def _tokens(kind: str, texts: tuple[str, ...]) -> list[Token]:
    tokens: list[Token] = []
    start = 0
    for number, text in enumerate(texts):
        special = text == "<end>"
        end = start if special else start + len(text)
        answered = kind == "answer"
        candidates = (Candidate(number, text, 0.5), Candidate(99, " other", 0.25))
        tokens.append(
            Token(
                id=number + 10 * answered,
                text=text,
                kind="answer" if answered else "prompt",
                span=(start, end),
                probability=0.5 if answered else None,
                candidates=candidates if answered else (),
                special=special,
            )
        )
        start = end
    return tokens
