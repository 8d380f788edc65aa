"""Qwen3-VL and Qwen3.5: Qwen2-VL's layout, with the time written before each patch of frames."""

from __future__ import annotations

from .qwen2_vl import Qwen2VL


class Qwen3VL(Qwen2VL):
    """As Qwen2-VL; only video tokens count, not the times between the frames."""

    name = "qwen3_vl"
    model_types: tuple[str, ...] = ("qwen3_vl", "qwen3_vl_moe", "qwen3_5", "qwen3_5_moe")
