"""Gradients of an answer's log-probabilities in what the decoder is given at the visual tokens.

That is their embeddings and, in families that add more of the picture in later layers (Qwen3-VL,
Granite 4 Vision), what is added there. The vision tower runs without gradients.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any, Literal

import numpy as np
import torch
from numpy.typing import NDArray

from ...errors import UnsupportedModelError
from .black_box import Progress, silent
from .frozen_answer import FrozenAnswer

Baseline = Literal["zero", "mean"]
"""What embeddings are compared with: 0, or their mean over all visual tokens."""

_ADDED_LATER = {"deepstack_visual_embeds": "visual_pos_masks", "deepstack_features": "vision_mask"}
"""By the name of what a decoder adds at visual positions in later layers, that of their mask."""


def gradient_products(
    frozen: FrozenAnswer,
    tokens: Sequence[int],
    *,
    baseline: Baseline,
    share: float = 1.0,
    progress: Progress = silent,
) -> NDArray[np.float64]:
    """`Σ_c (e − b)_c · ∂ log p_i / ∂e_c`, at `b + share · (e − b)`, for each visual token.

    `e` is a visual token's embedding of c channels, `b` the baseline, and p_i the probability of
    answer token i. Makes one forward pass, and a backward pass for each token; the model's
    parameters need no gradients, and stay as they were. The caller must hold `exclusively(model)`.

    Args:
        frozen: The answer.
        tokens: Indices of explained tokens of the answer.
        baseline: What embeddings are compared with.
        share: Where the gradient is taken between the baseline, 0, and the embeddings, 1.
        progress: Called with the number of passes that are done.

    Returns:
        float64 [tokens, visual], with a sign; frames of a video that share a visual token all
        have its value.

    Raises:
        TokenIndexError: If a token is not part of the answer.
        UnsupportedModelError: If the model has no gradients there.
    """
    places, shared = np.unique(frozen.visual, return_inverse=True)  # frames may share tokens
    entry = _Entry(places, baseline, share)
    model = frozen.model.model
    with torch.inference_mode(False), torch.no_grad(), _without_parameters(model):
        handle = model.get_decoder().register_forward_pre_hook(entry.enter, with_kwargs=True)
        try:
            scores = _log_probabilities(frozen, tokens)
        finally:
            handle.remove()
        progress(1)
        if not entry.points or not scores.requires_grad:
            raise UnsupportedModelError(
                f"{frozen.model.name} computes its answer without gradients of its visual tokens: "
                "choose a method without gradients, such as 'attention' or 'occlusion'"
            )
        found = np.zeros((len(tokens), len(places)))
        for number, score in enumerate(scores):
            more = number + 1 < len(scores)
            gradients = torch.autograd.grad(
                score, entry.points, retain_graph=more, allow_unused=True
            )
            for gradient, step in zip(gradients, entry.steps, strict=True):
                if gradient is not None:
                    product = (gradient.float() * step.float()).sum(dim=-1)
                    found[number] += product.double().cpu().numpy()
            progress(1)
        return found[:, shared]


class _Entry:
    """Puts other embeddings in place of those of visual tokens, as a hook of the decoder.

    Args:
        visual: Positions of the visual tokens, each once, int64 [visual].
        baseline: As for `gradient_products`.
        share: As for `gradient_products`.

    Attributes:
        points: They, [visual, c], from which on gradients are recorded.
        steps: `e − b` for each of them.
    """

    def __init__(self, visual: NDArray[np.int64], baseline: Baseline, share: float) -> None:
        self._visual, self._baseline, self._share = visual, baseline, share
        self.points: list[torch.Tensor] = []
        self.steps: list[torch.Tensor] = []

    def enter(self, _decoder: Any, args: Any, given: dict[str, Any]) -> Any:
        """Called with the decoder's arguments; returns those to go on with."""
        embeddings = given.get("inputs_embeds")
        if embeddings is None or self.points:
            return None
        torch.set_grad_enabled(True)  # until the context around the model's call ends
        visual = torch.as_tensor(self._visual, device=embeddings.device)
        changed = {"inputs_embeds": self._moved(embeddings[0], visual)[None]}
        for name, mask in _ADDED_LATER.items():
            if given.get(name) is not None:
                rows = _rows(given[mask], self._visual)
                changed[name] = _each(given[name], partial(self._moved, rows=rows))
        return args, {**given, **changed}

    def _moved(self, values: torch.Tensor, rows: torch.Tensor) -> torch.Tensor:
        """Values with other ones in the visual tokens' rows, [rows, c]."""
        values = values.detach()
        rows = rows.to(values.device)
        own = values[rows]
        base = own.mean(dim=0) if self._baseline == "mean" else torch.zeros_like(own[0])
        step = own - base
        point = (base + self._share * step).requires_grad_()
        self.points.append(point)
        self.steps.append(step)
        return values.index_copy(0, rows, point)


def _rows(mask: torch.Tensor, visual: NDArray[np.int64]) -> torch.Tensor:
    """Which rows of what is added at a mask's positions belong to the visual tokens."""
    own = mask[0].reshape(mask.shape[1], -1)[:, 0].cpu().numpy()
    return torch.as_tensor(np.searchsorted(np.flatnonzero(own), visual))


def _each(values: Any, change: Callable[[torch.Tensor], torch.Tensor]) -> Any:
    """Changes each tensor of a list or of a dictionary."""
    if isinstance(values, Mapping):
        return {name: change(value) for name, value in values.items()}
    return [change(value) for value in values]


def _log_probabilities(frozen: FrozenAnswer, tokens: Sequence[int]) -> torch.Tensor:
    """Of each token, float32 [tokens]."""
    inputs = frozen.inputs()
    device = inputs["input_ids"].device
    positions = torch.tensor([frozen.position(token) for token in tokens], device=device)
    if "logits_to_keep" in inputs:
        inputs["logits_to_keep"] = positions
    logits = frozen.model.model(**inputs).logits[0]
    logits = logits if "logits_to_keep" in inputs else logits[positions]
    ids = frozen.ids[[token - frozen.prompt_length for token in tokens]].to(logits.device)
    own: torch.Tensor = logits.float().log_softmax(dim=-1).gather(1, ids[:, None])[:, 0]
    return own


@contextmanager
def _without_parameters(model: torch.nn.Module) -> Iterator[None]:
    """Records no gradients of parameters, which would keep each layer's input in memory."""
    trained = {name for name, one in model.named_parameters() if one.requires_grad}
    try:
        _require_gradients(model, trained, needed=False)
        yield
    finally:
        _require_gradients(model, trained, needed=True)


def _require_gradients(model: torch.nn.Module, names: set[str], *, needed: bool) -> None:
    for name, parameter in model.named_parameters():  # anew: offloading replaces parameters
        if name in names:
            parameter.requires_grad_(needed)
