"""See which pixels every word of a multimodal LLM's answer rests on.

Torch, transformers and the front end are loaded on first use, so that importing the package and
opening a saved explanation need none of them.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.2.0"

from . import attribution, errors
from . import methods as methods  # registers them
from .attribution import METHODS, Method, list_methods, token_activation_maps
from .explanation.agreement import WordAgreement, agreement
from .explanation.explanation import Explanation
from .explanation.extras import installed
from .explanation.geometry import Grid
from .explanation.storage import load
from .explanation.types import Alternative, Candidate, StoredImage, Token, Turn

if TYPE_CHECKING:
    from . import demo, evaluation, models
    from .capture.explainer import Explainer
    from .capture.inputs.media import Video
    from .capture.served.served_model import ServedModel
    from .capture.trace import Trace
    from .evaluation.reports.report import Report
    from .evaluation.run import evaluate
    from .views import Explorer, compare
    from .views.anatomy import Anatomy, anatomy
    from .views.exercises import Exercise, exercise
    from .views.gallery import Gallery
    from .views.glossary import Glossary, glossary

__all__ = [
    "METHODS",
    "Alternative",
    "Anatomy",
    "Candidate",
    "Exercise",
    "Explainer",
    "Explanation",
    "Explorer",
    "Gallery",
    "Glossary",
    "Grid",
    "Method",
    "Report",
    "ServedModel",
    "StoredImage",
    "Token",
    "Trace",
    "Turn",
    "Video",
    "WordAgreement",
    "agreement",
    "anatomy",
    "attribution",
    "compare",
    "demo",
    "errors",
    "evaluate",
    "evaluation",
    "exercise",
    "glossary",
    "list_methods",
    "load",
    "models",
    "token_activation_maps",
]

_HOME = {
    "Anatomy": "views.anatomy",
    "Exercise": "views.exercises",
    "Explainer": "capture.explainer",
    "Explorer": "views",
    "Gallery": "views.gallery",
    "Glossary": "views.glossary",
    "Report": "evaluation.reports.report",
    "ServedModel": "capture.served.served_model",
    "Trace": "capture.trace",
    "Video": "capture.inputs.media",
    "anatomy": "views.anatomy",
    "compare": "views",
    "evaluate": "evaluation.run",
    "exercise": "views.exercises",
    "glossary": "views.glossary",
}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    with installed(f"{__name__}.{name}"):
        if name in _HOME:
            return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
        return import_module(f"{__name__}.{name}")


def __dir__() -> list[str]:
    dunders = {name for name in globals() if name.startswith("__") and name.endswith("__")}
    return sorted({*dunders, *__all__})
