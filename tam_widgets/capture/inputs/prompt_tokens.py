"""Finds the tokens of a conversation's texts in the processor's output."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...errors import ProcessorError
from .chat_template import Chat, Span

Offsets = tuple[int, int]

# Tokens at a segment's edges that may change when a placeholder is expanded: line ends merge.
_EDGE = 4


@dataclass(frozen=True)
class PromptTokens:
    """The tokens of the conversation's texts in the model's input.

    Attributes:
        positions: Their positions, int64 [n_prompt].
        texts: Each token's part of the text; empty for all but the first piece of a character.
        turns: Number of the turn of each token.
        breaks: Indices of the tokens that begin a new text.
    """

    positions: NDArray[np.int64]
    texts: tuple[str, ...]
    turns: tuple[int, ...]
    breaks: frozenset[int] = frozenset()


@dataclass(frozen=True)
class _Segment:
    """Tokens between two placeholders; those from `first` to `last` belong to texts."""

    ids: list[int]
    start: int
    first: int
    last: int


def locate(
    chat: Chat,
    input_ids: NDArray[np.int64],
    ends: Sequence[int],
    marker_id: int,
    tokenizer: Any,
) -> PromptTokens:
    """Finds the tokens of the conversation's texts in the processed input.

    The processor expands each placeholder to many tokens; the text in between keeps its tokens,
    except for the template's own at its edges. Each stretch of text is searched for after the last
    visual token of the picture before it.

    Args:
        chat: The conversation before expansion, as `with_markers` returns it.
        input_ids: The ids from the processor, [n_in].
        ends: Position after the last visual token of each picture or video, in order.
        marker_id: Id of the token that stands for each placeholder.
        tokenizer: The processor's tokenizer, a fast one.

    Raises:
        ProcessorError: If the tokenizer returns no offsets, or the sequences do not match.
    """
    if not getattr(tokenizer, "is_fast", False):
        raise ProcessorError(
            f"{type(tokenizer).__name__} returns no character offsets: load the fast tokenizer"
        )
    encoded = tokenizer(chat.text, return_offsets_mapping=True, **text_options(chat, tokenizer))
    offsets = [tuple(pair) for pair in encoded["offset_mapping"]]
    words = list(_words(chat, offsets))
    inside = {word.token for word in words}
    moved = _moved(encoded["input_ids"], inside, marker_id, input_ids, ends)
    spans = [word.span for word in words]
    return PromptTokens(
        positions=np.array([moved[word.token] for word in words], np.int64),
        texts=tuple(word.text for word in words),
        turns=tuple(span.turn for span in spans),
        breaks=frozenset(i for i in range(1, len(spans)) if spans[i] != spans[i - 1]),
    )


def with_markers(chat: Chat, placeholders: Sequence[str], mark: str) -> Chat:
    """Replaces each placeholder by one known token.

    A placeholder may not be a token itself if the processor replaces it before tokenising.

    Args:
        chat: The conversation before expansion.
        placeholders: What the template writes for a picture or video.
        mark: A token that never occurs in a text.
    """
    pattern = "|".join(re.escape(name) for name in sorted(placeholders, key=len, reverse=True))
    holes = [match.span() for match in re.finditer(pattern, chat.text)]

    def moved(place: int) -> int:
        return place + sum(len(mark) - (stop - start) for start, stop in holes if stop <= place)

    spans = tuple(
        replace(span, start=moved(span.start), stop=moved(span.stop)) for span in chat.spans
    )
    return replace(chat, text=re.sub(pattern, lambda _: mark, chat.text), spans=spans)


def text_options(chat: Chat, tokenizer: Any) -> dict[str, bool]:
    """Options for tokenising a rendered chat: special tokens are added unless it has them."""
    bos = getattr(tokenizer, "bos_token", None)
    return {"add_special_tokens": not (bos and chat.text.startswith(bos))}


class _Word(NamedTuple):
    """A token of a text: its number, its part of the text, and which text it is."""

    token: int
    text: str
    span: Span


def _words(chat: Chat, offsets: Sequence[Offsets]) -> Iterator[_Word]:
    told = 0
    for index, (start, end) in enumerate(offsets):
        for span in chat.spans:
            if _belongs(chat.text, (start, end), (span.start, span.stop)):
                text = chat.text[max(start, span.start, told) : min(end, span.stop)]
                told = max(told, min(end, span.stop))
                yield _Word(index, text, span)


def _belongs(text: str, token: Offsets, span: Offsets) -> bool:
    """Whether a token belongs to a span: it is inside, or shares more than spaces with it."""
    low, high = max(token[0], span[0]), min(token[1], span[1])
    return low < high and ((low, high) == tuple(token) or bool(text[low:high].strip()))


def _moved(
    narrow: list[int],
    words: set[int],
    marker_id: int,
    input_ids: NDArray[np.int64],
    ends: Sequence[int],
) -> dict[int, int]:
    """Maps the tokens of texts from the unprocessed sequence to the processed one."""
    segments = list(_segments(narrow, words, marker_id))
    if len(segments) != len(ends) + 1:
        raise ProcessorError(
            f"the chat template wrote {len(segments) - 1} placeholders for {len(ends)} pictures: "
            "use the processor that was saved with the model"
        )
    wide = input_ids.tolist()
    moved: dict[int, int] = {}
    for segment, floor in zip(segments, [0, *ends], strict=True):
        if segment.first <= segment.last:
            shift = _found(segment, wide, floor) - segment.start
            moved |= {i: i + shift for i in range(segment.first, segment.last + 1)}
    return moved


def _segments(narrow: list[int], words: set[int], marker_id: int) -> Iterator[_Segment]:
    holes = [i for i, token_id in enumerate(narrow) if token_id == marker_id]
    for start, stop in zip([0, *(i + 1 for i in holes)], [*holes, len(narrow)], strict=True):
        inside = [i for i in range(start, stop) if i in words] or [stop, start - 1]
        yield _Segment(narrow[start:stop], start, inside[0], inside[-1])


def _found(segment: _Segment, wide: list[int], floor: int) -> int:
    """Where a segment begins in the processed sequence; its edges may differ."""
    left = min(_EDGE, segment.first - segment.start)
    right = min(_EDGE, segment.start + len(segment.ids) - 1 - segment.last)
    trims = sorted(((a, b) for a in range(left + 1) for b in range(right + 1)), key=sum)
    for a, b in trims:
        core = segment.ids[a : len(segment.ids) - b]
        for position in range(floor, len(wide) - len(core) + 1):
            if wide[position] == core[0] and wide[position : position + len(core)] == core:
                return position - a
    raise ProcessorError(
        "the processor's tokens do not match those of its chat template: use the processor that "
        "was saved with the model"
    )
