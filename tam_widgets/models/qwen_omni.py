"""The thinkers of Qwen2.5-Omni and Qwen3-Omni: Qwen2-VL's layout; sounds are left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch

from .family import Family
from .medium import Medium
from .qwen2_vl import Qwen2VL


class QwenOmni(Qwen2VL):
    """As Qwen2-VL; pictures and the frames of videos, no sounds.

    The types of whole models are named too: what is explained of them is their thinker.
    """

    name = "qwen_omni"
    model_types: tuple[str, ...] = (
        "qwen2_5_omni_thinker",
        "qwen3_omni_moe_thinker",
        "qwen2_5_omni",
        "qwen3_omni_moe",
    )

    def process(
        self, processor: Any, text: str, media: Sequence[Medium], **options: Any
    ) -> Mapping[str, Any]:
        """As for any family; the processor itself takes one rate of frames for all videos."""
        if getattr(processor, "load_audio_from_video", False):
            options["load_audio_from_video"] = False
        made = super().process(processor, text, media, **options)
        seconds = [_seconds(medium) for medium in media if medium.is_video]
        if not seconds:
            return made
        patch = processor.video_processor.temporal_patch_size
        return {**made, "video_second_per_grid": patch * torch.tensor(seconds)}

    def final_norm(self, model: Any) -> torch.nn.Module:
        """The text decoder's norm; older versions of transformers name no decoder of a thinker."""
        if model.get_decoder() is not model:
            return super().final_norm(model)
        norm: torch.nn.Module = model.model.norm
        return norm

    def load_processor(self, name: str, **options: Any) -> Any:
        """The saved processor, whose class needs all of its parts."""
        return Family.load_processor(self, name, **options)


def _seconds(video: Medium) -> float:
    """Mean time from one frame to the next."""
    count = len(video.pictures)
    return (video.time(0, count)[1] - video.times[0]) / count
