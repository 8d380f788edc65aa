"""Every error that the package raises on purpose, so that callers can catch the family.

Each also derives from the built-in exception that a Python programmer would expect
(`ValueError`, `IndexError`, `OSError`), and its message says what was given, what was
expected and how to mend it.
"""

import traceback


class TamError(Exception):
    """Base class of all errors raised by tam_widgets."""


class ImageError(TamError, ValueError):
    """An image is missing, broken, of an unknown kind, or beyond what can be handled."""


class PromptError(TamError, ValueError):
    """A prompt is empty, not text, or not a list of chat messages."""


class UnsupportedModelError(TamError, ValueError):
    """A model is of a type that is not supported, was saved for other code, or cannot be loaded."""


class ProcessorError(TamError, ValueError):
    """A processor does not fit the model, or lays its tokens out in an unknown way."""


class GenerationError(TamError, ValueError):
    """A generation keyword asks for something that one explanation cannot hold."""


class ModelError(TamError, RuntimeError):
    """A model, its processor or a callback raised an error of its own, which is the cause."""


class EmptyAnswerError(TamError, ValueError):
    """The model answered with nothing but special tokens."""


class TraceError(TamError, ValueError):
    """The arrays of a trace do not fit together, or hold values that are not finite."""


class OptionError(TamError, ValueError):
    """An option is unknown or outside its range."""


class TokenIndexError(TamError, IndexError):
    """A token index is outside the explained tokens."""


class ExplanationFileError(TamError, ValueError):
    """A file is truncated, foreign, or from a newer version of the format."""


class OutputError(TamError, OSError):
    """A file cannot be written where it was asked for."""


class EvaluationError(TamError, ValueError):
    """Maps, words, mask and categories of an evaluation do not fit together."""


class MissingExtraError(TamError, ImportError):
    """A feature needs an optional dependency that is not installed."""


class DatasetError(TamError, ValueError):
    """A data set's folder or file is missing, broken, or of an unknown layout."""


class ReportError(TamError, ValueError):
    """A report's folder is missing, broken, or was made with other settings."""


def message_of(error: BaseException) -> str:
    """What an error of any kind says; `str` of one may itself raise."""
    return "".join(traceback.format_exception_only(error)).partition(": ")[2].strip()
