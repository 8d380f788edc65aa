"""Letting a model answer, or read a given answer, and keeping its hidden states."""
