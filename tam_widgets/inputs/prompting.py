"""From a prompt to the conversation as the model's template writes it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..errors import ProcessorError, PromptError
from ..record.parts import Role
from .media import is_video

Message = Mapping[str, Any]
Messages = Sequence[Message]
Prompt = str | Messages

_EXPECTED = 'give a text, or chat messages such as [{"role": "user", "content": "What is this?"}]'
_MEDIA = ("image", "video")
_SPEAKERS = ("user", "assistant")
_ROLES = (*_SPEAKERS, "system", "developer", "tool")


@dataclass(frozen=True)
class Span:
    """One text of the conversation.

    Attributes:
        start: First character in the rendered text.
        stop: Character after its last.
        turn: Number of the message that it is part of, user's and assistant's counted.
    """

    start: int
    stop: int
    turn: int


@dataclass(frozen=True)
class Chat:
    """A conversation as the model's template writes it.

    Attributes:
        text: The whole input text, one placeholder a picture or video.
        spans: Where the texts of user and assistant stand, in order.
        roles: Who speaks in each turn.
        answer_gap: What the template writes between the input and an answer's first character.
    """

    text: str
    spans: tuple[Span, ...]
    roles: tuple[Role, ...]
    answer_gap: str = ""


def as_messages(prompt: Prompt, media: Sequence[Any]) -> tuple[list[dict[str, Any]], list[Any]]:
    """Chat messages whose contents are lists of parts, with one part a picture or video.

    Args:
        prompt: A text, or messages of `role` and `content`. Where no message has an image or
            video part, they are put at the beginning of the first user message.
        media: Sources of pictures and videos given beside the prompt.

    Returns:
        The messages, and the sources in the order of their parts: those given, or those that
        the parts themselves name.

    Raises:
        PromptError: If the prompt is empty, not text, or names another number of pictures or
            videos than are given.
    """
    messages = [{"role": "user", "content": prompt}] if isinstance(prompt, str) else prompt
    if not isinstance(messages, Sequence) or isinstance(messages, bytes) or not messages:
        raise PromptError(f"prompt of type {type(prompt).__name__}: {_EXPECTED}")
    result = [_message(message) for message in messages]
    users = [message for message in result if message["role"] == "user"]
    if not any(part["text"].strip() for m in users for part in m["content"] if "text" in part):
        raise PromptError(f"the prompt is empty: {_EXPECTED}")
    named = [part for message in result for part in message["content"] if part["type"] in _MEDIA]
    if not named:
        kinds = ["video" if is_video(source) else "image" for source in media]
        users[0]["content"][:0] = [{"type": kind} for kind in kinds]
        return result, list(media)
    return result, _in_order(named, list(media))


def render(
    messages: Messages, write: Callable[[Messages], str], placeholders: Sequence[str]
) -> Chat:
    """Writes a conversation with the model's chat template.

    Where the texts land is found by writing it a second time with marks in their place.

    Args:
        messages: As `as_messages` returns them.
        write: The template: messages to text.
        placeholders: What the template writes for a picture or video.

    Raises:
        ProcessorError: If there is no template, or it changes the texts.
        PromptError: If a text holds a placeholder.
    """
    for text in _texts(messages):
        refuse_placeholders(text, placeholders, "the prompt")
    for shaped in (messages, _plain(messages)):
        chat = _rendered(shaped, write)
        if chat is not None:
            return chat
    raise ProcessorError(
        "the chat template changes the prompt's text, so its words cannot be found again: use the "
        "template that was saved with the model"
    )


def refuse_placeholders(text: str, placeholders: Sequence[str], name: str) -> None:
    """Raises `PromptError` where a text holds what stands for a picture."""
    found = next((placeholder for placeholder in placeholders if placeholder in text), None)
    if found:
        raise PromptError(
            f"{name} holds the image placeholder {found!r}: leave it out, the chat template puts "
            "it in"
        )


def _rendered(messages: Messages, write: Callable[[Messages], str]) -> Chat | None:
    texts = list(_texts(messages))
    marks = [f"⟦{number}⟧" for number in range(len(texts))]
    whole = _written(messages, write)
    marked = _written(_with_texts(messages, marks), write)
    pieces, rest = [], marked
    for mark in marks:
        before, found, rest = rest.partition(mark)
        if not found:
            return None
        pieces.append(before)
    turns = [turn for turn, message in enumerate(_spoken(messages)) for _ in _parts(message)]
    for candidates in (texts, [text.strip() for text in texts]):
        spans, written = [], ""
        for piece, text, turn in zip(pieces, candidates, turns, strict=True):
            written += piece + text
            spans.append(Span(len(written) - len(text), len(written), turn))
        if written + rest == whole:
            roles = tuple(message["role"] for message in _spoken(messages))
            return Chat(whole, tuple(spans), roles, _answer_gap(messages, whole, write))
    return None


def _answer_gap(messages: Messages, whole: str, write: Callable[[Messages], str]) -> str:
    """What the template itself puts before an assistant's words, such as a blank."""
    mark = "⟦answer⟧"
    for content in ([{"type": "text", "text": mark}], mark):
        try:
            before, found, _ = write(
                [*messages, {"role": "assistant", "content": content}]
            ).partition(mark)
        except Exception:  # a template is a program: it may refuse a last assistant message
            continue
        if found and before.startswith(whole):
            return before[len(whole) :]
    return ""


