"""Words of an explanation, and the same words across explanations.

A tokeniser splits words into pieces, and every model splits differently. Words are therefore taken
from the decoded text, and a word's tokens are those whose character spans overlap with it; nothing
is tokenised again.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from ..errors import OptionError
from .types import Token, TokenKind

Occurrence = list[int | list[int]]
"""``[panel, [token, …]]``: one word of one explanation, as it is sent to the browser."""

_GAP = "\n"
_APOSTROPHES = "'’ʼ"
_HYPHENS = "-‐‑"
_JOINERS = _APOSTROPHES + _HYPHENS
_JOIN_CONTROLS = "\u200c\u200d"
_UNSPACED_SCRIPTS = ("CJK", "HIRAGANA", "KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR")


class HasTokens(Protocol):
    """Anything with explained tokens, such as an explanation."""

    @property
    def tokens(self) -> Sequence[Token]:
        """All explained tokens, in order."""
        ...


@dataclass(frozen=True)
class Word:
    """A word of the prompt or of the answer.

    Attributes:
        text: The word as written, without surrounding spaces or punctuation.
        tokens: Indices of its pieces among the explained tokens, ascending, never empty.
        kind: ``"prompt"`` or ``"answer"``.
    """

    text: str
    tokens: tuple[int, ...]
    kind: TokenKind

    @property
    def key(self) -> str:
        """A key for different spellings of a word: case, width and dash styles are unified."""
        folded = unicodedata.normalize("NFKC", self.text).casefold()
        return "".join("'" if c in _APOSTROPHES else "-" if c in _HYPHENS else c for c in folded)


def words(tokens: Sequence[Token], kind: TokenKind | None = None) -> list[Word]:
    """Groups tokens into words.

    A word is a maximal run of letters, marks and digits; single apostrophes and hyphens inside it
    belong to it ("dog's", "well-known"). Scripts without spaces are split where tokens end.

    Args:
        tokens: All explained tokens of one explanation, in order.
        kind: Which text to use, ``"prompt"`` or ``"answer"``; by default both, prompt first.

    Returns:
        The words in reading order; they contain no special tokens, spaces or punctuation.
    """
    if kind not in (None, "prompt", "answer"):
        raise OptionError(f"kind={kind!r}: give 'prompt' or 'answer'")
    if kind is None:
        return [*words(tokens, "prompt"), *words(tokens, "answer")]
    pieces = [(i, t) for i, t in enumerate(tokens) if t.kind == kind and not t.special]
    text = text_of([token for _, token in pieces])
    cuts = {edge for _, token in pieces for edge in token.span}
    found = []
    first = last = 0  # both spans and words are in order
    for start, end in _runs(text, cuts):
        while first < len(pieces) and pieces[first][1].span[1] < start:
            first += 1
        last = max(first, last)
        while last < len(pieces) and pieces[last][1].span[0] < end:
            last += 1
        near = pieces[first:last]
        touched = tuple(i for i, token in near if _touches(token.span, start, end))
        if touched:
            found.append(Word(text[start:end], touched, kind))
    return found


def texts_of(tokens: Sequence[Token], numbers: Collection[int]) -> list[str]:
    """Texts of the words to which some tokens belong, and of tokens that belong to none.

    Args:
        tokens: All explained tokens of one explanation, in order.
        numbers: Indices of the tokens to name.
    """
    found = {
        min(word.tokens): (word.text, word.tokens)
        for word in words(tokens)
        if not {*word.tokens}.isdisjoint(numbers)
    }
    named = {number for _, own in found.values() for number in own}
    found |= {one: (tokens[one].text.strip(), (one,)) for one in {*numbers} - named}
    return [text for _, (text, _) in sorted(found.items())]


def find(tokens: Sequence[Token], text: str, kind: TokenKind = "answer") -> list[int]:
    """Finds the tokens of a text's first occurrence in the prompt or the answer, ignoring case.

    Args:
        tokens: All explained tokens of one explanation, in order.
        text: A word, a part of one, or a phrase; spaces around it are ignored.
        kind: Where to search, ``"prompt"`` or ``"answer"``.

    Returns:
        Indices of the tokens that overlap with the text, ascending.

    Raises:
        OptionError: If the text is empty or does not occur there.
    """
    if kind not in ("prompt", "answer") or not isinstance(text, str):
        raise OptionError(f"text {text!r:.80} in {kind!r}: give a text, in 'prompt' or 'answer'")
    pieces = [(i, t) for i, t in enumerate(tokens) if t.kind == kind and not t.special]
    whole = text_of([token for _, token in pieces])
    match = re.search(re.escape(text.strip()), whole, re.IGNORECASE) if text.strip() else None
    if match is None:
        raise OptionError(f"{text!r} does not occur in the {kind}: {whole.strip()[:200]!r}")
    return [i for i, token in pieces if _touches(token.span, *match.span())]


def links(explanations: Sequence[HasTokens]) -> list[list[Occurrence]]:
    """Finds the words that several explanations have in common.

    Prompt words are linked with prompt words and answer words with answer words, ignoring case.

    Args:
        explanations: The panels of a comparison, left to right.

    Returns:
        One group for each word that occurs in at least two panels, in order of first appearance;
        its occurrences are ``[panel, [token, …]]``, by panel and then in reading order.
    """
    groups: dict[tuple[TokenKind, str], list[Occurrence]] = {}
    for panel, explanation in enumerate(explanations):
        for word in words(explanation.tokens):
            groups.setdefault((word.kind, word.key), []).append([panel, list(word.tokens)])
    return [group for group in groups.values() if group[0][0] != group[-1][0]]


def span_text(tokens: Sequence[Token], span: Iterable[int]) -> str:
    """The text of some tokens in one line, with dots where others lie between; `js/src` has it too.

    Args:
        tokens: All explained tokens.
        span: Indices of those whose text is wanted.
    """
    parts: list[str] = []
    before: int | None = None
    for token in sorted({*span}):
        apart = before is not None and (
            token != before + 1 or tokens[token].kind != tokens[before].kind
        )
        parts.append(f" … {tokens[token].text}" if apart else tokens[token].text)
        before = token
    return " ".join("".join(parts).split())


def text_of(tokens: Sequence[Token]) -> str:
    """Joins the tokens' texts at their spans; gaps between them become line ends."""
    characters = [_GAP] * max((token.span[1] for token in tokens), default=0)
    for token in tokens:
        start, end = token.span
        characters[start:end] = token.text[: end - start].ljust(end - start, _GAP)
    return "".join(characters)


