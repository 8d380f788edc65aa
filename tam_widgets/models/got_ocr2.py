"""GOT-OCR 2: the whole picture squeezed to a square, optionally with tiles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from .family import Messages
from .medium import Medium
from .tiles import Shape, Tiled


class GotOcr2(Tiled):
    """There is no chat template: prompts are written like the processor's own.

    Two convolutions of stride 2 turn 4 × 4 patches into a token. Its receptive field is shifted to
    the left and up by 3/8 of a cell, which its grid does not show.
    """

    name = "got_ocr2"
    model_types: tuple[str, ...] = ("got_ocr2",)

    def tiles(self, inputs: Mapping[str, Any], medium: Medium, processor: Any) -> Shape:
        """The arrangement nearest to the picture's proportions, if the processor makes tiles."""
        if not processor.image_processor.crop_to_patches:
            return 1, 1
        return super().tiles(inputs, medium, processor)

    def merge(self, config: Any) -> int:
        """Side in patches of the squares that the projector merges."""
        return 4

    def write(self, messages: Messages, processor: Any) -> str:
        """Turns between their markers, after the given system prompt or the processor's."""
        begin, end = processor.message_start_token, processor.message_end_token
        turns = [f"{m['role']}\n{_written(m['content'], processor)}" for m in messages]
        if messages[0]["role"] != "system":
            turns.insert(0, processor.system_query)
        return "".join(f"{begin}{turn}{end}" for turn in turns) + f"{begin}assistant\n"

    def process(
        self, processor: Any, text: str, media: Sequence[Medium], **options: Any
    ) -> Mapping[str, Any]:
        """Calls the processor's parts: older processors do not expand a given text."""
        if any(medium.is_video for medium in media):
            return super().process(processor, text, media, **options)
        pictures = processor.image_processor(
            [medium.pictures[0] for medium in media], return_tensors="pt"
        )
        token, count = processor.image_token, getattr(processor, "num_image_tokens", 256)
        before, *rest = text.split(token)
        tiles = [int(number) for number in pictures["num_patches"]]
        text = before + "".join(
            token * count * number + part for number, part in zip(tiles, rest, strict=True)
        )
        words = processor.tokenizer([text], return_tensors="pt", **options)
        return {**words, "pixel_values": pictures["pixel_values"]}


def _written(content: Any, processor: Any) -> str:
    """A message's texts and pictures; consecutive pictures share their markers."""
    written = ""
    for part_type, parts in groupby(content, lambda part: part["type"]):
        if part_type == "text":
            written += "".join(part["text"] for part in parts)
        else:
            pads = processor.image_token * len(list(parts))
            written += f"{processor.img_start_token}{pads}{processor.img_end_token}\n"
    return written
