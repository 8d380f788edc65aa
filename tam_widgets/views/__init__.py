"""The interactive views."""

from .comparison import compare
from .explorer import Explorer

__all__ = ["Explorer", "compare"]
