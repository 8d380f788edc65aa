"""Checks that the parts of a record fit together."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from ..contract import CONTRACT
from ..errors import OptionError, TraceError
from .record import Record
from .reliance import check_blank

MAX_EXTRA_MAPS = 1000
"""Most further maps of a record."""

MAX_CHECKS = 1000
"""Most checks of a record."""

MAX_VALUE = 1e30
"""Largest value of an array: sums of ten million of them, as in maps, fit into float32."""

MAX_GAP = 1
"""Most characters between the texts of two tokens: a line end."""

MAX_SIDES_BEYOND = 16
"""How far a grid may extend into an image's padding, in multiples of its longest side."""

MIN_GRID_SIDE = 1e-3
"""Least width and height of a grid, in pixels of the image."""


def check(record: Record) -> None:
    """Refuses a record whose parts do not fit together.

    Raises:
        TraceError: If an array has the wrong shape or type, or contains values that are not finite,
            far too large, or, except in further maps, negative; or if texts, tokens, turns, grids
            or alternatives have impossible positions, or refer to something that is missing.
        OptionError: If a further map has no name, or that of a built-in method.
    """
    _check_arrays(record)
    _check_maps_alone(record)
    kinds = [token.kind for token in record.tokens]
    if kinds != sorted(kinds, reverse=True) or "answer" not in kinds:
        raise TraceError("tokens must be those of the prompt, and then at least one of the answer")
    _check_spans(record)
    _check_grids(record)
    _check_turns(record)
    _check_first_class(record)
    _check_alternatives(record)
    check_blank(record)
    _check_layers(record)
    _check_layer_choices(record)
    _check_likely_ids(record)
    if len(record.extra_maps) > MAX_EXTRA_MAPS:
        raise TraceError(
            f"extra_maps holds {len(record.extra_maps)} methods: at most {MAX_EXTRA_MAPS} are "
            "expected"
        )
    for name in {*record.extra_maps} & {method.name for method in CONTRACT.methods}:
        raise OptionError(f"extra_maps[{name!r:.80}]: this name belongs to a built-in method")
    if any(not str(name).strip() for name in record.extra_maps):
        raise OptionError("extra_maps holds a map without a name: give each the name of its method")
    for part in ("extra_methods", "extra_tokens"):
        for name in {*getattr(record, part)} - {*record.extra_maps}:
            raise OptionError(f"{part}[{name!r:.80}]: extra_maps has no map with this name")
    _check_checks(record)
    for name, tokens in record.extra_tokens.items():
        if any(token not in range(len(record.tokens)) for token in tokens):
            raise TraceError(
                f"extra_tokens[{name!r:.80}] names tokens {tokens!r:.80}: give indices from 0 to "
                f"{len(record.tokens) - 1}"
            )


def _check_checks(record: Record) -> None:
    if len(record.checks) > MAX_CHECKS:
        raise TraceError(f"checks holds {len(record.checks)}: at most {MAX_CHECKS} are expected")
    answer = len(record.tokens) - record.prompt_length
    for check in record.checks:
        if check.answer_start != record.prompt_length or len(check.full_log_p) != answer:
            raise TraceError(
                f"a check is of {len(check.full_log_p)} answer tokens from {check.answer_start} "
                f"on: this explanation's answer has {answer} from {record.prompt_length} on"
            )
        if check.units == "cells" and check.ranking.max(initial=0) >= record.visual_length:
            raise TraceError(
                f"a check removes the visual token {check.ranking.max()}: this explanation has "
                f"{record.visual_length}"
            )


def _check_maps_alone(record: Record) -> None:
    """Refuses what only has a meaning beside raw activations, where there are none."""
    if record.has_activations:
        return
    parts = ("first_class", "alternatives", "layers")
    found = [name for name in parts if getattr(record, name) not in (None, ())]
    found += ["likely_ids"] if record.likely_ids.size else []
    if found:
        raise TraceError(
            f"{found[0]} is given without raw activations: an explanation of maps alone has none"
        )


def _check_arrays(record: Record) -> None:
    count, visual = len(record.tokens), record.visual_length
    for name, array, shape in _arrays(record):
        layered = name.startswith("layer_")
        known = array.dtype == np.float32 or (layered and array.dtype == np.float16)
        if not known or array.shape != shape:
            raise TraceError(
                f"{name} is {array.dtype} {array.shape}: {count} tokens and {visual} visual tokens "
                f"need {'float16 or ' if layered else ''}float32 {shape}"
            )
        lowest, highest = float(array.min(initial=0)), float(array.max(initial=0))
        if math.isnan(lowest) or math.isinf(highest - lowest):
            raise TraceError(f"{name} contains NaN or infinity: an explanation needs finite values")
        if max(highest, -lowest) > MAX_VALUE:
            raise TraceError(
                f"{name} contains values from {lowest:.3g} to {highest:.3g}: at most "
                f"{MAX_VALUE:g} is expected, so that sums of them are finite"
            )
        if lowest < 0 and not name.startswith("extra_maps"):
            raise TraceError(
                f"{name} contains {lowest:.3g}: activations and relevances are never below 0"
            )


def _arrays(record: Record) -> Iterator[tuple[str, Any, tuple[int, ...]]]:
    count, visual = len(record.tokens), record.visual_length
    rows = sum(len(other.ids) for other in record.alternatives)
    layers = len(record.layers)
    references = record.reference_activation.size or record.reference_relevance.size
    if not (record.activations.size or record.relevance.size or references):
        count = visual = 0  # maps alone
    own = len(record.tokens), record.visual_length
    shapes: Mapping[str, tuple[int, ...]] = {
        "activations": (count, visual),
        "relevance": (count, count),
        "reference_activation": (visual if references else 0,),
        "reference_relevance": (count if references else 0,),
        "alternative_activations": (rows, own[1]),
        "alternative_relevance": (rows, own[0]),
        "layer_activations": (layers, *own),
        "layer_relevance": (layers, own[0], own[0]),
    }
    for name, shape in shapes.items():
        yield name, getattr(record, name), shape
    for name, array in record.extra_maps.items():
        yield f"extra_maps[{name!r:.80}]", array, own


