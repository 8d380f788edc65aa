"""Which tokens views show before anybody chose one; `js/src` has the same rule."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import cast

import numpy as np
from numpy.typing import NDArray

from ..attribution.interference import Floats
from ..contract import CONTRACT
from ..explanation.content_words import content_words, is_content
from ..explanation.explanation import Explanation
from ..explanation.types import Token
from ..explanation.word_changes import replacements
from ..explanation.words import Word, links
from .colormaps import LEAST_END
from .stills.tiling import drawn

Group = Sequence[tuple[int, list[int]]]
"""All occurrences of a word that panels share: (panel, tokens) pairs."""
SharedWord = dict[int, list[int]]
"""A word that panels share: in each panel the tokens of its first occurrence."""


MOST_VALUES = 2**25
"""Values of the maps of all tokens up to which they are computed here."""


def shown_at_rest(
    explanations: Sequence[Explanation], changed: Sequence[Sequence[int]] = ()
) -> list[list[int]]:
    """What the panels of a view show at rest: words that the picture activates most.

    That is the largest activation before any normalisation, which sets objects apart from function
    words. A word whose map can hardly be seen, since earlier words explain it, counts as 0. A step
    and the explanation that it was made from show words that differ, if any of them counts.

    Args:
        explanations: One panel each, left to right.
        changed: As for `encode`.

    Returns:
        For each panel one token, or none if no token is readable.
    """
    readable = [[is_readable(token) for token in one.tokens] for one in explanations]
    shared = cast("list[Group]", links(explanations))
    known = {id(one): one for one in explanations}
    strengths = {key: evidence_of(one) for key, one in known.items()}
    shown = [strengths[id(one)] for one in explanations]
    rest = at_rest(shown, readable, shared)
    if len(explanations) != 2 or not any(changed):
        return rest
    differing = changed_at_rest(replacements(*explanations), shown, readable)
    return [own or other for own, other in zip(differing, rest, strict=True)]


def changed_at_rest(
    runs: Sequence[tuple[Sequence[Word], Sequence[Word]]],
    strengths: Sequence[Floats],
    readable: Sequence[Sequence[bool]],
) -> list[list[int]]:
    """The strongest new content word of a step, and the strongest one that stood in its place.

    Args:
        runs: Words that differ, as `replacements` finds them.
        strengths: As for `at_rest`, of the explanation before and of the step.
        readable: As for `at_rest`.

    Returns:
        For both one token, or none where no content word differs; and for both none if neither's
        map can be seen. Where nothing stood in the place of the new word, the strongest word of
        the answer before that is gone.
    """

    def strongest(panel: int, words: Iterable[Word]) -> list[int]:
        tokens = [
            next(token for token in word.tokens if readable[panel][token])
            for word in words
            if is_content(word) and any(readable[panel][token] for token in word.tokens)
        ]
        return sorted(tokens, key=lambda token: -strengths[panel][token])[:1]

    new = strongest(1, (word for _, now in runs for word in now))
    gone = [strongest(0, before) for before, now in runs if new and new[0] in _tokens_of(now)]
    before = gone[0] if gone else []
    before = before or strongest(0, (word for run, _ in runs for word in run))
    seen = any(
        strengths[panel][token] > 0 for panel, own in enumerate([before, new]) for token in own
    )
    return [before, new] if seen else [[], []]


def _tokens_of(words: Iterable[Word]) -> set[int]:
    return {token for word in words for token in word.tokens}


def evidence_of(explanation: Explanation) -> Floats:
    """The largest activation of each token, [tokens]; 0 where its map can hardly be seen.

    Without activations it is the largest value of its map, and 0 for function words.
    """
    visible = drawn(explanation)
    if not explanation.has_activations:
        return _strongest_content(explanation, visible)
    strengths: Floats = explanation.activations[:, visible].max(axis=1).clip(0)
    if explanation.activations.size > MOST_VALUES:
        return strengths
    seen = explanation.maps()[:, visible].max(axis=1) >= LEAST_END
    return np.where(seen, strengths, np.float32(0))


def _strongest_content(explanation: Explanation, visible: NDArray[np.intp]) -> Floats:
    """The largest value of the map of each token of a content word; of all, if there is none."""
    largest: Floats = explanation.maps()[:, visible].max(axis=1).clip(0)
    content = [token for word in content_words(explanation) for token in word.tokens]
    chosen = np.zeros_like(largest)
    chosen[content] = largest[content]
    return chosen if chosen.any() else largest


def at_rest(
    strengths: Sequence[Floats], readable: Sequence[Sequence[bool]], links: Sequence[Group]
) -> list[list[int]]:
    """A word that many panels show strongly, and in panels without it their strongest token.

    Of the words that panels share, those count that are strong enough in each of their panels:
    their first token has more than half the strength of the panel's strongest. The word of most
    panels is shown; of several, the one whose weakest panel shows it most strongly; then the first.

    Args:
        strengths: Of each panel the strength of every token, from 0, [tokens].
        readable: Of each panel which tokens may stand for its answer, as `is_readable` tells.
        links: Words that panels share, as `links` finds them.

    Returns:
        For each panel one token, or none if no token is readable.
    """
    panels = [
        np.where(fit, np.asarray(strength, np.float64), -1.0)
        for strength, fit in zip(strengths, readable, strict=True)
    ]

    def share(word: SharedWord) -> float:
        """Smallest strength of the word in a panel, as a share of that panel's strongest."""
        return min(
            float(panels[panel][tokens[0]] / (abs(panels[panel].max()) or 1))
            for panel, tokens in word.items()
        )

    shared = [dict(reversed(group)) for group in links]
    words = [word for word in shared if share(word) > CONTRACT.shared_word_from]
    best = max(words, key=lambda word: (len(word), share(word)), default={})
    return [
        best[panel][:1] if panel in best else [int(strength.argmax())] if any(fit) else []
        for panel, (strength, fit) in enumerate(zip(panels, readable, strict=True))
    ]


def is_readable(token: Token) -> bool:
    """Whether a token is text of the answer with a letter or a digit."""
    own = token.kind == "answer" and not token.special
    return own and any(character.isalnum() for character in token.text)
