"""The explanation that one of the kept decoder layers gives."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

import numpy as np

from ..errors import OptionError
from .record import Record

R = TypeVar("R", bound=Record)

PARTS = (
    "layers",
    "layer_count",
    "layer_activations",
    "layer_relevance",
    "layer_log_p",
    "layer_choices",
    "layer_choice_texts",
)
"""Attributes of a record that are of other layers than the last."""


def at_layer(record: R, layer: int | None) -> R:
    """The record with the activations and relevances of one layer in the last one's place.

    Args:
        record: An answer, explained with `layers=…`.
        layer: A number in `record.layers`; that of the last layer, or None.

    Returns:
        A record of this layer alone: without alternatives, further maps, and the first answer
        token's activation under the published choice of its class, which are those of the last
        layer. For the last layer the record itself.

    Raises:
        OptionError: If the layer is not kept.
    """
    if layer is None or layer == record.layer_count:
        return record
    if layer not in record.layers:
        raise OptionError(f"layer={layer}: {_kept(record)}")
    number = record.layers.index(layer)
    nothing = np.zeros(0, np.float32)
    return replace(
        record,
        activations=record.layer_activations[number].astype(np.float32),
        relevance=record.layer_relevance[number].astype(np.float32),
        reference_activation=nothing,
        reference_relevance=nothing,
        provenance={
            **record.provenance,
            "layer": int(layer),
            "title": f"{record.title}, layer {layer}",
        },
        extra_maps={},
        extra_methods={},
        extra_tokens={},
        alternatives=(),
        layers=(),
        layer_count=None,
    )


def with_layers_of(record: R, other: Record) -> R:
    """The record with the layers of another one of the same answer."""
    return replace(record, **{name: getattr(other, name) for name in PARTS})


def _kept(record: Record) -> str:
    last = record.layer_count
    if "layer" in record.provenance:
        return f"this is the explanation of layer {record.provenance['layer']} alone"
    if not record.layers:
        only = "only its last layer" + ("" if last is None else f" ({last})")
        return f'this explanation has {only}: explain again with layers=[…] or layers="all"'
    numbers = ", ".join(map(str, record.layers))
    return (
        f"this explanation has the layers {numbers} and the last one, {last}: give one of these, "
        "or explain again with layers=[…]"
    )
