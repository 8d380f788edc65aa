"""All errors that the package raises on purpose, with a common base class.

Each also derives from the built-in exception that a Python programmer would expect
(`ValueError`, `IndexError`, `OSError`), and its message says what was given, what was
expected and what to do.
"""

import traceback


class TamError(Exception):
    """Base class of all errors raised by tam_widgets."""


class ImageError(TamError, ValueError):
    """An image is missing, broken, too large, or of an unknown format."""


class PromptError(TamError, ValueError):
    """A prompt is empty, not text, or not a list of chat messages."""


class UnsupportedModelError(TamError, ValueError):
    """A model's type is not supported, it was saved for other code, or it cannot be loaded."""


class ProcessorError(TamError, ValueError):
    """A processor does not fit the model, or its token layout is unknown."""


class GenerationError(TamError, ValueError):
    """A generation keyword asks for something that an explanation cannot contain."""


class ModelError(TamError, RuntimeError):
    """A model, its processor or a callback raised an error, which is the cause."""


class EmptyAnswerError(TamError, ValueError):
    """The answer contains only special tokens."""


class TraceError(TamError, ValueError):
    """The arrays of a trace do not fit together, or contain values that are not finite."""


class OptionError(TamError, ValueError):
    """An option is unknown or outside its range."""


class TokenIndexError(TamError, IndexError):
    """A token index is outside the explained tokens."""


class ExplanationFileError(TamError, ValueError):
    """A file is truncated, foreign, or from a newer version of the format."""


class OutputError(TamError, OSError):
    """A file cannot be written at the given path."""


class EvaluationError(TamError, ValueError):
    """The maps, words, masks and categories of an evaluation do not fit together."""


class PlantingError(TamError, RuntimeError):
    """A reason that was planted in a demo model is not what its word rests on."""


class MissingExtraError(TamError, ImportError):
    """A feature needs an optional dependency that is not installed."""


class DatasetError(TamError, ValueError):
    """A data set's folder or file is missing, broken, or has an unknown layout."""


class ReportError(TamError, ValueError):
    """A report's folder is missing, broken, or was made with different settings."""


def message_of(error: BaseException) -> str:
    """The message of any error; `str(error)` itself may raise."""
    return "".join(traceback.format_exception_only(error)).partition(": ")[2].strip()
