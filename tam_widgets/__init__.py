"""See which pixels every word of a multimodal LLM's answer rests on.

Public names are loaded when first used, so that importing the package and opening a saved
explanation need neither torch nor transformers.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from . import attribution, demo, errors, evaluation
    from .attribution import METHODS, token_activation_maps
    from .explainer import Explainer
    from .explanation import Candidate, Explanation, StoredImage, Token
    from .geometry import Grid
    from .storage import load
    from .trace import Trace
    from .widgets import Explorer, compare

__version__ = "0.1.0"

__all__ = [
    "METHODS",
    "Candidate",
    "Explainer",
    "Explanation",
    "Explorer",
    "Grid",
    "StoredImage",
    "Token",
    "Trace",
    "attribution",
    "compare",
    "demo",
    "errors",
    "evaluation",
    "load",
    "token_activation_maps",
]

_HOME = {
    "METHODS": "attribution",
    "Candidate": "explanation",
    "Explainer": "explainer",
    "Explanation": "explanation",
    "Explorer": "widgets",
    "Grid": "geometry",
    "StoredImage": "explanation",
    "Token": "explanation",
    "Trace": "trace",
    "compare": "widgets",
    "load": "storage",
    "token_activation_maps": "attribution",
}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    if name in _HOME:
        return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    return import_module(f"{__name__}.{name}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