def _message(message: Message) -> dict[str, Any]:
    if not isinstance(message, Mapping) or not {"role", "content"} <= set(message):
        raise PromptError(f"chat message {message!r:.80}: `role` and `content` are expected")
    if message["role"] not in _ROLES:
        raise PromptError(f"chat message of role {message['role']!r}: give {', '.join(_ROLES)}")
    content = message["content"]
    parts = [{"type": "text", "text": content}] if isinstance(content, str) else content
    if not isinstance(parts, Sequence):
        raise PromptError(f"message content of type {type(content).__name__}: {_EXPECTED}")
    return {"role": message["role"], "content": [_part(part) for part in parts]}


def _part(part: Any) -> dict[str, Any]:
    kind = part.get("type") if isinstance(part, Mapping) else None
    if kind in _MEDIA:
        return {"type": kind, **{key: part[key] for key in (kind, "url", "path") if key in part}}
    if kind == "text" and isinstance(part.get("text"), str):
        return {"type": "text", "text": part["text"]}
    raise PromptError(
        f"message part {part!r:.80}: {{'type': 'text', 'text': …}}, {{'type': 'image'}} or "
        "{'type': 'video'} is expected"
    )


def _in_order(named: Sequence[dict[str, Any]], given: list[Any]) -> list[Any]:
    """The source of each part: its own, or the next one given of its kind."""
    kinds = {"image": [], "video": []}  # type: dict[str, list[Any]]
    for source in given:
        kinds["video" if is_video(source) else "image"].append(source)
    sources = []
    for part in named:
        kind = part["type"]
        own = [part.pop(key) for key in (kind, "url", "path") if key in part]
        sources += own[:1] or kinds[kind][:1]
        kinds[kind] = kinds[kind] if own else kinds[kind][1:]
    if len(sources) != len(named) or any(kinds.values()):
        parts = [sum(part["type"] == kind for part in named) for kind in _MEDIA]
        videos = sum(map(is_video, given))
        raise PromptError(
            f"the prompt has {parts[0]} image parts and {parts[1]} video parts, but "
            f"{len(given) - videos} images and {videos} videos were given beside it; a part that "
            "names its own picture needs none"
        )
    return sources


def _spoken(messages: Messages) -> Iterator[Message]:
    return (message for message in messages if message["role"] in _SPEAKERS)


def _parts(message: Message) -> list[str]:
    content = message["content"]
    return [content] if isinstance(content, str) else [p["text"] for p in content if "text" in p]


def _texts(messages: Messages) -> Iterator[str]:
    for message in _spoken(messages):
        yield from _parts(message)


def _with_texts(messages: Messages, texts: Sequence[str]) -> list[dict[str, Any]]:
    new = iter(texts)

    def replaced(message: Message) -> dict[str, Any]:
        if message["role"] not in _SPEAKERS:
            return dict(message)
        if isinstance(message["content"], str):
            return {**message, "content": next(new)}
        parts = [{**p, "text": next(new)} if "text" in p else p for p in message["content"]]
        return {**message, "content": parts}

    return [replaced(message) for message in messages]


def _plain(messages: Messages) -> list[dict[str, Any]]:
    """The same with texts alone as strings where nobody shows a picture, as some templates need."""
    return [
        {**m, "content": "".join(_parts(m))}
        if m["role"] != "user" and all("text" in part for part in m["content"])
        else dict(m)
        for m in messages
    ]


def _written(messages: Messages, write: Callable[[Messages], str]) -> str:
    try:
        return write(messages)
    except PromptError:
        raise
    except Exception as error:  # a template is a program: it may raise anything
        raise ProcessorError(
            f"the conversation cannot be written with the chat template ({error}): use the "
            "processor that was saved with the model"
        ) from error
