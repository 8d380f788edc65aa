"""Exercises: a person predicts a map before it is shown."""

from .widget import Exercise, exercise

__all__ = ["Exercise", "exercise"]