def _touches(span: tuple[int, int], start: int, end: int) -> bool:
    """Whether a token shares a character with the word, or has an empty span inside it.

    A byte-level token that ends inside a character has an empty span at its start.
    """
    if span[0] == span[1]:
        return start <= span[0] < end
    return span[0] < end and start < span[1]


def _runs(text: str, cuts: set[int]) -> Iterator[tuple[int, int]]:
    start: int | None = None
    for i in range(len(text) + 1):
        inside = i < len(text) and _is_word_character(text, i)
        if start is not None and (not inside or _is_cut(text, i, cuts)):
            yield start, i
            start = None
        if inside and start is None:
            start = i


def _is_word_character(text: str, i: int) -> bool:
    if text[i] in _JOINERS:
        return 0 < i < len(text) - 1 and _is_letter(text[i - 1]) and _is_letter(text[i + 1])
    return _is_letter(text[i])


def _is_letter(character: str) -> bool:
    return unicodedata.category(character)[0] in "LMN" or character in _JOIN_CONTROLS


def _is_cut(text: str, i: int, cuts: set[int]) -> bool:
    return i in cuts and (_is_unspaced(text[i - 1]) or _is_unspaced(text[i]))


def _is_unspaced(character: str) -> bool:
    return unicodedata.name(character, "").startswith(_UNSPACED_SCRIPTS)
