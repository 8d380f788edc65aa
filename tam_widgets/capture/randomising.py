"""Gives parts of a model random weights for a while; its own are put aside and never written to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch

from ..errors import UnsupportedModelError
from .loaded_model import LoadedModel

Stage = tuple[str, torch.nn.Module]
"""A part of the model with its name."""


def stages(model: LoadedModel) -> list[Stage]:
    """The parts from the top down: the head, and the decoder layers from the last to the first.

    Raises:
        UnsupportedModelError: If the model's weights are quantised or offloaded, or its layers are
            not known.
    """
    _check(model)
    layers = model.decoder_layers
    numbered = [(f"layer {number}", layers[number - 1]) for number in range(len(layers), 0, -1)]
    return [("head", model.model.get_output_embeddings()), *numbered]


@contextmanager
def random_weights(seed: int) -> Iterator[RandomWeights]:
    """Lets a caller replace weights; afterwards, also after an error, the model has its own."""
    weights = RandomWeights(seed)
    try:
        yield weights
    finally:
        weights.put_back()


class RandomWeights:
    """Random weights in the place of a model's own.

    A module gets other parameters in place of its own, which remain as they are in memory. So the
    embedding whose weight a head shares keeps it when the head gets another.

    Args:
        seed: Of the random numbers.
    """

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._generators: dict[torch.device, torch.Generator] = {}
        self._own: list[tuple[torch.nn.Module, str, torch.nn.Parameter]] = []

    def randomise(self, module: torch.nn.Module) -> None:
        """Replaces all weights of a module, including those of modules within it.

        Each is drawn from a normal distribution with its own mean and standard deviation, so that
        the scale of the states hardly changes.
        """
        drawn: dict[int, torch.nn.Parameter] = {}
        for owner in module.modules():
            for name, own in list(owner.named_parameters(recurse=False)):
                if id(own) not in drawn:
                    drawn[id(own)] = self._drawn(own)
                self._own.append((owner, name, own))
                setattr(owner, name, drawn[id(own)])

    def put_back(self) -> None:
        """Gives all modules their own weights."""
        try:
            self._put_back()
        finally:  # even if it was interrupted
            self._put_back()

    def _put_back(self) -> None:
        while self._own:
            owner, name, own = self._own[-1]
            setattr(owner, name, own)
            self._own.pop()

    @torch.no_grad()
    def _drawn(self, own: torch.nn.Parameter) -> torch.nn.Parameter:
        if own.device not in self._generators:
            generator = torch.Generator(device=own.device)
            self._generators[own.device] = generator.manual_seed(self._seed)
        values = own.float()
        mean, spread = float(values.mean()), float(values.std(correction=0))
        random = torch.empty_like(own).normal_(mean, spread, generator=self._generators[own.device])
        return torch.nn.Parameter(random, requires_grad=own.requires_grad)


def _check(model: LoadedModel) -> None:
    quantizer: Any = getattr(model.model, "hf_quantizer", None)
    weights: Sequence[tuple[str, torch.Tensor]] = list(model.model.named_parameters())
    if quantizer is not None or any(not own.is_floating_point() for _, own in weights):
        kind = f" ({type(quantizer).__name__})" if quantizer is not None else ""
        raise UnsupportedModelError(
            f"{model.name} is quantised{kind}, so its weights cannot be drawn anew: load it in "
            "bfloat16"
        )
    missing = [name for name, own in weights if own.is_meta]
    if missing:
        raise UnsupportedModelError(
            f"weights of {model.name}, such as {missing[0]!r:.80}, are offloaded, so they cannot "
            "be drawn anew: load the model onto one device, without offloading"
        )
