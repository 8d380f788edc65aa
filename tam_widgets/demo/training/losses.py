"""The patch-word loss: visual tokens learn the words for what they show.

A large model has this from pre-training on much text and many pictures; a tiny one has to be
taught it, or it names objects without knowing where they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy
from transformers import PreTrainedTokenizerFast

from tam_widgets.demo.language import Group
from tam_widgets.demo.vocabulary import NOUNS, PLURALS

_SHOWN = 0.35
_EMPTY = 0.1
_EMPTY_WEIGHT = 0.1
_BACKGROUND = ("is", "are", "a", "an", "the", "of", "and", "left", "above", "there")


@dataclass(frozen=True)
class PatchTargets:
    """What visual tokens should say, for a batch flattened to [tokens].

    Attributes:
        words: Distribution over the vocabulary, float32 [tokens, vocabulary].
        weight: Weight of each token in the cross-entropy, float32 [tokens].
        noun: Index of the noun shown, singulars before plurals, or -1 for none,
            int64 [tokens].
    """

    words: Tensor
    weight: Tensor
    noun: Tensor


class PatchWords:
    """Builds targets for visual tokens and measures how well their states meet them."""

    def __init__(self, tokenizer: PreTrainedTokenizerFast) -> None:
        def number(word: str) -> int:
            return int(tokenizer(f" {word}", add_special_tokens=False).input_ids[-1])

        self._number = number
        self._size = len(tokenizer)
        nouns = (*NOUNS, *PLURALS.values())
        self._column = {word: column for column, word in enumerate(nouns)}
        self._nouns = torch.tensor([number(word) for word in nouns])
        self._function = torch.tensor([number(word) for word in _BACKGROUND])

    def targets(self, groups: Sequence[tuple[Group, ...]], cover: Tensor) -> PatchTargets:
        """Builds the targets of a batch.

        Args:
            groups: The groups of each picture.
            cover: Share of each token covered by each group, [batch, visual, 3].
        """
        rows = len(groups)
        says = torch.zeros(rows, 4, self._size)
        nouns = torch.full((rows, 4), -1)
        says[:, 3, self._function] = 1 / len(self._function)
        for row, shown in enumerate(groups):
            for k, group in enumerate(shown):
                self._say(group, says[row, k])
                nouns[row, k] = self._column[group.word]
        share, which = cover.max(dim=-1)
        which = which.where(share > _SHOWN, 3)
        picked = which.unsqueeze(-1).expand(-1, -1, self._size)
        weight = (share > _SHOWN).float() + _EMPTY_WEIGHT * (cover.sum(-1) < _EMPTY).float()
        return PatchTargets(
            words=says.gather(1, picked).flatten(0, 1),
            weight=weight.flatten(),
            noun=nouns.gather(1, which).flatten(),
        )

    def _say(self, group: Group, row: Tensor) -> None:
        row[self._number(group.determiner)] += 0.1
        row[self._number("the")] += 0.05
        row[self._number(group.word)] += 0.7 if group.colour else 0.85
        if group.colour:
            row[self._number(group.colour)] += 0.15

    def loss(self, logits: Tensor, targets: PatchTargets) -> Tensor:
        """Patch-word loss for the logits of visual tokens, [tokens, vocabulary]."""
        spread = cross_entropy(logits, targets.words, reduction="none")
        return (spread * targets.weight).sum() / targets.weight.sum()

    @torch.no_grad()
    def accuracy(self, logits: Tensor, targets: PatchTargets) -> float:
        """Of the tokens on an object, the share whose most probable noun is that object's."""
        shown = targets.noun >= 0
        nouns = logits[shown][:, self._nouns].argmax(-1)
        return float((nouns == targets.noun[shown]).float().mean())
