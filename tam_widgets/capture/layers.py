"""Activations and relevances from the states after decoder layers other than the last.

The states go through the model's final norm and are then projected like the last layer's (the
logit lens), so that all layers share the classifier.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import torch
from numpy.typing import NDArray

from ..errors import OptionError, UnsupportedModelError
from . import distributions, projection
from .generation.generate import Answer, read
from .generation.layer_states import hooked, input_positions
from .inputs.encoding import Encoded
from .loaded_model import LoadedModel
from .projection import Floats
from .trace import Trace

Layers = Sequence[int] | Literal["all"] | None
"""Decoder layers to explain: all, those of some numbers, or only the last."""

HALF_LEAST, HALF_MOST = 2.0**-10, float(np.finfo(np.float16).max)
"""Least and largest maximum of a matrix at which float16 keeps what maps show of it."""


@dataclass(frozen=True)
class LayerMatrices:
    """Raw activations and relevances of some layers, as in `Record`.

    Attributes:
        layers: Their numbers.
        count: Number of the model's decoder layers; None if they cannot be explained.
        activations: [layers, tokens, visual], float16 or float32.
        relevance: [layers, tokens, tokens], likewise.
        log_p: Log-probabilities of the answer's tokens, float32 [layers, answer tokens].
        choices: Ids of the most probable tokens in their place, int32 [layers, answer tokens].
        choice_texts: Their texts by id.
    """

    layers: tuple[int, ...]
    count: int | None
    activations: NDArray[np.floating]
    relevance: NDArray[np.floating]
    log_p: Floats
    choices: NDArray[np.int32]
    choice_texts: Mapping[int, str]

    @property
    def parts(self) -> dict[str, Any]:
        """Attributes of a `Record` by name."""
        return {
            "layers": self.layers,
            "layer_count": self.count,
            "layer_activations": self.activations,
            "layer_relevance": self.relevance,
            "layer_log_p": self.log_p,
            "layer_choices": self.choices,
            "layer_choice_texts": self.choice_texts,
        }


def asked_layers(model: LoadedModel, layers: Any) -> tuple[int, ...]:
    """Numbers of the layers to keep beside the last, in order.

    Args:
        model: The model.
        layers: None, `"all"`, or a list of numbers from 1 to that of the last layer.

    Raises:
        OptionError: If it is anything else.
        UnsupportedModelError: If the architecture's layers cannot be explained.
    """
    if layers is None:
        return ()
    count = len(model.decoder_layers)
    known = range(1, count + 1)
    if isinstance(layers, str) and layers == "all":
        return tuple(known[:-1])
    numbers = [] if isinstance(layers, str) or not isinstance(layers, Iterable) else list(layers)
    whole = all(isinstance(n, int | np.integer) and not isinstance(n, bool) for n in numbers)
    if not numbers or not whole or not {*numbers} <= {*known}:
        raise OptionError(
            f'layers={layers!r:.80}: give "all", or a list of numbers from 1 to {count}, which is '
            f"the last decoder layer of {model.name!r:.200}"
        )
    return tuple(int(number) for number in sorted({*numbers} - {count}))


def layer_matrices(
    model: LoadedModel,
    encoded: Encoded,
    answer: Answer,
    trace: Trace,
    classes: NDArray[np.int64] | None = None,
) -> LayerMatrices:
    """Projects the states of an answer's layers.

    Args:
        model: The model.
        encoded: Its input.
        answer: The answer, with the states of its layers; where these were not kept, it is read
            again in one forward pass.
        trace: Its trace.
        classes: The class that explains each token, [tokens]; by default the trace's.
    """
    explained = trace.classes if classes is None else classes
    projected = _Projection(model, trace, answer.layers, explained)
    if answer.layer_states:
        steps = np.arange(len(answer.ids) - 1) + len(trace.input_ids)
        positions = np.concatenate([input_positions(encoded), steps])
        for number, states in answer.layer_states.items():
            projected.add(number, states, positions)
    elif answer.layers:
        sequence = torch.cat([encoded.inputs["input_ids"][0], answer.ids])[:-1]
        everywhere = np.arange(len(sequence))
        layers = {number: model.decoder_layers[number - 1] for number in answer.layers}
        with hooked(layers, lambda number, states: projected.add(number, states[0], everywhere)):
            inputs = model.family.answer_inputs
            read(model.model, encoded.inputs, sequence, model.final_norm, inputs)
    log_p, choices = projected.choices()
    return LayerMatrices(
        layers=answer.layers,
        count=_count(model),
        activations=projected.activations,
        relevance=projected.relevance,
        log_p=log_p,
        choices=choices,
        choice_texts={number: model.text_of(number) for number in np.unique(choices).tolist()},
    )


class _Projection:
    """Fills the matrices of an answer layer by layer."""

    def __init__(
        self,
        model: LoadedModel,
        trace: Trace,
        layers: tuple[int, ...],
        classes: NDArray[np.int64],
    ) -> None:
        self._norm, self._trace, self._layers = model.final_norm, trace, layers
        self._classes = classes
        self._writing: dict[int, torch.Tensor] = {}
        tokens, visual = len(trace.token_ids), len(trace.visual)
        self.activations: NDArray[np.floating] = np.zeros((len(layers), tokens, visual), np.float16)
        self.relevance: NDArray[np.floating] = np.zeros((len(layers), tokens, tokens), np.float16)

    def add(self, number: int, states: torch.Tensor, positions: NDArray[np.int64]) -> None:
        """Projects a layer's states, [n, c], given the position of each, [n]."""
        trace, row = self._trace, self._layers.index(number)
        self.activations = _with_row(
            self.activations, row, self._projected(states, positions, trace.visual)
        )
        relevance = self._projected(states, positions, trace.reading_positions)
        relevance[np.arange(len(relevance)) >= trace.context_ends[:, None]] = 0
        self.relevance = _with_row(self.relevance, row, relevance)
        writing = np.searchsorted(positions, trace.reading_positions[trace.prompt_length :])
        self._writing[row] = self._normed(states[torch.as_tensor(writing, device=states.device)])

    def choices(self) -> tuple[Floats, NDArray[np.int32]]:
        """`log_p` and `choices` of the layers, all in one pass over the classifier."""
        trace, shape = self._trace, (len(self._layers), len(self._trace.answer_ids))
        if not self._layers:
            return np.zeros(shape, np.float32), np.zeros(shape, np.int32)
        states = torch.cat([self._writing[row] for row in range(len(self._layers))])
        ids = torch.as_tensor(trace.answer_ids).repeat(len(self._layers))
        log_p, first = distributions.choices(states, trace.classifier, trace.logits, ids)
        own: Floats = log_p.clamp(max=0).cpu().numpy().reshape(shape)  # rounding
        return own, first.cpu().numpy().astype(np.int32).reshape(shape)

    def _projected(
        self, states: torch.Tensor, positions: NDArray[np.int64], asked: NDArray[np.int64]
    ) -> Floats:
        """The products with the tokens' classes at some of the positions, [tokens, asked]."""
        rows = np.searchsorted(positions, asked)
        trace = self._trace
        return projection.activations(states, rows, trace.classifier, self._classes, self._normed)

    @torch.no_grad()
    def _normed(self, states: torch.Tensor) -> torch.Tensor:
        # Called without its hooks, one of which records the last layer's states.
        normed: torch.Tensor = self._norm.forward(states.to(self._trace.hidden.device))
        return normed


def _with_row(matrices: NDArray[np.floating], row: int, values: Floats) -> NDArray[np.floating]:
    """The matrices with one row set, as float32 if float16 cannot hold it."""
    most = float(values.max(initial=0))
    if not (most == 0 or HALF_LEAST <= most <= HALF_MOST):
        matrices = matrices.astype(np.float32, copy=False)
    matrices[row] = values
    return matrices


def _count(model: LoadedModel) -> int | None:
    try:
        return len(model.decoder_layers)
    except UnsupportedModelError:
        return None