def _check_spans(record: Record) -> None:
    """Refuses texts that overlap or are far apart, because views lay them out by position."""
    ends = {"prompt": 0, "answer": 0}
    for number, token in enumerate(record.tokens):
        start, end = token.span
        nearest = ends[token.kind]
        length = len(token.text)
        if not nearest <= start <= nearest + MAX_GAP or not start <= end <= start + length:
            raise TraceError(
                f"token {number} has {length} characters and the span {token.span}: the text "
                f"before it ends at {nearest}, so that a span from there on, no longer than its "
                "text, is expected"
            )
        ends[token.kind] = end


def _check_grids(record: Record) -> None:
    images = len(record.images)
    if not record.grids:
        raise TraceError("there is no grid: an explanation needs at least one")
    for grid in record.grids:
        if not 0 <= grid.image <= images - grid.frames:
            raise TraceError(f"a grid names a missing image: {images} images are given")
        side = max(record.images[grid.image].width, record.images[grid.image].height)
        left, top, right, bottom = grid.rect
        far = max(-left, -top, right - side, bottom - side)
        if far > MAX_SIDES_BEYOND * side or min(right - left, bottom - top) < MIN_GRID_SIDE:
            raise TraceError(
                f"a grid covers {grid.rect} of an image of {side} pixels a side: a rectangle of a "
                f"thousandth of a pixel at least, at most {MAX_SIDES_BEYOND} sides beyond it, is "
                "expected"
            )


def _check_turns(record: Record) -> None:
    edges = [0, *(turn.stop for turn in record.turns)]
    starts = [turn.start for turn in record.turns]
    if starts != edges[:-1] or edges[-1] != len(record.tokens) or edges != sorted(edges):
        raise TraceError(
            f"turns {edges} must be consecutive and contain all {len(record.tokens)} tokens"
        )


def _check_first_class(record: Record) -> None:
    first = record.first_class
    known = isinstance(first, int) and not isinstance(first, bool) and first >= 0
    if first is not None and not (known and record.prompt_length):
        raise TraceError(
            f"first_class is {first!r}: give the id that explains the first of "
            f"{record.prompt_length} prompt tokens, or None if it is not known"
        )


def _check_alternatives(record: Record) -> None:
    for other in record.alternatives:
        if not record.prompt_length <= other.token < len(record.tokens) or not other.ids:
            raise TraceError(
                f"alternative {other.text!r:.80} for token {other.token}: an answer token "
                f"({record.prompt_length} to {len(record.tokens) - 1}) and at least one "
                "id are needed"
            )


def _check_layers(record: Record) -> None:
    numbers, count = record.layers, record.layer_count
    whole = all(isinstance(n, int) and not isinstance(n, bool) for n in (*numbers, count or 1))
    if not whole or list(numbers) != sorted({*numbers}):
        raise TraceError(
            f"layers {numbers!r:.80} of {count!r:.80}: whole numbers are expected, each greater "
            "than the one before it"
        )
    if numbers and not (numbers[0] >= 1 and count is not None and numbers[-1] < count):
        raise TraceError(
            f"layers {numbers!r:.80} of {count}: numbers from 1 to below layer_count, the last "
            "layer's, are expected"
        )
    if count is not None and count < 1:
        raise TraceError(f"layer_count is {count}: at least 1 is expected, or None")


def _check_layer_choices(record: Record) -> None:
    log_p, choices = record.layer_log_p, record.layer_choices
    shape = (len(record.layers), len(record.tokens) - record.prompt_length)
    for name, array, kind in (
        ("layer_log_p", log_p, np.float32),
        ("layer_choices", choices, np.int32),
    ):
        if (
            array.dtype != kind
            or log_p.shape != choices.shape
            or array.shape not in (shape, (0, 0))
        ):
            raise TraceError(
                f"{name} is {array.dtype} {array.shape}: {np.dtype(kind)} {shape}, a value for "
                "each layer and answer token, is expected, or [0, 0] for both of them"
            )
    if not (np.isfinite(log_p) & (log_p <= 0)).all():
        raise TraceError(
            "layer_log_p contains values above 0, or not finite: logarithms of "
            "probabilities are expected"
        )
    missing = {*np.unique(choices).tolist()} - {*record.layer_choice_texts}
    if missing:
        raise TraceError(
            f"layer_choices contains {min(missing)}, which layer_choice_texts does not: the text "
            "of each id is expected"
        )


def _check_likely_ids(record: Record) -> None:
    ids, count = record.likely_ids, len(record.tokens)
    fits = ids.ndim == 2 and (ids.shape[0] == count or ids.shape == (0, 0))
    if ids.dtype != np.int32 or not fits:
        raise TraceError(
            f"likely_ids is {ids.dtype} {ids.shape}: int32 [{count}, ids] is expected, or [0, 0]"
        )
    if ids.size and ids.min() < 0:
        raise TraceError(f"likely_ids contains {ids.min()}: ids are never below 0")
    ranked = np.sort(ids, axis=1)
    if (ranked[:, 1:] == ranked[:, :-1]).any():
        raise TraceError("likely_ids names a token twice in one row: each id is expected once")
