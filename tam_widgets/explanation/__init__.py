"""The record of one explained answer, what is computed from it, and its file; no torch."""
