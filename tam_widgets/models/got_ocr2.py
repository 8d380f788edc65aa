"""GOT-OCR 2: the whole picture squeezed to a square; tiles of it where these are switched on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from .family import Messages
from .medium import Medium
from .tiles import Shape, Tiled


class GotOcr2(Tiled):
    """No chat template: prompts are written as the processor writes its own.

    Two convolutions of stride 2 make a token of 4 × 4 patches. It leans by 3/8 of a cell to the
    left and up, which its grid does not tell.
    """

    name = "got_ocr2"
    model_types = ("got_ocr2",)

    def tiles(self, inputs: Mapping[str, Any], medium: Medium, processor: Any) -> Shape:
        """The arrangement nearest to the picture's proportions, where the processor cuts it."""
        if not processor.image_processor.crop_to_patches:
            return 1, 1
        return super().tiles(inputs, medium, processor)

    def merge(self, config: Any) -> int:
        """Patches a side that the projector joins."""
        return 4

    def write(self, messages: Messages, processor: Any) -> str:
        """Turns between marks, behind the processor's system prompt or another one."""
        begin, end = processor.message_start_token, processor.message_end_token
        turns = [f"{m['role']}\n{_written(m['content'], processor)}" for m in messages]
        if messages[0]["role"] != "system":
            turns.insert(0, processor.system_query)
        return "".join(f"{begin}{turn}{end}" for turn in turns) + f"{begin}assistant\n"

    def process(
        self, processor: Any, text: str, media: Sequence[Medium], **options: Any
    ) -> Mapping[str, Any]:
        """The output of the processor's parts: older ones do not expand a given text."""
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
    """A message's texts and pictures; pictures that follow one another share their marks."""
    written = ""
    for part_type, parts in groupby(content, lambda part: part["type"]):
        if part_type == "text":
            written += "".join(part["text"] for part in parts)
        else:
            pads = processor.image_token * len(list(parts))
            written += f"{processor.img_start_token}{pads}{processor.img_end_token}\n"
    return written
