"""The gallery of a report's samples."""

from .widget import Gallery

__all__ = ["Gallery"]
