"""How the map of one word is made, step by step."""

from .widget import Anatomy, anatomy

__all__ = ["Anatomy", "anatomy"]
