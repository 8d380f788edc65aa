"""The patch-word loss: visual tokens learn the words of what they show.

A large model has this from pre-training on much text and many pictures; a tiny one has to be
taught it, or it names objects without knowing where they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy
from transformers import PreTrainedTokenizerFast

from tam_widgets.demo.language import Group
from tam_widgets.demo.vocabulary import COLOURS, NOUNS, PLURALS

_SHOWN = 0.35
_EMPTY = 0.1
_EMPTY_WEIGHT = 0.1
_PRESENCE_WEIGHT = 0.12
_BACKGROUND = ("is", "are", "a", "an", "the", "of", "and", "left", "above", "there")


@dataclass(frozen=True)
class PatchTargets:
    """What visual tokens should say, for a batch flattened to [tokens].

    Attributes:
        words: Distribution over the vocabulary, float32 [tokens, vocabulary].
        weight: Weight of each token in the cross-entropy, float32 [tokens].
        presence: Share of the token that each checked word is true of, float32 [tokens, checked].
        known: Where ``presence`` counts, bool [tokens, checked].
        noun: Index into the checked words of the noun shown, -1 where none is, int64 [tokens].
    """

    words: Tensor
    weight: Tensor
    presence: Tensor
    known: Tensor
    noun: Tensor


class PatchWords:
    """Builds targets for visual tokens and measures how well their states meet them."""

    def __init__(self, tokenizer: PreTrainedTokenizerFast) -> None:
        def number(word: str) -> int:
            return int(tokenizer(f" {word}", add_special_tokens=False).input_ids[-1])

        self._number = number
        self._size = len(tokenizer)
        checked = (*NOUNS, *PLURALS.values(), *COLOURS)
        self._column = {word: column for column, word in enumerate(checked)}
        self._checked = torch.tensor([number(word) for word in checked])
        self._function = torch.tensor([number(word) for word in _BACKGROUND])

    def targets(self, groups: Sequence[tuple[Group, ...]], cover: Tensor) -> PatchTargets:
        """Builds the targets of a batch.

        Args:
            groups: The groups of each picture.
            cover: Share of each token that each group covers, [batch, visual, 3].
        """
        rows = len(groups)
        says = torch.zeros(rows, 4, self._size)
        has = torch.zeros(rows, 3, len(self._column))
        blind = torch.zeros(rows, 3, len(self._column))
        nouns = torch.full((rows, 4), -1)
        says[:, 3, self._function] = 1 / len(self._function)
        for row, shown in enumerate(groups):
            for k, group in enumerate(shown):
                self._say(group, says[row, k])
                self._know(group, has[row, k], blind[row, k])
                nouns[row, k] = self._column[group.word]
        share, which = cover.max(dim=-1)
        which = which.where(share > _SHOWN, 3)
        picked = which.unsqueeze(-1).expand(-1, -1, self._size)
        weight = (share > _SHOWN).float() + _EMPTY_WEIGHT * (cover.sum(-1) < _EMPTY).float()
        return PatchTargets(
            words=says.gather(1, picked).flatten(0, 1),
            weight=weight.flatten(),
            presence=(cover @ has).flatten(0, 1),
            known=((cover @ blind) == 0).flatten(0, 1),
            noun=nouns.gather(1, which).flatten(),
        )

    def _say(self, group: Group, row: Tensor) -> None:
        row[self._number(group.determiner)] += 0.1
        row[self._number("the")] += 0.05
        row[self._number(group.word)] += 0.7 if group.colour else 0.85
        if group.colour:
            row[self._number(group.colour)] += 0.15

    def _know(self, group: Group, has: Tensor, blind: Tensor) -> None:
        """A word in the other number, or a colour of an unpainted object, is not judged."""
        has[self._column[group.word]] = 1
        other = PLURALS[group.noun] if group.word == group.noun else group.noun
        blind[self._column[other]] = 1
        if group.colour:
            has[self._column[group.colour]] = 1
        else:
            blind[[self._column[colour] for colour in COLOURS]] = 1

    def loss(self, logits: Tensor, targets: PatchTargets) -> Tensor:
        """Patch-word loss of visual tokens' logits [tokens, vocabulary].

        The cross-entropy says which word fits best; the binary cross-entropy puts the logits of
        nouns and colours under 0 where they are not seen, since activation maps cut at 0.
        """
        spread = cross_entropy(logits, targets.words, reduction="none")
        words = (spread * targets.weight).sum() / targets.weight.sum()
        wrong = binary_cross_entropy_with_logits(
            logits[:, self._checked], targets.presence, reduction="none"
        )
        return words + _PRESENCE_WEIGHT * (wrong * targets.known).sum() / len(wrong)

    @torch.no_grad()
    def accuracy(self, logits: Tensor, targets: PatchTargets) -> float:
        """Share of the tokens on an object whose best noun is that object's."""
        shown = targets.noun >= 0
        nouns = logits[shown][:, self._checked[: 2 * len(NOUNS)]].argmax(-1)
        return float((nouns == targets.noun[shown]).float().mean())
