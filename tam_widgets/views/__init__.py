"""The interactive views."""

from .explorer import Explorer, compare

__all__ = ["Explorer", "compare"]
