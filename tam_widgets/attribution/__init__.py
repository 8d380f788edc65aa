"""The mathematics of Token Activation Maps (TAM, arXiv 2506.23270): pure NumPy, no model."""

from .aggregate import AGGREGATES, aggregate_maps
from .alternatives import alternative_map, contrast
from .interference import interference, least_squares_scale, residual
from .maps import Activations, token_activation_maps
from .method import Method, Passes
from .method_table import MethodTable, list_methods
from .methods import METHODS, method_named, register, unregister
from .normalise import normalise_jointly
from .options import Option
from .rank_gaussian import rank_gaussian_filter
from .rank_overlap import rank_biased_overlap

__all__ = [
    "AGGREGATES",
    "METHODS",
    "Activations",
    "Method",
    "MethodTable",
    "Option",
    "Passes",
    "aggregate_maps",
    "alternative_map",
    "contrast",
    "interference",
    "least_squares_scale",
    "list_methods",
    "method_named",
    "normalise_jointly",
    "rank_biased_overlap",
    "rank_gaussian_filter",
    "register",
    "residual",
    "token_activation_maps",
    "unregister",
]
