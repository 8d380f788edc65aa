"""Texts of tokens, and ids of special tokens."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any


def token_texts(ids: Sequence[int], tokenizer: Any) -> list[str]:
    """Each id's part of the decoded text; a character split into bytes belongs to its last id."""
    decode = tokenizer.backend_tokenizer.decode
    text = decode(ids, skip_special_tokens=False)
    starts = [0]
    for end in range(1, len(ids)):
        known = decode(ids[:end], skip_special_tokens=False)
        starts.append(max(starts[-1], _common_prefix(known, text)))
    return [text[start:end] for start, end in pairwise([*starts, len(text)])]


def lone_surrogate(text: str) -> str | None:
    """The first surrogate in a text, which UTF-8 cannot encode; None if there is none."""
    found = re.search("[\ud800-\udfff]", text)
    return found and found[0]


def special_ids(tokenizer: Any, model: Any) -> set[int]:
    """Ids of special tokens: those of the tokenizer, and those that end an answer."""
    ends = model.generation_config.eos_token_id
    special = {*tokenizer.all_special_ids, *(ends if isinstance(ends, list) else [ends])}
    added = tokenizer.added_tokens_decoder
    return special | {token_id for token_id, token in added.items() if token.special}


def _common_prefix(first: str, second: str) -> int:
    """Length of the common prefix of two texts."""
    pairs = enumerate(zip(first, second, strict=False))
    return next((i for i, (a, b) in pairs if a != b), min(len(first), len(second)))
