"""Model families: where each architecture puts its visual tokens."""

from .family import Family
from .llava import Llava
from .qwen2_vl import Qwen2VL
from .registry import family_of, register

__all__ = ["Family", "Llava", "Qwen2VL", "family_of", "register"]
