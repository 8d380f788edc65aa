"""The trace of one answer: ids, hidden states and classifier, and the activations from them.

A trace stays on the model's device; the matrices derived from it are NumPy arrays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray

from ..attribution.interference import Floats
from ..errors import OptionError, TraceError
from ..explanation.geometry import Grid, as_grids
from ..explanation.types import Turn, context_ends, single_turn
from . import projection
from .distributions import (
    MAX_CANDIDATES,
    Candidates,
    Distributions,
    Steps,
    from_states,
    from_steps,
    joined,
)
from .projection import ClassifierRows
from .trace_checks import check_answer, check_grids, check_ids, check_positions, check_states


def _as_they_are(products: torch.Tensor) -> torch.Tensor:
    return products


@dataclass(eq=False, repr=False)
class Trace:
    """One answer of one model: ids, last hidden states and the classifier.

    Attributes:
        input_ids: Ids of the whole input, visual tokens included, int64 [n_in].
        answer_ids: Generated ids, int64 [n_answer].
        hidden: Hidden states of the last layer after the final norm, any float type,
            [n_in + n_answer − 1, c]; there is none for the last token, which is never fed back.
        classifier: Weight of the language model's head, [vocabulary, c].
        visual: Positions of the visual tokens, int64 [visual].
        prompt: Positions of the prompt's text tokens, int64 [n_prompt].
        grids: Where the visual tokens are, in the order of `visual`.
        turns: The conversation's messages as parts of the explained tokens; by default one
            prompt and its answer.
        logits: Turns products of states and classifier rows into the model's logits, which give
            probabilities; by default the products themselves.
        steps: The kept part of the logits with which the model wrote the answer, one step for each
            token but those of a given beginning; for tokens without a step they are computed again
            from the classifier.

    Raises:
        TraceError: If the arrays do not fit together or contain values that are not finite.
    """

    input_ids: NDArray[np.int64]
    answer_ids: NDArray[np.int64]
    hidden: torch.Tensor
    classifier: ClassifierRows
    visual: NDArray[np.int64]
    prompt: NDArray[np.int64]
    grids: tuple[Grid, ...]
    turns: tuple[Turn, ...] = ()
    logits: Callable[[torch.Tensor], torch.Tensor] = _as_they_are
    steps: Steps | None = None

    def __post_init__(self) -> None:
        if not self.turns:
            total = len(self.prompt) + len(self.answer_ids)
            self.turns = single_turn(len(self.prompt), total)
        check_answer(self.answer_ids)
        check_states(self.hidden, len(self.input_ids) + len(self.answer_ids) - 1, self.classifier)
        check_ids(self.input_ids, self.answer_ids, self.classifier)
        check_grids(self.grids, self.visual)
        for name, positions in (("visual", self.visual), ("prompt", self.prompt)):
            check_positions(name, positions, len(self.input_ids))

    def __repr__(self) -> str:
        dtype = str(self.hidden.dtype).removeprefix("torch.")
        return (
            f"<Trace: {len(self.input_ids)} input and {len(self.answer_ids)} answer ids, "
            f"{len(self.visual)} visual tokens, states of {self.hidden.shape[1]} {dtype} values "
            f"on {self.hidden.device}>"
        )

    @classmethod
    def from_arrays(
        cls,
        *,
        input_ids: ArrayLike,
        answer_ids: ArrayLike,
        hidden: Any,
        classifier: Any,
        visual: Iterable[int],
        prompt: Iterable[int],
        grids: Iterable[Grid | Sequence[int]],
    ) -> Trace:
        """Makes a trace from plain arrays.

        Args:
            input_ids: [n_in].
            answer_ids: [n_answer].
            hidden: [n_in + n_answer − 1, c], NumPy or torch.
            classifier: [vocabulary, c], NumPy or torch.
            visual: Positions of the visual tokens.
            prompt: Positions of the prompt's text tokens.
            grids: `Grid`s, or shapes: (rows, cols) for an image, (frames, rows, cols) for a video.

        Raises:
            TraceError: If the arrays do not fit together or contain values that are not finite.

        Example:
            >>> trace = Trace.from_arrays(
            ...     input_ids=[0, 1, 1, 2], answer_ids=[3], hidden=np.eye(4), classifier=np.eye(4),
            ...     visual=[1, 2], prompt=[3], grids=[(1, 2)])
            >>> trace.activations.shape
            (2, 2)
        """
        return cls(
            input_ids=_ids("input_ids", input_ids),
            answer_ids=_ids("answer_ids", answer_ids),
            hidden=torch.as_tensor(hidden),
            classifier=torch.as_tensor(classifier),
            visual=_ids("visual", list(visual)),
            prompt=_ids("prompt", list(prompt)),
            grids=as_grids(grids),
        )

    @property
    def prompt_length(self) -> int:
        """Number of explained prompt tokens; they come before the answer's."""
        return len(self.prompt)

    @property
    def token_ids(self) -> NDArray[np.int64]:
        """Ids of the explained tokens, prompt first, int64 [tokens]."""
        return np.concatenate([self.input_ids[self.prompt], self.answer_ids])

    @property
    def reading_positions(self) -> NDArray[np.int64]:
        """The position whose state stands for each explained token, int64 [tokens].

        For a prompt token its own position, for an answer token the one that predicted it, also
        for the answers of earlier turns.
        """
        positions = np.concatenate([self.prompt, self._answer_positions])
        for turn in self.turns[:-1]:
            positions[turn.start : turn.stop] -= turn.role == "assistant"
        return positions

    @cached_property
    def context_ends(self) -> NDArray[np.int64]:
        """Number of leading relevances that count for each token, int64 [tokens]."""
        return context_ends(self.turns)

    @cached_property
    def classes(self) -> NDArray[np.int64]:
        """The class that explains each token, int64 [tokens].

        Its own id; for the first prompt token, as published, the class predicted there.
        """
        classes = self.token_ids
        if self.prompt_length:
            if "_passed" in vars(self):  # computed with all other distributions
                found = self._passed[0][-2:-1]
            else:
                found, _ = from_states(self.hidden[self.prompt[:1]], self.classifier, self.logits)
            classes[0] = int(found.ids[0, 0])
        return classes

    @cached_property
    def activations(self) -> Floats:
        """`A_i = relu(H[visual] · W[y_i])`, float32 [tokens, visual] (TAM, arXiv 2506.23270)."""
        return self._project(self.visual, self.classes)

    @cached_property
    def relevance(self) -> Floats:
        """`r_ik = relu(H[p_k] · W[y_i])`, float32 [tokens, tokens].

        For a prompt token, of all tokens up to the end of the prompt; for an answer token, only
        of those before it, k < i. The rest is 0.
        """
        relevance = self._project(self.reading_positions, self.classes)
        relevance[~self._context] = 0
        return relevance

    @cached_property
    def reference_activation(self) -> Floats:
        """Activation of the first answer token under the last input id's class, [visual]."""
        return self._project(self.visual, self.input_ids[-1:]).ravel()

    @cached_property
    def reference_relevance(self) -> Floats:
        """Relevance to the first answer token under the last input id's class, [tokens]."""
        row = self._project(self.reading_positions, self.input_ids[-1:]).ravel()
        row[~self._context[self.prompt_length]] = 0
        return row

    def candidates(self, count: int = 5) -> Candidates:
        """The most probable tokens in place of each explained token.

        Args:
            count: Number of candidates for each token, at most `MAX_CANDIDATES`.

        Returns:
            Softmax over the whole vocabulary, from the position before each token. Nothing
            predicts a prompt token at position 0: its values are NaN.

        Raises:
            OptionError: If more are requested.
        """
        if count > MAX_CANDIDATES:
            raise OptionError(f"count={count}: give at most {MAX_CANDIDATES}")
        own = self._own_logits(np.arange(len(self.token_ids)), self.token_ids)
        found = self._distributions.candidates(own, count)
        unpredicted = np.flatnonzero(self.prompt == 0)
        found.probability[unpredicted] = np.nan
        found.probabilities[unpredicted] = np.nan
        return found

    @property
    def likely_ids(self) -> NDArray[np.int32]:
        """Ids of the most probable tokens in place of each explained token, as in `Record`."""
        ids: NDArray[np.int32] = self.candidates(MAX_CANDIDATES).ids.astype(np.int32)
        return ids

    @property
    def first_state(self) -> torch.Tensor:
        """The state that predicted the answer's first token, or the first with a step, [c]."""
        return self.hidden[self._first_position]

    @property
    def first_products(self) -> torch.Tensor:
        """`W · h` for `first_state`, float32 [vocabulary]."""
        return self._passed[1]

    def counterfactual(self, tokens: Sequence[int], ids: Sequence[int]) -> tuple[Floats, Floats]:
        """Rows of other classes in place of answer tokens.

        Args:
            tokens: Index of the explained token that each class replaces, [rows].
            ids: Vocabulary ids of the classes, [rows].

        Returns:
            Their activations, float32 [rows, visual], and the relevance of the tokens before to
            them, float32 [rows, tokens].
        """
        classes = np.array(ids, np.int64)
        relevance = self._project(self.reading_positions, classes)
        later = np.arange(len(self.token_ids)) >= np.array(tokens, np.int64)[:, None]
        relevance[later] = 0
        return self._project(self.visual, classes), relevance

    def probability(self, token: int, token_id: int) -> float:
        """The probability of another class in place of an explained token, 0..1."""
        own = self._own_logits(np.array([token]), np.array([token_id], np.int64))
        return float((own - self._distributions.total[token]).exp()[0])

    @cached_property
    def _distributions(self) -> Distributions:
        """The distributions in place of each explained token."""
        found = self._passed[0][: self._stepless]
        if self.steps is None:
            return found
        states = self.hidden[self._predicting[self._stepless :]]
        written = from_steps(states, self.classifier, self.steps, self.logits)
        return joined(found, written)

    @cached_property
    def _passed(self) -> tuple[Distributions, torch.Tensor]:
        """The only pass over the classifier, with the products of its last state.

        Its states are those that predicted the explained tokens for which there are no steps, that
        of the first prompt token itself, and `first_state`.
        """
        asked = self._predicting[: self._stepless]
        asked = np.concatenate([asked, self.prompt[:1], [self._first_position]])
        return from_states(self.hidden[asked], self.classifier, self.logits)

    def _own_logits(self, tokens: NDArray[np.int64], ids: NDArray[np.int64]) -> torch.Tensor:
        """Logits of one class each in place of some explained tokens, [tokens]."""
        states = self.hidden[self._predicting[tokens]]
        rows = torch.as_tensor(ids, device=self.classifier.device)[:, None]
        return self.logits(projection.row_products(states, self.classifier, rows))[:, 0]

    @property
    def _stepless(self) -> int:
        """Number of explained tokens, all at the beginning, for which there are no steps."""
        steps = 0 if self.steps is None else len(self.steps.rest)
        return len(self.token_ids) - steps

    @property
    def _first_position(self) -> int:
        first = self.prompt_length if self.steps is None else self._stepless
        return int(self._predicting[first])

    @property
    def _predicting(self) -> NDArray[np.int64]:
        """Positions that predict the explained tokens; nothing predicts the one at position 0."""
        return np.concatenate([(self.prompt - 1).clip(min=0), self._answer_positions])

    @property
    def _answer_positions(self) -> NDArray[np.int64]:
        first = len(self.input_ids) - 1
        return np.arange(first, first + len(self.answer_ids))

    @property
    def _context(self) -> NDArray[np.bool_]:
        return np.arange(len(self.token_ids)) < self.context_ends[:, None]

    def _project(self, positions: NDArray[np.int64], classes: NDArray[np.int64]) -> Floats:
        return projection.activations(self.hidden, positions, self.classifier, classes)


def _ids(name: str, values: ArrayLike) -> NDArray[np.int64]:
    array = np.asarray(values)
    if array.ndim != 1 or (array.size and not np.issubdtype(array.dtype, np.integer)):
        raise TraceError(
            f"{name}: a one-dimensional array of integers is expected, not "
            f"{array.dtype} of shape {array.shape}"
        )
    return array.astype(np.int64)
