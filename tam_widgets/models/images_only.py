"""Processors for machines without torchvision, which is needed only for videos."""

from __future__ import annotations

from typing import Any


def without_videos(processor_class: Any) -> Any:
    """A processor class that reads pictures with Pillow and has no video part.

    Args:
        processor_class: A processor class whose parts are an image processor, a tokenizer and,
            last and optional, a video processor.
    """

    class ImagesOnly(processor_class):  # type: ignore[misc]
        @classmethod
        def get_attributes(cls) -> list[str]:
            return ["image_processor", "tokenizer"]

    return ImagesOnly


def load_processor(class_name: str, name: str, **options: Any) -> Any:
    """The processor saved with a checkpoint; without torchvision, one that takes no videos.

    Args:
        class_name: Name of the processor's class in transformers.
        name: Name of the checkpoint on the hub, or its folder.
        **options: As for `from_pretrained`.
    """
    import transformers
    from transformers.utils import is_torchvision_available

    found = getattr(transformers, class_name)
    if not is_torchvision_available():
        found = without_videos(found)
    return found.from_pretrained(name, **options)
