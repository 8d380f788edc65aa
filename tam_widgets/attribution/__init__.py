"""The mathematics of Token Activation Maps (TAM, arXiv 2506.23270): pure NumPy, no model."""

from .aggregate import AGGREGATES, aggregate_maps
from .alternatives import alternative_map, contrast
from .interference import interference, least_squares_scale, residual
from .maps import METHODS, Activations, method_options, token_activation_maps
from .normalise import normalise_jointly
from .rank_gaussian import rank_gaussian_filter

__all__ = [
    "AGGREGATES",
    "METHODS",
    "Activations",
    "aggregate_maps",
    "alternative_map",
    "contrast",
    "interference",
    "least_squares_scale",
    "method_options",
    "normalise_jointly",
    "rank_gaussian_filter",
    "residual",
    "token_activation_maps",
]
