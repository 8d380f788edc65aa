"""Computes maps on a model whose weights are randomised stage by stage."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..attribution import Method
from ..capture.forcing.attributing import computed, model_methods, stated_passes
from ..capture.generation.teacher_forcing import force
from ..capture.progress import progress_bar
from ..capture.randomising import random_weights, stages
from ..capture.tracing import traced
from ..errors import OptionError
from ..explanation.explanation import Explanation
from .sanity import SanityCheck
from .similarity import rank_correlation, structural_similarity

if TYPE_CHECKING:
    from ..capture.forcing.frozen_answer import FrozenAnswer

Maps = list[NDArray[Any]]


def sanity(
    frozen: FrozenAnswer,
    explanation: Explanation,
    methods: Sequence[Method],
    tokens: Sequence[int],
    *,
    seed: int,
    progress: bool,
) -> SanityCheck:
    """Compares maps with those under random weights; the arguments are those of `Explainer.sanity`.

    Raises:
        UnsupportedModelError: If the model's weights are quantised or offloaded.
        OptionError: If a method's maps cannot be computed here.
        TraceError: If the states under random weights are not finite.
    """
    parts = stages(frozen.model)
    needs = [method for method in methods if method.maps is None]
    passes = stated_passes(frozen, needs, tokens)
    passes += len(needs) < len(methods)
    found = np.empty((2, len(methods), len(parts), len(tokens)))
    with (
        progress_bar(passes * (1 + len(parts)), "pass", shown=progress, keep=False) as bar,
        random_weights(seed) as weights,
    ):
        own = _maps(frozen, methods, tokens, bar.update)
        for stage, (name, module) in enumerate(parts):
            bar.set_description(name, refresh=False)
            weights.randomise(module)
            random = _maps(frozen, methods, tokens, bar.update)
            for number, pairs in enumerate(zip(own, random, strict=True)):
                for place, (first, second) in enumerate(zip(*pairs, strict=True)):
                    found[0, number, stage, place] = rank_correlation(first, second)
                    alike = structural_similarity(first, second, frozen.grids)
                    found[1, number, stage, place] = alike
    return SanityCheck(
        tokens=tuple(tokens),
        texts=tuple(explanation.tokens[token].text for token in tokens),
        methods=tuple(method.name for method in methods),
        stages=tuple(name for name, _ in parts),
        rank_correlation=found[0],
        similarity=found[1],
        seed=seed,
    )


def checked_methods(methods: Any, explanation: Explanation) -> list[Method]:
    """Methods whose maps can be computed on another model.

    Raises:
        OptionError: If none is given, one is given twice or unknown, or one only has maps in the
            record.
    """
    if isinstance(methods, str | Method) or not methods:
        raise OptionError(f'methods={methods!r:.80}: give a list, such as ["tam", "attention"]')
    found = [explanation.method(method) for method in methods]
    needs = [method for method in found if method.maps is None]
    if needs:
        model_methods(needs)
    if len({method.name for method in found}) < len(found):
        raise OptionError(f"methods={methods!r:.80}: give each method once")
    return found


def _maps(
    frozen: FrozenAnswer,
    methods: Sequence[Method],
    tokens: Sequence[int],
    progress: Callable[[int], Any],
) -> Maps:
    """The maps of each method with the weights of the moment, [tokens, visual] each."""
    model, encoded = frozen.model, frozen.encoded
    made: Explanation | None = None
    if any(method.maps for method in methods):
        ids, norm, added = frozen.ids.tolist(), model.final_norm, model.family.answer_inputs
        answer = force(model.model, encoded.inputs, ids, norm, added)
        _, made = traced(model, encoded, answer, {})
        progress(1)
    return [
        made.maps(method)[list(tokens)]
        if made is not None and method.maps
        else computed(frozen, method, tokens, progress=progress)
        for method in methods
    ]
