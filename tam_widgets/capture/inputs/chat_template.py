"""Renders chat messages with the model's template, and finds their texts in the result.

Templates expect a message's content as a list of parts, as a plain string, or as one or the other
depending on the role, and few say so: a template that expects a string may print a list's Python
representation. Therefore each form is tried. It is the right one if the result contains every text
once, unchanged except for spaces at its ends, and nothing of the messages' own structure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from ...errors import ProcessorError, PromptError
from ...explanation.types import Role
from .prompting import Message, Messages, check_text

Write = Callable[[Messages], str]

_SPEAKERS = ("user", "assistant")
_MEND = "use the chat template that was saved with the model"
_SHOWN = 300


@dataclass(frozen=True)
class Span:
    """One text of the conversation.

    Attributes:
        start: First character in the rendered text.
        stop: Character after its last.
        turn: Number of its message, counting those of user and assistant.
    """

    start: int
    stop: int
    turn: int


@dataclass(frozen=True)
class Chat:
    """A conversation rendered by the model's template.

    Attributes:
        text: The whole input text, with one placeholder for each picture or video.
        spans: Where the texts of user and assistant are, in order.
        roles: The role of each turn.
        answer_gap: Spaces between the input and the first character of a given answer.
    """

    text: str
    spans: tuple[Span, ...]
    roles: tuple[Role, ...]
    answer_gap: str = ""


def render(
    messages: Messages, write: Write, placeholders: Sequence[str], answer: str | None = None
) -> Chat:
    """Renders a conversation with the model's chat template.

    Args:
        messages: As `as_messages` returns them.
        write: The template: messages to text.
        placeholders: What the template writes for a picture or video.
        answer: A given answer. The input then ends with whatever the template puts before an
            assistant's text, such as an empty thought.

    Raises:
        ProcessorError: If there is no template, or no form of the messages makes it write every
            text and nothing else of them.
        PromptError: If a text contains a placeholder, or cannot be tokenised.
    """
    for _, text in _texts(messages):
        check_text(text, placeholders, "the prompt")
    failures: list[_UnfitError] = []
    for strings in _forms(messages):
        form = _Form(messages, strings)
        try:
            text, places = _read(form, write)
        except _UnfitError as error:
            failures.append(error)
            continue
        gap = "" if answer is None else _answer_gap(form, text, answer, write)
        own = gap.rstrip(" \t")  # a space belongs to the word after it
        roles = tuple(messages[number]["role"] for number in _turns(messages))
        return Chat(text + own, _spans(messages, places), roles, gap.removeprefix(own))
    best = min(failures, key=lambda error: error.faults)
    raise ProcessorError(str(best)) from best.__cause__


class _UnfitError(Exception):
    """Why a form is not suitable, and by how much."""

    def __init__(self, message: str, *faults: int) -> None:
        super().__init__(message)
        self.faults = faults


@dataclass(frozen=True)
class _Form:
    """Messages with lists of parts as contents, or strings for text-only messages of some roles."""

    messages: Messages
    strings: frozenset[str]

    def filled(self, texts: Sequence[str], key: str | None = None) -> list[dict[str, Any]]:
        """The messages with these texts, and with an extra key that reveals their structure."""
        new = iter(texts)
        more = {} if key is None else {key: key}

        def content(message: Message) -> Any:
            parts = [
                {**part, "text": next(new)} if part.get("text") else part
                for part in message["content"]
            ]
            if message["role"] in self.strings and _is_text(message):
                return "".join(part["text"] for part in parts)
            return [{**part, **more} for part in parts]

        return [{**message, "content": content(message), **more} for message in self.messages]


def _forms(messages: Messages) -> Iterator[frozenset[str]]:
    """Sets of roles whose texts are plain strings: first none, then one, then several."""
    roles = dict.fromkeys(message["role"] for message in messages if _is_text(message))
    for count in range(len(roles) + 1):
        yield from map(frozenset, combinations(roles, count))


def _read(form: _Form, write: Write) -> tuple[str, list[tuple[int, int]]]:
    """Renders a form, and returns where each text is in the result.

    It is rendered a second time with a mark in place of each text, and another mark as a key that
    no template knows: if that mark is in the result, the template prints the messages themselves.
    """
    texts = [text for _, text in _texts(form.messages)]
    whole = _written(form.filled(texts), write)
    mark = _mark(whole)
    structure = mark.format("-")
    marks = [mark.format(number) for number in range(len(texts))]
    marked = _written(form.filled(marks, structure), write)
    pieces = re.split(mark.format(r"(\d+)"), marked)
    order = [int(number) for number in pieces[1::2]]
    if structure in marked:
        what = "writes the structure of the messages into the text"
        raise _UnfitError(f"the chat template {what}: {whole[:_SHOWN]!r}; {_MEND}", 0, 1)
    _check_order(form.messages, order, whole)
    found = _matched(pieces[::2], [texts[number] for number in order], whole)
    if not found:
        changed = next((n for n, text in enumerate(texts) if text.strip() not in whole), order[0])
        raise _unfit("changes", form.messages, changed, whole)
    return whole, [found.span(1 + order.index(number)) for number in range(len(texts))]


def _check_order(messages: Messages, order: Sequence[int], whole: str) -> None:
    """Raises `_UnfitError` unless every text is written once, and the turns are in order."""
    texts = _texts(messages)
    for number in range(len(texts)):
        if number not in order:
            raise _unfit("leaves out", messages, number, whole)
        if order.count(number) > 1:
            raise _unfit("repeats", messages, number, whole)
    turns = _turns(messages)
    spoken = [number for number in order if texts[number][0] in turns]
    for number, expected in zip(spoken, sorted(spoken), strict=True):
        if number != expected:
            raise _unfit("moves", messages, number, whole)


def _matched(pieces: Sequence[str], texts: Sequence[str], whole: str) -> re.Match[str] | None:
    """Matches the whole as pieces with texts between them, which may have lost outer spaces."""
    pattern = re.escape(pieces[0])
    for text, piece in zip(texts, pieces[1:], strict=True):
        written = dict.fromkeys([text, text.rstrip(), text.lstrip(), text.strip()])
        pattern += f"({'|'.join(map(re.escape, written))}){re.escape(piece)}"
    return re.fullmatch(pattern, whole)


def _answer_gap(form: _Form, whole: str, answer: str, write: Write) -> str:
    """What the template itself puts before an assistant's text, such as a space."""
    texts = [text for _, text in _texts(form.messages)]
    mark = _mark(whole + answer)
    structure, place = mark.format("-"), mark.format("answer")
    said = {"role": "assistant", "content": [{"type": "text", "text": answer}]}
    for strings in (form.strings, form.strings | {"assistant"}):
        longer = _Form([*form.messages, said], strings)
        try:
            marked = write(longer.filled([*texts, place], structure))
            real = write(longer.filled([*texts, answer]))
        except Exception:  # a template is a program and may refuse a final assistant message
            continue
        before, found, after = marked.partition(place)
        if found and structure not in marked and before.startswith(whole):
            # a template may treat some answers differently, such as one that starts with a thought
            return before[len(whole) :] if _matched([before, after], [answer], real) else ""
    return ""


