"""What the gallery shows: runs, each of them a model under a method of a report."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, NotRequired, Protocol, TypedDict, runtime_checkable

import numpy as np
from msgspec import Meta
from numpy.typing import NDArray

from ...explanation.explanation import Explanation
from ...explanation.geometry import Rect
from ..outline import Outline, Ring

Json = dict[str, Any]

WHOLE: Rect = (0.0, 0.0, 1.0, 1.0)

_Index = Annotated[int, Meta(ge=0)]
_Share = Annotated[float, Meta(ge=0, le=1)]


class Entry(TypedDict):
    """What is listed of a sample; keys are short, since a listing has thousands of entries.

    ``s``: its scores, in the order of `Run.scores`, None for a missing one; ``g``: indices of its
    `Run.signatures`; ``w``: text, category and IoU of each noun of the answer; ``k``: index of the
    noun that fails most, -1 without nouns; ``m``: categories that the answer misses; ``e``: why the
    sample could not be measured.
    """

    s: list[_Share | None]
    g: list[_Index]
    w: list[tuple[str, str | None, _Share | None]]
    k: Annotated[int, Meta(ge=-1)]
    m: list[str]
    e: NotRequired[str]


@dataclass(frozen=True)
class Noun:
    """A noun of an answer.

    Attributes:
        text: As written.
        category: Name of the category that it names, if any.
        tokens: Indices of its tokens in the explanation.
    """

    text: str
    category: str | None
    tokens: Sequence[int]


@dataclass(frozen=True, eq=False)
class Thumbnail:
    """A sample's thumbnail.

    Attributes:
        answer: The model's answer.
        picture: A small JPEG; empty if there is none.
        rect: What the map covers: left, top, right, bottom as shares of the picture.
        heatmap: The map of one noun, uint8 [rows, columns]; None if there is none.
        outline: Of the objects that this noun names, if they are known.
    """

    answer: str
    picture: bytes = b""
    rect: Rect = WHOLE
    heatmap: NDArray[np.uint8] | None = None
    outline: Sequence[Ring] = ()


@dataclass(frozen=True)
class Section:
    """A part of a page.

    Attributes:
        title: Its heading.
        content: HTML, in which all text that comes from outside is escaped.
    """

    title: str
    content: str


class Run(ABC):
    """One model under one method of a report.

    Attributes:
        model: Name of the model.
        method: Name of the method.
    """

    model: str
    method: str

    @property
    @abstractmethod
    def folder(self) -> Path:
        """The report's folder; its name tells apart runs of equal model and method."""

    @property
    @abstractmethod
    def dataset(self) -> str:
        """Name of the data set."""

    @property
    @abstractmethod
    def models(self) -> Sequence[str]:
        """All models of the report."""

    @property
    @abstractmethod
    def methods(self) -> Sequence[str]:
        """All methods of the report."""

    @property
    @abstractmethod
    def scores(self) -> Mapping[str, str]:
        """Titles of the scores of a sample, by their names."""

    @property
    @abstractmethod
    def signatures(self) -> Mapping[str, str]:
        """Meanings of the failure signatures, by their names."""

    @property
    @abstractmethod
    def summary(self) -> Json:
        """``f1_iou`` with its interval, ``obj_iou``, ``func_iou``, ``samples``, ``failed``."""

    @property
    @abstractmethod
    def settings(self) -> Json:
        """How the explorer shows the method's maps."""

    @property
    @abstractmethod
    def samples(self) -> Mapping[str, Entry]:
        """What is listed of each sample, by its id.

        Raises:
            EvaluationError: Two samples have one id.
        """

    @abstractmethod
    def sibling(self, model: str, method: str) -> Run:
        """The run of another model or method of the same report.

        Raises:
            EvaluationError: There is no such model or method.
        """

    @abstractmethod
    def thumbnail(self, sample: str, noun: int) -> Thumbnail | None:
        """A sample's thumbnail with the map of a noun; None if the sample was not measured.

        Args:
            sample: Its id.
            noun: Index of the noun among those listed; -1 for none.
        """

    def statistics(self) -> Sequence[Section]:
        """Tables and charts of the whole report, for a page; none by default."""
        return ()

    @abstractmethod
    def nouns(self, sample: str) -> Sequence[Noun]:
        """The nouns of a sample's answer, in the order in which they are listed.

        Raises:
            ReportError: Its record is missing.
        """

    @abstractmethod
    def answer(self, sample: str) -> str | None:
        """The model's answer to a sample; None if there is no such sample, or none was measured."""

    @abstractmethod
    def outlines(self, sample: str) -> Sequence[Outline]:
        """Where the objects of a sample's picture truly lie, as far as it is known.

        Raises:
            ReportError: Its record is missing.
        """

    @abstractmethod
    def explanation(self, sample: str) -> Explanation:
        """Opens the explanation of a sample.

        Raises:
            ReportError: It was not saved.
            ExplanationFileError: It is damaged.
        """

    @abstractmethod
    def notes(self) -> dict[str, Json]:
        """Tags and note of each sample of the report that has any, by the sample's id.

        Raises:
            ReportError: They cannot be read.
        """

    @abstractmethod
    def annotate(
        self,
        samples: Iterable[str],
        note: str | None,
        tags: Sequence[str] | None,
        seen: Mapping[str, Json],
    ) -> dict[str, Json]:
        """Sets the note or the tags of samples, or both.

        Args:
            samples: Their ids.
            note: The new note; None leaves the old one.
            tags: The new tags; None leaves the old ones.
            seen: All notes as the writer knows them.

        Returns:
            All notes.

        Raises:
            OptionError: The note is not a text, or the tags are not a list of texts.
            EvaluationError: Someone has changed the notes of these samples meanwhile.
            ReportError: The notes cannot be read.
            OutputError: They cannot be written.
        """


@runtime_checkable
class HasRuns(Protocol):
    """A report, which has runs."""

    def run(self) -> Run:
        """The run of the first model and method."""
