"""Turns a prompt into chat messages and their pictures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...errors import PromptError
from ..texts import lone_surrogate
from .media import is_video

Message = Mapping[str, Any]
Messages = Sequence[Message]
Prompt = str | Messages

_EXPECTED = 'give a text, or chat messages such as [{"role": "user", "content": "What is this?"}]'
_MEDIA = ("image", "video")
_ROLES = ("user", "assistant", "system", "developer", "tool")


def as_messages(prompt: Prompt, media: Sequence[Any]) -> tuple[list[dict[str, Any]], list[Any]]:
    """Turns a prompt into messages of parts, with one part for each picture or video.

    Args:
        prompt: A text, or messages of `role` and `content`. If no message has an image or
            video part, they are put at the start of the first user message.
        media: Sources of pictures and videos given with the prompt.

    Returns:
        The messages, and the sources in the order of their parts: those given, or those that
        the parts name.

    Raises:
        PromptError: If the prompt is empty, is not text, or has a different number of pictures or
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


def check_text(text: str, placeholders: Sequence[str], name: str) -> None:
    """Refuses a text of the conversation that cannot be used unchanged.

    Raises:
        PromptError: If it contains a picture's placeholder, or cannot be tokenised.
    """
    found = next((placeholder for placeholder in placeholders if placeholder in text), None)
    if found:
        raise PromptError(
            f"{name} contains the image placeholder {found!r}: leave it out, the chat template "
            "adds it"
        )
    character = lone_surrogate(text)
    if character:
        raise PromptError(
            f"{name} contains {character!r} at character {text.index(character)}, which "
            "tokenizers cannot read: leave it out"
        )


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
    """The source of each part: its own, or the next given one of its type."""
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
            f"{len(given) - videos} images and {videos} videos were given with it; a part that "
            "names its own picture needs none"
        )
    return sources
