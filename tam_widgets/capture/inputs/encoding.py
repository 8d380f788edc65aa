"""Encodes a conversation as a model's input, and locates its pictures and texts there."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from ...errors import ImageError, PromptError
from ...explanation.geometry import Grid
from ...models import Family
from ...models.medium import Medium
from ..model_access import input_device, is_out_of_memory
from .chat_template import Chat, render
from .media import is_video, load_media
from .prompt_tokens import PromptTokens, locate, text_options, with_markers
from .prompting import Prompt, as_messages, check_text


@dataclass(frozen=True, eq=False)
class Encoded:
    """A model's input, with the positions of pictures and texts in it.

    Attributes:
        prompt: The prompt as given, or as messages.
        chat: The conversation as rendered by the template.
        media: Its pictures and videos, in order.
        inputs: The processor's tensors for one sequence, on the model's device.
        grids: Where the visual tokens are on the pictures.
        visual: Their positions, int64 [visual].
        prompt_tokens: The tokens of the conversation's texts.
        answer: The text of an answer for which the template ended the input; None if it ends where
            the model's own answer begins.
    """

    prompt: Any
    chat: Chat
    media: tuple[Medium, ...]
    inputs: Mapping[str, Any]
    grids: tuple[Grid, ...]
    visual: NDArray[np.int64]
    prompt_tokens: PromptTokens
    answer: str | None = None

    @property
    def input_ids(self) -> NDArray[np.int64]:
        """Ids of the whole input, int64 [n_in]."""
        ids: NDArray[np.int64] = self.inputs["input_ids"][0].cpu().numpy()
        return ids


def encode(
    family: Family,
    model: Any,
    processor: Any,
    prompt: Prompt,
    sources: Sequence[Any],
    answer: str | None = None,
) -> Encoded:
    """Encodes a prompt and its pictures as a model's input.

    Args:
        family: The model's family.
        model: A transformers model.
        processor: Its processor.
        prompt: A text, or chat messages.
        sources: Sources of pictures and videos given with the prompt.
        answer: A given answer, or its beginning, if the model is not to write all of it.

    Raises:
        ImageError: If a picture or video cannot be opened or is refused by the processor, or none
            is given.
        PromptError: If the prompt is empty or does not fit the pictures.
        ProcessorError: If the processor's token layout is unknown, or its template does not write
            the conversation as given.
        MissingExtraError: If a video is given and no package that can read it is installed.
    """
    placeholders = family.placeholders(processor)
    if answer is not None:
        if not isinstance(answer, str):
            raise PromptError(f"answer of type {type(answer).__name__}: give a text")
        check_text(answer, placeholders, "the answer")
    messages, sources = as_messages(prompt, sources)
    if not sources:
        raise ImageError("no image was given: give a path, a URL, bytes, a PIL image or an array")
    parts = [part for message in messages for part in message["content"]]
    if any(map(is_video, sources)) or any(part["type"] == "video" for part in parts):
        family.check_video(processor)
    chat = render(messages, partial(family.write, processor=processor), placeholders, answer)
    media = load_media(_as_written(chat.text, sources, placeholders), processor)
    given = prompt if isinstance(prompt, str) else messages
    return replace(encode_chat(family, model, processor, given, chat, media), answer=answer)


def encode_chat(
    family: Family,
    model: Any,
    processor: Any,
    prompt: Any,
    chat: Chat,
    media: tuple[Medium, ...],
) -> Encoded:
    """Encodes a conversation that the template has rendered; as for `encode`.

    Args:
        family: The model's family.
        model: A transformers model.
        processor: Its processor.
        prompt: The prompt as given, or as messages.
        chat: The conversation as rendered by the template.
        media: Its pictures and videos, in order.

    Raises:
        ImageError: If the processor refuses the pictures.
        ProcessorError: If the processor's token layout is unknown.
    """
    inputs = processed(family, processor, chat, media, model)
    ids = inputs["input_ids"][0].cpu().numpy()
    grids = family.grids(inputs, media, model.config, processor)
    visual = family.visual_positions(inputs, grids, model.config)
    tokenizer, placeholders = processor.tokenizer, family.placeholders(processor)
    marker_id = family.image_token_id(model.config)
    known = with_markers(chat, placeholders, tokenizer.convert_ids_to_tokens(marker_id))
    prompt_tokens = locate(known, ids, _ends(media, grids, visual), marker_id, tokenizer)
    return Encoded(prompt, chat, media, inputs, grids, visual, prompt_tokens)


def _as_written(text: str, sources: Sequence[Any], placeholders: Sequence[str]) -> Sequence[Any]:
    """Sources in the order of the template, which may write pictures before videos."""
    picture, video = placeholders[0], placeholders[-1]
    named = re.findall(f"{re.escape(picture)}|{re.escape(video)}", text)
    videos = [source for source in sources if is_video(source)]
    if picture == video or named.count(video) != len(videos) or len(named) != len(sources):
        return sources
    pictures = iter([source for source in sources if not is_video(source)])
    rest = iter(videos)
    return [next(rest if name == video else pictures) for name in named]


def processed(
    family: Family, processor: Any, chat: Chat, media: Sequence[Medium], model: Any
) -> dict[str, Any]:
    """The processor's tensors for one conversation, on the model's device.

    Raises:
        ImageError: If the processor refuses the pictures.
    """
    try:
        made = family.process(
            processor, chat.text, media, **text_options(chat, processor.tokenizer)
        )
    except (
        ValueError,
        RuntimeError,
    ) as error:  # of the processor, or of its tensors
        if is_out_of_memory(error):
            raise
        raise ImageError(
            f"{type(processor).__name__} refuses {', '.join(map(str, media))}: {error}"
        ) from error
    device, dtype = input_device(model), model.dtype  # each access searches the model
    return {
        name: _placed(value, device, dtype)
        for name, value in made.items()
        if name != "video_metadata"  # meant for the processor, not the model
    }


def _placed(value: Any, device: torch.device, dtype: torch.dtype) -> Any:
    if not isinstance(value, torch.Tensor):
        return value
    return value.to(device, dtype if value.is_floating_point() else None)


def _ends(media: Sequence[Medium], grids: Sequence[Grid], visual: NDArray[np.int64]) -> list[int]:
    """Position after the last visual token of each picture or video."""
    images = np.repeat([grid.image for grid in grids], [grid.size for grid in grids])
    ends = []
    for medium in media:
        own = (images >= medium.first) & (images < medium.first + len(medium.pictures))
        ends.append(int(visual[own].max()) + 1)
    return ends
