"""The content of a report's settings and records, checked when they are read."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from typing import Annotated, Any, Literal, NotRequired, TypedDict

from msgspec import Meta

from tam_widgets.attribution import METHODS
from tam_widgets.errors import OptionError
from tam_widgets.evaluation.reading import checked

Json = dict[str, Any]
Plain = str | int | float | bool | None

ROUNDING = 1e-6
MAX_SAMPLES = 10**9

Count = Annotated[int, Meta(ge=0, le=MAX_SAMPLES)]
Share = Annotated[float, Meta(ge=-ROUNDING, le=1 + ROUNDING)]
OLDER = ("eci", "kernel_size", "border")
"""Options that older reports store for every method."""
OLDER_NAMES = {"kind": "part_of_speech", "quiet": "below_threshold"}
"""Entries of a word that have another name in older reports."""
FACTS = ("peak", "parts", "largest_part", "beside")
"""What every noun has; its activation may be missing, as in an explanation of maps alone."""


class _Dataset(TypedDict):
    name: str
    samples: NotRequired[Annotated[int, Meta(ge=1, le=MAX_SAMPLES)]]
    items: NotRequired[Annotated[int, Meta(ge=1, le=MAX_SAMPLES)]]  # the same, in older reports
    first: str | None
    last: str | None


class _Method(TypedDict):
    name: str
    method: NotRequired[str]
    settings: NotRequired[dict[str, Plain]]
    # in older reports, in place of these two
    steps: NotRequired[str]
    kernel_size: NotRequired[int]
    eci: NotRequired[float]
    border: NotRequired[str]


class _Settings(TypedDict):
    format: int
    dataset: _Dataset
    models: Annotated[dict[str, dict[str, str | None]], Meta(min_length=1)]
    methods: Annotated[dict[str, _Method], Meta(min_length=1)]
    compat: Literal["reference"] | None
    language: str
    meteor: str
    generation: dict[str, Plain]
    versions: dict[str, str | None]
    faithfulness: NotRequired[str | None]


class _Checked(TypedDict, total=False):
    """Of words that name an object, if faithfulness is measured; see `measures.faithfulness`."""

    deletion: float | None
    insertion: float | None
    selectivity: float | None
    random_deletion: float | None
    random_insertion: float | None
    centre_deletion: float | None
    centre_insertion: float | None
    mask_deletion: float | None
    mask_insertion: float | None
    no_image: Share
    reliance: float | None


class _Word(_Checked):
    text: str
    part_of_speech: str
    category: str | None
    iou: Share | None
    precision: float | None
    recall: Share | None
    below_threshold: Share | None
    threshold: float | None
    skipped: str | None
    words: NotRequired[list[Count]]
    activation: float | None
    peak: float | None
    parts: Count | None
    largest_part: float | None
    beside: float | None
    tokens: list[Count]


class _Texts(TypedDict):
    rouge_l: Share | None
    meteor: Share | None


class _Error(TypedDict):
    type: str
    message: str


class _Sample(TypedDict):
    sample: str
    prompt: NotRequired[Any]
    captions: NotRequired[list[str]]


class _Measured(_Sample):
    error: None
    answer: str
    truncated: bool
    text: _Texts
    shown: NotRequired[list[str]]
    not_seen: NotRequired[list[str]]
    missed: list[str]
    notes: list[str]
    methods: dict[str, list[_Word]]


class _Failed(_Sample):
    error: _Error


def checked_settings(value: Any) -> Json:
    """The settings of a report.

    Raises:
        ValueError: An entry is missing, of another type, or outside its range.
    """
    settings = checked(value, _Settings)
    methods = {name: _method(method) for name, method in settings["methods"].items()}
    return {**settings, "dataset": _dataset(settings["dataset"]), "methods": methods}


def _dataset(stored: _Dataset) -> Json:
    """The data set, with its number of samples."""
    samples = stored.get("samples", stored.get("items"))
    if samples is None:
        raise ValueError("the data set does not say how many samples it has")
    return {
        "name": stored["name"],
        "samples": samples,
        "first": stored["first"],
        "last": stored["last"],
    }


def _method(stored: _Method) -> Json:
    """A method's name, the registered method that it is, and its options."""
    name = stored.get("method", stored.get("steps"))
    if name is None:
        raise ValueError(f"the method {stored['name']!r:.80} does not say which method it is")
    settings = stored.get("settings")
    if settings is None:
        older: Json = {"border": "reflect", **stored}
        settings = {option: older[option] for option in OLDER if option in older}
    if (known := METHODS.get(name)) is not None:
        settings = {option: settings[option] for option in settings if option in known.settable}
        try:
            known.arguments(settings)
        except OptionError as error:
            raise ValueError(f"{error!s:.200}") from error
    return {"name": stored["name"], "method": name, "settings": settings}


def checked_record(value: Any, methods: Collection[str]) -> Json:
    """A sample's record, measured or not.

    Args:
        value: What its file holds.
        methods: Names of the report's methods.

    Raises:
        ValueError: An entry is missing, of another type, or outside its range.
    """
    if isinstance(value, dict) and value.get("error") is not None:
        return dict(checked(value, _Failed))
    record = checked(_with_new_names(value), _Measured)
    if set(record["methods"]) != set(methods):
        raise ValueError(f"it has other methods than the report: {[*record['methods']]!r:.100}")
    for words in record["methods"].values():
        for word in words:
            _check_word(word)
    return {**record, "methods": {name: record["methods"][name] for name in methods}}


def _with_new_names(record: Any) -> Any:
    """Renames the entries of an older report's record; anything else is left as it is."""
    methods = record.get("methods") if isinstance(record, dict) else None
    for words in methods.values() if isinstance(methods, dict) else ():
        for word in words if isinstance(words, list) else ():
            for old, new in OLDER_NAMES.items() if isinstance(word, dict) else ():
                if old in word:
                    word[new] = word.pop(old)
    return record


def noun_rows(words: Sequence[Mapping[str, Any]]) -> list[int]:
    """Which of a record's rows of one method are nouns, which are measured by their maps."""
    return [i for i, word in enumerate(words) if word["threshold"] is not None]


def _check_word(word: Mapping[str, Any]) -> None:
    precision = word["precision"]
    if precision is not None and not (math.isnan(precision) or 0 <= precision <= 1):
        raise ValueError(f"the precision {precision!r:.20} of a word is not within 0 and 1")
    if word["iou"] is not None and (precision is None or word["recall"] is None):
        raise ValueError("a word has an IoU without precision or recall")
    is_noun = word["part_of_speech"] == "noun" or word["threshold"] is not None
    if is_noun and any(word[fact] is None for fact in FACTS):
        raise ValueError(f"a noun lacks one of {', '.join(FACTS)}")
