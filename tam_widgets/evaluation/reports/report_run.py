"""One model and method of a report, as the gallery shows it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Unpack

from tam_widgets.attribution import METHODS
from tam_widgets.errors import EvaluationError, OutputError, ReportError, TamError
from tam_widgets.evaluation.measures.signatures import SIGNATURES
from tam_widgets.evaluation.reports.gallery_columns import (
    FAITHFUL_SCORES,
    SCORES,
    Listed,
    is_consistent,
    listed_of,
    rounded,
)
from tam_widgets.evaluation.reports.page import sections
from tam_widgets.evaluation.reports.results import Results
from tam_widgets.evaluation.reports.thumbnails import outlines_of, thumbnail_of
from tam_widgets.evaluation.storage.cache import read_cache, write_cache
from tam_widgets.evaluation.storage.notes import add_notes, read_notes
from tam_widgets.evaluation.storage.schema import Json, noun_rows
from tam_widgets.explanation.explanation import Explanation
from tam_widgets.views.gallery.run import Entry, Noun, Run, Section, Thumbnail
from tam_widgets.views.outline import Outline
from tam_widgets.views.small_multiples.cases import case_figure
from tam_widgets.views.small_multiples.figure import Figure
from tam_widgets.views.small_multiples.settings import FigureSettings


@dataclass(frozen=True)
class ReportRun(Run):
    """A model under a method; `Report.run` makes it, for a `Gallery`.

    Attributes:
        model: Name of the model.
        method: Name of the method.
    """

    _results: Results
    model: str
    method: str

    @property
    def folder(self) -> Path:
        """Of the report."""
        return self._results.folder.path

    @property
    def dataset(self) -> str:
        """Name of the data set."""
        return str(self._results.settings["dataset"]["name"])

    @property
    def models(self) -> list[str]:
        """All models of the report."""
        return self._results.models

    @property
    def methods(self) -> list[str]:
        """All methods of the report."""
        return self._results.methods

    @property
    def scores(self) -> Mapping[str, str]:
        """Titles of the scores of a sample, by their names."""
        return SCORES if self._results.protocol is None else SCORES | FAITHFUL_SCORES

    @property
    def signatures(self) -> dict[str, str]:
        """Meanings of the failure signatures, by their names."""
        return {signature.name: signature.meaning for signature in SIGNATURES}

    @property
    def summary(self) -> Json:
        """``f1_iou`` with its interval, ``obj_iou``, ``func_iou``, ``samples``, ``failed``."""
        row = self._results.pooled(self.model, self.method)
        return {
            "f1_iou": rounded(row["f1_iou"]),
            "low": rounded(row["f1_iou_low"]),
            "high": rounded(row["f1_iou_high"]),
            "obj_iou": rounded(row["obj_iou"]),
            "func_iou": rounded(row["func_iou"]),
            "samples": row["samples"],
            "failed": row["failed"],
        }

    @property
    def settings(self) -> Json:
        """How the explorer shows the method's maps."""
        method = self._results.settings["methods"][self.method]
        known, settings = METHODS.get(method["method"]), method["settings"]
        if known is None or not known.variant(self.method, **settings).in_browser:
            return {"method": self.method}  # its maps are carried under its own name
        return {"method": known.name, **settings}

    @cached_property
    def samples(self) -> dict[str, Entry]:
        """What is listed of each sample, by its id.

        Raises:
            EvaluationError: Two samples have one id.
        """
        found = {one["id"]: one["entry"] for one in self._listed}
        if len(found) < len(self._listed):
            raise EvaluationError(
                f"{len(self._listed) - len(found)} samples of the report in {self.folder} share "
                "their ids with others: give each an id of its own, by which it is shown"
            )
        return found

    def number(self, sample: str) -> int | None:
        """The number of a sample in the data set; None if there is no such sample."""
        return self._numbers.get(sample)

    def sibling(self, model: str, method: str) -> ReportRun:
        """The run of another model or method of the same report.

        Raises:
            EvaluationError: There is no such model or method.
        """
        self._results.check(model, method)
        return ReportRun(self._results, model, method)

    def thumbnail(self, sample: str, noun: int) -> Thumbnail | None:
        """A sample's thumbnail with the map of a noun; None if the sample was not measured."""
        record = self._measured(sample)
        if record is None:
            return None
        return thumbnail_of(self._results.folder, record, self.method, noun, self.settings)

    def statistics(self) -> list[Section]:
        """Tables and charts of the whole report."""
        return sections(self._results)

    def nouns(self, sample: str) -> list[Noun]:
        """The nouns of a sample's answer, in the order in which they are listed.

        Raises:
            ReportError: Its record is missing.
        """
        words = self._record(sample).get("methods", {}).get(self.method, [])
        nouns = [words[i] for i in noun_rows(words)]
        return [Noun(noun["text"], noun["category"], noun["tokens"]) for noun in nouns]

    def answer(self, sample: str) -> str | None:
        """The model's answer to a sample; None if there is no such sample, or none was measured."""
        record = self._measured(sample)
        return None if record is None else str(record["answer"])

    def outlines(self, sample: str) -> list[Outline]:
        """Where the objects of a sample's picture truly lie; none in older reports."""
        record = self._record(sample)
        return [] if record["error"] else outlines_of(self._results.folder, record, self.method)

    def explanation(self, sample: str) -> Explanation:
        """Opens the explanation of a sample.

        Raises:
            ReportError: It was not saved.
            ExplanationFileError: It is damaged.
        """
        return self._results.folder.explanation(self.model, self._numbers[sample])

    def figure(
        self, samples: str | Iterable[str] | None = None, **settings: Unpack[FigureSettings]
    ) -> Figure:
        """Samples under the maps of the words that fail most in them, as a figure for a paper.

        Where the report keeps it, the true outline of what the word names is drawn in white.

        Args:
            samples: Their ids; by default the twelve with the lowest F1-IoU.
            **settings: As for `Explanation.figure`; those of the maps are by default the method's.

        Returns:
            A figure that a notebook shows; its `save` writes PDF, SVG or PNG.

        Raises:
            EvaluationError: There is no such sample, or it was not measured.
            OptionError: A setting is unknown or outside its range.
            ReportError: Explanations were not saved.
        """
        return case_figure([self], samples, **settings)

    def notes(self) -> dict[str, Json]:
        """Tags and note of each sample of the report that has any; raises `ReportError`."""
        return read_notes(self.folder)

    def annotate(
        self,
        samples: Iterable[str],
        note: str | None,
        tags: Sequence[str] | None,
        seen: Mapping[str, Json],
    ) -> dict[str, Json]:
        """See `storage.notes.add_notes`."""
        return add_notes(self.folder, samples, note, tags, seen)

    def save(self) -> None:
        """Caches what the gallery lists; raises `OutputError` if it cannot be written."""
        write_cache(self._results.folder, self._name, [self.model], self._derived())

    def _record(self, sample: str) -> Json:
        number = self._numbers[sample]
        if (record := self._results.folder.record(self.model, number)) is None:
            raise ReportError(
                f"{self.folder}: the record of sample {number} is gone; copy the report again"
            )
        return record

    def _measured(self, sample: str) -> Json | None:
        """The record of a sample; None if there is none, or if it was not measured."""
        entry = self.samples.get(sample)
        if entry is None or "e" in entry:
            return None
        try:
            record = self._record(sample)
        except TamError:
            return None
        return None if record["error"] else record  # it may be damaged since it was listed

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {one["id"]: one["number"] for one in self._listed}

    @cached_property
    def _listed(self) -> list[Listed]:
        """From the cache; else from the records, as after an interrupted run, and then cached."""
        found = read_cache(self._results.folder, self._name, [self.model], list[Listed])
        samples = self._results.folder.samples
        if found and all(is_consistent(one, samples, self.scores) for one in found):
            return found
        derived = self._derived()
        with suppress(OutputError):  # it can be shown all the same
            write_cache(self._results.folder, self._name, [self.model], derived)
        return derived

    def _derived(self) -> list[Listed]:
        records = self._results.records[self.model]
        limit = self._results.text_limits(self.model)[self.method]
        return [listed_of(record, self.method, self.scores, limit) for record in records]

    @property
    def _name(self) -> str:
        return self._results.folder.listing_name(self.model, self.method)
