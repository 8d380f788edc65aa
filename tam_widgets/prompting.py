"""From a prompt to the model's input, and back to where the prompt's own words sit in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .errors import ProcessorError, PromptError

Message = Mapping[str, Any]
Prompt = str | Sequence[Message]

_EXPECTED = 'give a text, or chat messages such as [{"role": "user", "content": "What is this?"}]'


@dataclass(frozen=True)
class PromptText:
    """The prompt's words in the model's input.

    Attributes:
        positions: Of their tokens, int64 [n_prompt].
        texts: Each token's share of the prompt; empty for pieces of one character but the first.
    """

    positions: NDArray[np.int64]
    texts: tuple[str, ...]


@dataclass(frozen=True)
class Chat:
    """A conversation as the model's template writes it.

    Attributes:
        text: The whole input text, one placeholder an image.
        spans: Start and end character of each text that the user wrote.
    """

    text: str
    spans: tuple[tuple[int, int], ...]


def as_messages(prompt: Prompt, images: int) -> list[dict[str, Any]]:
    """Chat messages whose contents are lists of parts, with one image part an image.

    Args:
        prompt: A text, or messages of `role` and `content`. Messages without image parts get
            them at the beginning of the first user message.
        images: Number of images.

    Raises:
        PromptError: If the prompt is empty, not text, or names another number of images.
    """
    messages = [{"role": "user", "content": prompt}] if isinstance(prompt, str) else prompt
    if not isinstance(messages, Sequence) or isinstance(messages, bytes) or not messages:
        raise PromptError(f"prompt of type {type(prompt).__name__}: {_EXPECTED}")
    result = [_message(message) for message in messages]
    users = [message for message in result if message["role"] == "user"]
    if not any(part["text"].strip() for m in users for part in m["content"] if "text" in part):
        raise PromptError(f"the prompt is empty: {_EXPECTED}")
    named = sum(part["type"] == "image" for m in result for part in m["content"])
    if named not in (0, images):
        raise PromptError(f"the prompt has {named} image parts, but {images} images were given")
    if named == 0:
        users[0]["content"][:0] = [{"type": "image"} for _ in range(images)]
    return result


def render(messages: Sequence[Message], processor: Any) -> Chat:
    """Writes a conversation with the processor's own chat template.

    Where the user's texts land is found by writing it a second time with marks in their place.

    Raises:
        ProcessorError: If there is no template, or it changes the user's texts.
        PromptError: If a text holds the image placeholder.
    """
    texts = list(_user_texts(messages))
    placeholder = getattr(processor, "image_token", None)
    for text in texts:
        if placeholder and placeholder in text:
            raise PromptError(
                f"the prompt holds the image placeholder {placeholder!r}: leave it out, the chat "
                "template puts it in"
            )
    marks = [f"⟦{number}⟧" for number in range(len(texts))]
    whole, marked = _write(messages, processor), _write(_with_texts(messages, marks), processor)
    pieces, rest = [], marked
    for mark in marks:
        before, found, rest = rest.partition(mark)
        pieces.append(before if found else "\0")
    for candidates in (texts, [text.strip() for text in texts]):
        spans, written = [], ""
        for piece, text in zip(pieces, candidates, strict=True):
            written += piece + text
            spans.append((len(written) - len(text), len(written)))
        if written + rest == whole:
            return Chat(whole, tuple(spans))
    raise ProcessorError(
        f"the chat template of {type(processor).__name__} changes the prompt's text, so its words "
        "cannot be found again: use the template that was saved with the model"
    )


def locate(chat: Chat, input_ids: NDArray[np.int64], image_id: int, tokenizer: Any) -> PromptText:
    """Finds the tokens of the user's texts in the processed input.

    The processor widens each image placeholder to many tokens; the text between keeps its
    tokens, so both sequences are walked side by side.

    Args:
        chat: The conversation before widening.
        input_ids: What the processor made of it, [n_in].
        image_id: Id of the image placeholder.
        tokenizer: The processor's tokenizer, a fast one.

    Raises:
        ProcessorError: If the tokenizer tells no offsets or the sequences do not match.
    """
    if not getattr(tokenizer, "is_fast", False):
        raise ProcessorError(
            f"{type(tokenizer).__name__} tells no character offsets: load the fast tokenizer"
        )
    encoded = tokenizer(chat.text, return_offsets_mapping=True, **text_options(chat, tokenizer))
    moved = _widened(encoded["input_ids"], input_ids.tolist(), image_id)
    positions, texts, told = [], [], 0
    for index, (start, end) in enumerate(encoded["offset_mapping"]):
        for low, high in chat.spans:
            if _belongs(chat.text, (start, end), (low, high)):
                positions.append(moved[index])
                texts.append(chat.text[max(start, low, told) : min(end, high)])
                told = max(told, min(end, high))
    return PromptText(np.array(positions, np.int64), tuple(texts))


def _belongs(text: str, token: tuple[int, int], span: tuple[int, int]) -> bool:
    """Whether a token is part of a span: within it, or sharing more than blanks with it."""
    low, high = max(token[0], span[0]), min(token[1], span[1])
    return low < high and ((low, high) == tuple(token) or bool(text[low:high].strip()))


def text_options(chat: Chat, tokenizer: Any) -> dict[str, bool]:
    """How to tokenise a rendered chat: where the template wrote the first token, none is added."""
    bos = getattr(tokenizer, "bos_token", None)
    return {"add_special_tokens": not (bos and chat.text.startswith(bos))}


def _message(message: Message) -> dict[str, Any]:
    if not isinstance(message, Mapping) or not {"role", "content"} <= set(message):
        raise PromptError(f"chat message {message!r:.80}: `role` and `content` are expected")
    content = message["content"]
    parts = [{"type": "text", "text": content}] if isinstance(content, str) else content
    if not isinstance(parts, Sequence):
        raise PromptError(f"message content of type {type(content).__name__}: {_EXPECTED}")
    return {"role": message["role"], "content": [_part(part) for part in parts]}


def _part(part: Any) -> dict[str, Any]:
    kind = part.get("type") if isinstance(part, Mapping) else None
    if kind == "image":
        return {"type": "image"}
    if kind == "text" and isinstance(part.get("text"), str):
        return {"type": "text", "text": part["text"]}
    raise PromptError(
        f"message part {part!r:.80}: {{'type': 'text', 'text': …}} or {{'type': 'image'}} is "
        "expected"
    )


def _user_texts(messages: Sequence[Message]) -> Iterator[str]:
    for message in messages:
        if message["role"] == "user":
            yield from (part["text"] for part in message["content"] if "text" in part)


def _with_texts(messages: Sequence[Message], texts: Sequence[str]) -> list[dict[str, Any]]:
    new = iter(texts)
    return [
        {
            "role": message["role"],
            "content": [
                {**part, "text": next(new)}
                if "text" in part and message["role"] == "user"
                else part
                for part in message["content"]
            ],
        }
        for message in messages
    ]


def _write(messages: Sequence[Message], processor: Any) -> str:
    try:
        text = processor.apply_chat_template(messages, add_generation_prompt=True, tokenize=False)
    except Exception as error:  # a template is a program: it may raise anything
        raise ProcessorError(
            f"{type(processor).__name__} cannot write the conversation with its chat template "
            f"({error}): use the processor that was saved with the model"
        ) from error
    return str(text)


def _widened(narrow: Sequence[int], wide: Sequence[int], image_id: int) -> list[int]:
    """Where each token of the unprocessed sequence stands in the processed one."""
    moved: list[int] = []
    position = 0
    for index, token in enumerate(narrow):
        if index and narrow[index - 1] == image_id:
            position = _resume(narrow[index:], wide, position, image_id)
        if position >= len(wide) or (token != wide[position] and token != image_id):
            raise ProcessorError(
                "the processor's tokens do not match those of its chat template: use the processor "
                "that was saved with the model"
            )
        moved.append(position)
        position += 1
    return moved


def _resume(narrow: Sequence[int], wide: Sequence[int], position: int, image_id: int) -> int:
    """The position at which the text behind an image goes on."""
    text = list(narrow[: narrow.index(image_id)] if image_id in narrow else narrow)
    if len(text) == len(narrow):
        return len(wide) - len(text)
    while position < len(wide) and list(wide[position : position + len(text)]) != text:
        position += 1
    return position
