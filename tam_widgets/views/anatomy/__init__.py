"""How the map of one word is made, step by step."""

from .anatomy import Anatomy, anatomy

__all__ = ["Anatomy", "anatomy"]
