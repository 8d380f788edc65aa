"""What each decoder layer would have written in an answer token's place."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..errors import OptionError, TokenIndexError
from .record import Record


@dataclass(frozen=True, eq=False)
class LayerCurve:
    """How probable an answer token is after each decoder layer, and what is the first choice.

    Attributes:
        token: Index of the token.
        layers: Numbers of the layers; the last layer's comes last.
        probability: The token's probability after each, 0..1, float64 [layers].
        choice_ids: Ids of the most probable tokens, int64 [layers].
        choices: Their texts.
        first_choice_layer: The first of these layers from which on, up to the last, the token is
            the most probable one; None if it is not so after the last, as may be where the answer
            was given or sampled.

    Example:
        >>> probability, ids = np.array([0.1, 0.4, 0.9]), np.array([5, 7, 7])
        >>> LayerCurve(9, (1, 2, 3), probability, ids, ("cat", "dog", "dog"), 2)
        <LayerCurve of token 9: p = 0.10, 0.40, 0.90 at layers 1, 2, 3; first choice from 2 on>
    """

    token: int
    layers: tuple[int, ...]
    probability: NDArray[np.float64]
    choice_ids: NDArray[np.int64]
    choices: tuple[str, ...]
    first_choice_layer: int | None

    def __repr__(self) -> str:
        shares = ", ".join(f"{share:.2f}" for share in self.probability)
        first = self.first_choice_layer
        since = "not first choice" if first is None else f"first choice from {first} on"
        return (
            f"<{type(self).__name__} of token {self.token}: p = {shares} at layers "
            f"{', '.join(map(str, self.layers))}; {since}>"
        )


def layer_curve(record: Record, token: int) -> LayerCurve:
    """The curve of an answer token over the layers of a record; see `Explanation.layer_curve`."""
    number = record.index(token) - record.prompt_length
    own = record.tokens[record.index(token)]
    if number < 0:
        raise TokenIndexError(
            f"token {token} is part of the prompt, which the model did not choose: give one of the "
            f"answer, {record.prompt_length} to {len(record.tokens) - 1}"
        )
    if not record.layer_log_p.size or record.layer_count is None:
        raise OptionError(
            "this explanation does not contain what other layers than the last would have written: "
            'Explainer.explain_layers(explanation) adds it, and so does explain(…, layers="all")'
        )
    layers = (*record.layers, record.layer_count)
    best = own.candidates[:1]
    ids = [*record.layer_choices[:, number].tolist(), best[0].id if best else own.id]
    before = np.exp(record.layer_log_p[:, number].astype(np.float64))
    return LayerCurve(
        token=record.index(token),
        layers=layers,
        probability=np.append(before, np.nan if own.probability is None else own.probability),
        choice_ids=np.array(ids, np.int64),
        choices=(
            *(record.layer_choice_texts[one] for one in ids[:-1]),
            best[0].text if best else own.text,
        ),
        first_choice_layer=_first_choice_layer(layers, [one == own.id for one in ids]),
    )


def _first_choice_layer(layers: tuple[int, ...], chosen: list[bool]) -> int | None:
    """The layer with which the last unbroken row of choices begins."""
    later = [layer for layer, own in zip(layers, chosen, strict=True) if not own]
    if not chosen[-1]:
        return None
    return layers[layers.index(later[-1]) + 1] if later else layers[0]
