"""Our maps under ``compat="reference"`` against the authors' own pipeline, cell by cell.

Their code is not part of this project: give the path of a checkout of github.com/xmed-lab/TAM (its
imports need ``pip install opencv-python-headless pymupdf scipy``). Their demo's steps are run on
the demo models in float32: generate with all hidden states, logits over the whole vocabulary, then
their ``TAM`` token by token. That code compares re-tokenised text where ours compares token ids, so
maps can differ where other tokens repeat after re-tokenising; such pictures are counted.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from models import chat_inputs, load
from numpy.typing import NDArray
from report import arguments, publish

import tam_widgets as tw

Tam = Callable[..., NDArray[np.uint8]]


def main() -> None:
    options = _options()
    sys.path.insert(0, str(options.repo))
    published: Tam = importlib.import_module("tam").TAM
    rows = [_compare(name, options, published) for name in options.models]
    publish("published_pipeline", rows, options.json, pictures=options.pictures)


def _options() -> argparse.Namespace:
    parser = arguments(__doc__)
    parser.add_argument("--repo", type=Path, required=True, help="checkout of xmed-lab/TAM")
    parser.add_argument("--models", nargs="+", default=["qwen2-vl", "llava"])
    parser.add_argument("--pictures", type=int, default=10)
    parser.add_argument("--seed", type=int, default=0, help="seed of the first scene")
    return parser.parse_args()


def _compare(name: str, options: argparse.Namespace, published: Tam) -> dict[str, Any]:
    explainer = load(name)
    cells = different = largest = retokenised = 0
    for seed in range(options.seed, options.seed + options.pictures):
        scene = tw.demo.scene(seed)
        explanation = explainer.explain(scene.image, scene.prompt, progress=False)
        ours = (255 * explanation.maps(compat="reference")).astype(np.uint8)
        theirs = _published_maps(explainer, explanation, scene, published)
        gap = np.abs(ours.astype(int) - theirs.astype(int))
        cells, different = cells + gap.size, different + int(np.count_nonzero(gap))
        largest = max(largest, int(gap.max()))
        retokenised += not _retokenises_alike(explainer.processor.tokenizer, explanation)
    return {
        "model": Path(name).name,
        "cells": cells,
        "different": different,
        "largest difference": largest,
        "pictures re-tokenised otherwise": retokenised,
    }


def _retokenises_alike(tokenizer: Any, explanation: tw.Explanation) -> bool:
    """Whether the same tokens repeat where prompt and answer are decoded and tokenised again."""
    ids = explanation.token_ids.tolist()
    parts = ids[: explanation.prompt_length], ids[explanation.prompt_length :]
    again = [word for part in parts for word in tokenizer.tokenize(tokenizer.decode(part))]
    return [ids.index(token) for token in ids] == [again.index(word) for word in again]


@torch.no_grad()
def _published_maps(
    explainer: tw.Explainer, explanation: tw.Explanation, scene: Any, published: Tam
) -> NDArray[np.uint8]:
    """The maps of prompt and answer by the authors' code, [tokens, visual]."""
    model, processor = explainer.model, explainer.processor
    inputs = chat_inputs(explainer, scene.image, scene.prompt)
    outputs = model.generate(
        **inputs,
        max_new_tokens=256,
        do_sample=False,
        use_cache=True,
        output_hidden_states=True,
        return_dict_in_generate=True,
    )
    logits = [model.lm_head(states[-1]) for states in outputs.hidden_states]
    ids = outputs.sequences[0].tolist()
    grid, prompt = explanation.grids[0], explanation.prompt_length
    _check_answer(ids, explanation)
    maps, records = [], []
    for target in [*([0, token] for token in range(prompt + 1)), *range(1, len(logits))]:
        arguments = (ids, (grid.rows, grid.cols), logits, _markers(ids, explanation, model))
        maps.append(
            published(*arguments, [scene.image], processor, "", target, records, eval_only=True)
        )
    return np.stack(maps).reshape(len(maps), -1)


def _check_answer(ids: Sequence[int], explanation: tw.Explanation) -> None:
    answer = explanation.token_ids[explanation.answer_slice].tolist()
    if list(ids[-len(answer) :]) != answer:
        raise RuntimeError("both pipelines must generate the same answer to be compared")


def _markers(ids: list[int], explanation: tw.Explanation, model: Any) -> dict[str, list[Any]]:
    """Where image, prompt and answer stand, in the form that the authors' code expects."""
    prompt = explanation.token_ids[: explanation.prompt_length].tolist()
    start = _find(ids, prompt)[-1]
    end, answer = start + len(prompt), len(ids) - (len(explanation.tokens) - len(prompt))
    return {
        "img_id": [model.config.image_token_id],
        "prompt_id": [_unique_before(ids, start), _unique_after(ids, end)],
        "answer_id": [_unique_before(ids, answer), -1],
    }


def _unique_before(ids: list[int], position: int) -> list[int]:
    """The shortest run of tokens up to a position that occurs nowhere else."""
    pieces = (ids[position - size : position] for size in range(1, position + 1))
    return next(piece for piece in pieces if len(_find(ids, piece)) == 1)


def _unique_after(ids: list[int], position: int) -> list[int]:
    pieces = (ids[position : position + size] for size in range(1, len(ids) - position + 1))
    return next(piece for piece in pieces if len(_find(ids, piece)) == 1)


def _find(ids: list[int], piece: list[int]) -> list[int]:
    size = len(piece)
    return [i for i in range(len(ids) - size + 1) if ids[i : i + size] == piece]


if __name__ == "__main__":
    main()
