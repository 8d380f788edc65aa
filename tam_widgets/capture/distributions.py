"""Next-token distributions: softmax over the vocabulary, cut to the most probable tokens.

One pass over the classifier gives them for any states. For states that wrote an answer, the logits
of the model's own steps already say which classes are likely and how much all others weigh
together; only the likely ones are computed again in float32, because a model's logits are rounded
to its own number format.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from . import projection
from .projection import ClassifierRows, Floats

MAX_CANDIDATES = 50
"""Number of classes kept for each distribution."""

Logits = Callable[[torch.Tensor], torch.Tensor]
"""How a model turns products of states and classifier rows into logits, value by value."""


@dataclass(frozen=True)
class Candidates:
    """Next-token distributions, cut to the most probable.

    Attributes:
        probability: Of the actual token, float32 [tokens].
        ids: The most probable tokens, best first, int64 [tokens, count].
        probabilities: Their probabilities, float32 [tokens, count].
    """

    probability: Floats
    ids: NDArray[np.int64]
    probabilities: Floats

    def first(self, count: int) -> Candidates:
        """The same, cut to fewer."""
        return Candidates(self.probability, self.ids[:, :count], self.probabilities[:, :count])


@dataclass(frozen=True, eq=False)
class Steps:
    """The part that is kept of a model's logits during generation.

    Attributes:
        ids: Of the most probable classes of each step, int64 [steps, kept].
        rest: Logarithm of the summed exponentials of all other logits, float32 [steps].
        first: The head's output for the first step, [vocabulary], in its own number format.
    """

    ids: torch.Tensor
    rest: torch.Tensor
    first: torch.Tensor


@dataclass(frozen=True, eq=False)
class Distributions:
    """Distributions over a vocabulary by their largest logits.

    Attributes:
        total: Logarithm of the summed exponentials of all logits, float32 [n].
        ids: Of the most probable classes, best first, int64 [n, kept].
        logits: Their logits, float32 [n, kept].
    """

    total: torch.Tensor
    ids: torch.Tensor
    logits: torch.Tensor

    def __getitem__(self, part: slice) -> Distributions:
        return Distributions(self.total[part], self.ids[part], self.logits[part])

    def candidates(self, own: torch.Tensor, count: int) -> Candidates:
        """The `count` most probable classes, and the probability of logits `own`, [n]."""
        probabilities = (self.logits[:, :count] - self.total[:, None]).exp()
        return Candidates(
            probability=(own - self.total).exp().cpu().numpy(),
            ids=self.ids[:, :count].cpu().numpy(),
            probabilities=probabilities.cpu().numpy(),
        )


def joined(one: Distributions, other: Distributions) -> Distributions:
    """Concatenates two sets of distributions."""
    return Distributions(
        total=torch.cat([one.total, other.total]),
        ids=torch.cat([one.ids, other.ids]),
        logits=torch.cat([one.logits, other.logits]),
    )


@torch.no_grad()
def likeliest(products: torch.Tensor, logits: Logits) -> tuple[torch.Tensor, torch.Tensor]:
    """`ids` and `rest`, as in `Steps`, from a head's whole output, [n, vocabulary]."""
    values = logits(products.float())
    ids = values.topk(min(MAX_CANDIDATES, values.shape[1]), dim=1).indices
    return ids, values.scatter(1, ids, -torch.inf).logsumexp(dim=1)


@torch.no_grad()
def from_steps(
    states: torch.Tensor, classifier: ClassifierRows, steps: Steps, logits: Logits
) -> Distributions:
    """Distributions from the logits of a model's own generation.

    Args:
        states: Hidden states from which each step was predicted, [steps, c].
        classifier: [vocabulary, c].
        steps: The kept part of the steps' logits.
        logits: Turns products of states and rows into the model's logits.
    """
    ids = steps.ids.to(classifier.device)
    values = logits(projection.row_products(states, classifier, ids))
    total = torch.logaddexp(steps.rest.to(classifier.device), values.logsumexp(dim=1))
    order = values.argsort(dim=1, descending=True)
    return Distributions(total, ids.gather(1, order), values.gather(1, order))


@torch.no_grad()
def from_states(
    states: torch.Tensor, classifier: ClassifierRows, logits: Logits
) -> tuple[Distributions, torch.Tensor]:
    """Distributions for any states, in one pass over the classifier.

    Args:
        states: [n, c].
        classifier: [vocabulary, c].
        logits: Turns products of states and rows into the model's logits.

    Returns:
        The distributions, and the last state's product with every row, float32 [vocabulary].
    """
    total = torch.full((len(states),), -torch.inf, device=classifier.device)
    ids = torch.empty((len(states), 0), dtype=torch.int64, device=classifier.device)
    values = torch.empty((len(states), 0), device=classifier.device)
    last = torch.empty(classifier.shape[0], device=classifier.device)
    for part, products in projection.products(states, classifier):
        last[part] = products[-1]
        scores = logits(products)
        total = torch.logaddexp(total, scores.logsumexp(dim=1))
        best = scores.topk(min(MAX_CANDIDATES, scores.shape[1]), dim=1)
        ids = torch.cat([ids, best.indices + part.start], dim=1)
        values, order = torch.cat([values, best.values], dim=1).topk(
            min(MAX_CANDIDATES, values.shape[1] + best.values.shape[1]), dim=1
        )
        ids = ids.gather(1, order)
    return Distributions(total, ids, values), last


def log_probabilities(
    states: torch.Tensor, classifier: ClassifierRows, logits: Logits, ids: torch.Tensor
) -> torch.Tensor:
    """Log-probability of one class for each state: the first result of `choices`."""
    return choices(states, classifier, logits, ids)[0]


@torch.no_grad()
def choices(
    states: torch.Tensor, classifier: ClassifierRows, logits: Logits, ids: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """How probable one class is for each state, and which is most probable.

    It takes one pass over the classifier.

    Args:
        states: [n, c].
        classifier: [vocabulary, c].
        logits: Turns products of states and rows into the model's logits.
        ids: The classes, int64 [n].

    Returns:
        Log-probabilities of the given classes, float32 [n], and ids of the most probable ones,
        int64 [n].
    """
    ids = ids.to(classifier.device)
    total = torch.full((len(states),), -torch.inf, device=classifier.device)
    highest, first = total.clone(), torch.zeros_like(ids)
    for part, products in projection.products(states, classifier):
        scores = logits(products)
        total = torch.logaddexp(total, scores.logsumexp(dim=1))
        best, places = scores.max(dim=1)
        first = torch.where(best > highest, places + part.start, first)
        highest = torch.maximum(best, highest)
    own = logits(projection.row_products(states, classifier, ids[:, None]))[:, 0]
    return own - total, first
