"""Faithfulness of the words that name an object: is what their maps light what the model reads?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tam_widgets.attribution import Method
from tam_widgets.attribution.maps import Compat
from tam_widgets.errors import OptionError
from tam_widgets.evaluation.datasets.sample import Sample

if TYPE_CHECKING:
    from tam_widgets.explanation.explanation import Explanation
    from tam_widgets.explanation.faithfulness import FaithfulnessCheck

Json = dict[str, Any]
Rows = Mapping[str, Sequence[Json]]
"""A record's words by method."""

REFERENCES = {"random": "random orders", "centre": "centre first", "mask": "true mask first"}
"""Orders with which every method is compared, by the beginning of their measures' names."""

FAITHFULNESS = (
    *("deletion", "insertion", "selectivity"),
    *(f"{order}_{curve}" for order in REFERENCES for curve in ("deletion", "insertion")),
    *("no_image", "reliance"),
)
"""What is measured of each word that names an object, besides its overlap with the object."""


def check_protocol(name: str | None) -> None:
    """Refuses a protocol that is unknown, or has no curves; raises `OptionError`."""
    if name is None:
        return
    from tam_widgets.faithfulness.protocols import PROTOCOLS

    curves = [one.name for one in PROTOCOLS.values() if one.steps or one.step_size]
    if name not in curves:
        raise OptionError(
            f"faithfulness={name!r:.80}: give a protocol with curves, one of {', '.join(curves)}"
        )


def check_words(
    explainer: Any,
    explanation: Explanation,
    sample: Sample,
    methods: Sequence[Method],
    rows: Rows,
    protocol: str,
    compat: Compat = None,
) -> tuple[Explanation, dict[str, list[Json]]]:
    """Checks the words that name an object, those that count in Obj-IoU, under every method.

    Where a sample has no categories, all nouns are checked, without a true mask.

    Args:
        explainer: An `Explainer`.
        explanation: Of the sample's picture, with the maps of all methods.
        sample: The sample.
        methods: The methods.
        rows: The record's words by method.
        protocol: Name of the protocol.
        compat: As for `evaluate`.

    Returns:
        The explanation with the check, and the words with the entries of `FAITHFULNESS`, each the
        mean over the word's tokens; None if a measure has no value.
    """
    words = dict(_words(sample, rows))
    if not words:
        return explanation, {name: list(own) for name, own in rows.items()}
    check: FaithfulnessCheck = explainer.check(
        explanation,
        sorted({token for tokens in words for token in tokens}),
        [_published(method) if compat else method for method in methods],
        protocol,
        mask=_masks(sample, words) or None,
        progress=False,
    )
    columns = {method.name: _columns(check, method.name) for method in methods}
    place = {token: number for number, token in enumerate(check.tokens)}
    checked = {
        name: [
            row | _means(columns[name], [place[token] for token in row["tokens"]])
            if tuple(row["tokens"]) in words
            else row
            for row in own
        ]
        for name, own in rows.items()
    }
    return explanation.with_check(check), checked


def _words(sample: Sample, rows: Rows) -> Iterator[tuple[tuple[int, ...], str | None]]:
    """The tokens of each word to check, with its category."""
    for own in rows.values():
        for row in own:
            is_noun = row["threshold"] is not None
            if row["iou"] is not None or (is_noun and not sample.category):
                yield tuple(row["tokens"]), row["category"]


def _masks(
    sample: Sample, words: Mapping[tuple[int, ...], str | None]
) -> dict[int, NDArray[np.bool_]]:
    """The true mask of each token's category."""
    labels = sample.labels()
    masks = {name: labels == sample.category[name] for name in set(words.values()) if name}
    return {token: masks[name] for tokens, name in words.items() if name for token in tokens}


def _published(method: Method) -> Method:
    if "compat" not in method.defaults:
        return method
    return method.variant(method.name, compat="reference")


def _columns(check: FaithfulnessCheck, method: str) -> dict[str, NDArray[np.float64]]:
    """Each measure of the checked tokens, float64 [tokens]."""
    nothing = np.full(len(check.tokens), np.nan)
    found = dict.fromkeys(FAITHFULNESS, nothing) | {
        "deletion": check.deletion(method),
        "insertion": check.insertion(method),
        "selectivity": check.selectivity(method),
        "random_deletion": check.random.deletion.mean,
        "random_insertion": check.random.insertion.mean,
        "no_image": np.exp(check.log_p_blank),
        "reliance": check.reliance,
    }
    for order in check.orders:
        if order.kind in ("centre", "mask"):
            found[f"{order.kind}_deletion"] = check.deletion(order)
            found[f"{order.kind}_insertion"] = check.insertion(order)
    return found


def _means(columns: Mapping[str, NDArray[np.float64]], places: Sequence[int]) -> Json:
    means = {name: float(values[places].mean()) for name, values in columns.items()}
    return {name: mean if np.isfinite(mean) else None for name, mean in means.items()}