def _mark(text: str) -> str:
    """A pattern for marks that do not occur in a text."""
    opening = "⟦"
    while opening in text:
        opening += "⟦"
    return opening + "{}⟧"


def _is_text(message: Message) -> bool:
    return all("text" in part for part in message["content"])


def _texts(messages: Messages) -> list[tuple[int, str]]:
    """All non-empty texts, each with the index of its message."""
    return [
        (index, part["text"])
        for index, message in enumerate(messages)
        for part in message["content"]
        if part.get("text")
    ]


def _turns(messages: Messages) -> dict[int, int]:
    """Turn numbers of the messages of user and assistant, by the message's index."""
    spoken = [i for i, message in enumerate(messages) if message["role"] in _SPEAKERS]
    return {index: turn for turn, index in enumerate(spoken)}


def _spans(messages: Messages, places: Sequence[tuple[int, int]]) -> tuple[Span, ...]:
    turns = _turns(messages)
    return tuple(
        Span(*place, turns[index])
        for (index, _), place in zip(_texts(messages), places, strict=True)
        if index in turns
    )


def _unfit(does: str, messages: Messages, number: int, whole: str) -> _UnfitError:
    """An error that says what the template does to a text, and quotes its output there."""
    texts = _texts(messages)
    index, text = texts[number]
    role = messages[index]["role"]
    start = max(0, max(whole.find(one) for _, one in texts[: number + 1]) - _SHOWN // 2)
    mend = (
        "write it in a form that the template keeps" if role in _SPEAKERS else "say it as the user"
    )
    return _UnfitError(
        f"the chat template {does} the {role} text {text!r:.80}: it writes "
        f"{whole[start : start + _SHOWN]!r}; {mend}, or {_MEND}",
        0,
        0,
    )


def _written(messages: Messages, write: Write) -> str:
    try:
        return write(messages)
    except PromptError:
        raise
    except Exception as error:  # a template is a program and may raise anything
        raise _UnfitError(
            f"the chat template cannot render the conversation ({error}): change the "
            "messages, or use the processor that was saved with the model",
            1,
            type(error).__name__ != "TemplateError",  # the template's own errors say most
        ) from error
