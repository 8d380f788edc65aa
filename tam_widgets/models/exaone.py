"""EXAONE 4.5: Qwen2-VL's layout and processors of pictures and videos."""

from __future__ import annotations

from typing import Any

from . import images_only
from .qwen2_vl import Qwen2VL


class Exaone45(Qwen2VL):
    """Like Qwen2-VL, with one position for each token."""

    name = "exaone4_5"
    model_types: tuple[str, ...] = ("exaone4_5",)

    def load_processor(self, name: str, **options: Any) -> Any:
        """The saved processor; without torchvision an equivalent one that takes no videos."""
        return images_only.load_processor("Exaone4_5_Processor", name, **options)
