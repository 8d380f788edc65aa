"""Faithfulness of the words that name an object: is what their maps light what the model reads?"""

from __future__ import annotations

REFERENCES = {"random": "random orders", "centre": "centre first", "mask": "true mask first"}
"""Orders with which every method is compared, by the beginning of their measures' names."""

FAITHFULNESS = (
    *("deletion", "insertion", "selectivity"),
    *(f"{order}_{curve}" for order in REFERENCES for curve in ("deletion", "insertion")),
    *("no_image", "reliance"),
)
"""What is measured of each word that names an object, besides its overlap with the object."""
