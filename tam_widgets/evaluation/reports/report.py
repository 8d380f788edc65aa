"""What an evaluation found: tables, intervals, comparisons, figures, one HTML file."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Unpack

from tam_widgets.errors import EvaluationError
from tam_widgets.evaluation.reports.display import bundle
from tam_widgets.evaluation.reports.frames import frame
from tam_widgets.evaluation.reports.report_run import ReportRun
from tam_widgets.evaluation.reports.report_tables import ReportTables
from tam_widgets.evaluation.reports.results import Chosen
from tam_widgets.evaluation.reports.statistics import Difference
from tam_widgets.evaluation.storage.notes import add_notes, read_notes
from tam_widgets.explanation.explanation import Explanation
from tam_widgets.explanation.extras import installed
from tam_widgets.explanation.given_names import given_names
from tam_widgets.explanation.spreadsheet import csv_text
from tam_widgets.terminal import escaped
from tam_widgets.views.gallery.export import GalleryFile, write_gallery
from tam_widgets.views.small_multiples.cases import case_figure
from tam_widgets.views.small_multiples.figure import Figure
from tam_widgets.views.small_multiples.settings import FigureSettings

MAX_NAMES = 7
"""Models, and methods, that the repr of a report names."""


class Report(ReportTables):
    """A report that `evaluate` wrote, complete or unfinished.

    A damaged record costs its sample only, which counts as failed. A warning says how many are
    damaged; `samples` and `skipped` say which.

    Args:
        folder: Its folder.

    Raises:
        ReportError: The folder holds no report, or one that is damaged or of a newer version.
    """

    def __repr__(self) -> str:
        dataset, known = self.settings["dataset"], self._results.known_f1()
        unscored = self._results.unscored()
        parts = [
            f"{dataset['samples']} samples",
            f"models {_listed(self.models)}",
            f"methods {_listed(self.methods)}",
            *([f"F1-IoU {min(known):.3f} to {max(known):.3f}"] if known else unscored),
        ]
        name = f"{escaped(dataset['name']):.200}"
        return f"<Report on {name}: {'; '.join(parts)}; in {escaped(self.folder)}>"

    def compare(
        self,
        first: Chosen,
        second: Chosen,
        measure: str = "f1_iou",
        other: Report | None = None,
    ) -> Difference:
        """Compares two models or methods on the samples that both were measured on.

        Args:
            first: A model and a method.
            second: Another model or method.
            measure: One of `summary.MEASURES`; or if faithfulness was measured, such as
                ``"deletion"``, one of `measures.faithfulness.FAITHFULNESS`.
            other: The report that holds the second; this one by default.

        Raises:
            EvaluationError: There is no such model, method or measure, or no common sample; or
                faithfulness was not measured, or by another protocol.
        """
        return self._results.compare(first, second, measure, (other or self)._results)

    def explanation(self, model: str, sample: int | str) -> Explanation:
        """Opens the saved explanation of a sample.

        Args:
            model: Name of the model.
            sample: Its id, or its number in the data set.

        Raises:
            EvaluationError: There is no such model or sample.
            ReportError: Explanations were not saved, or this sample has none.
            ExplanationFileError: It is damaged.
        """
        run = self.run(model)
        folder = self._results.folder
        if isinstance(sample, str):
            number = run.number(sample)
        else:
            number = sample if 0 <= sample < folder.samples else None
        if number is None:
            raise EvaluationError(
                f"{sample!r:.200} is no sample of this report: give an id, or a number from 0 to "
                f"{folder.samples - 1}"
            )
        return folder.explanation(model, number)

    def run(self, model: str | None = None, method: str | None = None) -> ReportRun:
        """One model under one method, to be shown in a `Gallery`, alone or beside another.

        Args:
            model: Name of the model; the first by default.
            method: Name of the method; the first by default.

        Raises:
            EvaluationError: There is no such model or method.
        """
        model, method = model or self.models[0], method or self.methods[0]
        self._results.check(model, method)
        return ReportRun(self._results, model, method)

    @property
    def notes(self) -> Any:
        """A pandas frame of the samples with tags (a list) or a note.

        Raises:
            ReportError: The notes cannot be read.
        """
        rows = ({"sample": sample} | entry for sample, entry in read_notes(self.folder).items())
        return frame(rows, ("sample", "tags", "note"))

    def annotate(
        self,
        sample: str | Iterable[str],
        note: str | None = None,
        tags: Sequence[str] | None = None,
    ) -> None:
        """Saves a note or tags of one or several samples with the report.

        Args:
            sample: Its id, or several.
            note: Replaces the note; "" removes it, None leaves it as it is.
            tags: Replace the tags; [] removes them, None leaves them as they are.

        Raises:
            EvaluationError: There is no such sample.
            OptionError: The note is not a text, or the tags are not a list of texts.
            ReportError: The existing notes cannot be read.
            OutputError: The folder cannot be written; the existing notes are kept.
        """
        add_notes(self.folder, self._find(sample), note, tags)

    def save_tables(self) -> list[Path]:
        """Writes all tables, and what the gallery lists.

        Raises:
            OutputError: They cannot be written.
        """
        self._results.pool_anew()
        names = ["words", "samples", "skipped", "signatures", "summary"]
        names += ["faithfulness"] if self._faithfulness else []
        for name in names:
            self._results.folder.write_text(f"tables/{name}.csv", csv_text(getattr(self, name)))
        for model in self.models:
            for method in self.methods:
                self.run(model, method).save()
        return [self.folder / "tables" / f"{name}.csv" for name in names]

    def figures(self) -> dict[str, Any]:
        """Plotly figures by title."""
        with installed("a figure"):
            from tam_widgets.evaluation.reports import figures  # plotly takes a second

        table = self.faithfulness
        checked = {"Faithfulness, with 95 % intervals": figures.by_order(table)}
        return {
            "Scores, with 95 % intervals": figures.scores(self.summary),
            **(checked if len(table) else {}),
            "Obj-IoU by category": figures.by_category(self.words, self.models, self.methods[-1]),
            "Samples": figures.by_sample(self.samples),
            "Failure signatures": figures.by_signature(self.signatures),
        }

    def figure(
        self,
        samples: str | Iterable[str] | None = None,
        methods: str | Iterable[str] | None = None,
        models: str | Iterable[str] | None = None,
        **settings: Unpack[FigureSettings],
    ) -> Figure:
        """Samples under the maps of the words that fail most in them, as a figure for a paper.

        Where the report keeps it, the true outline of what the word names is drawn in white.

        Args:
            samples: Their ids; by default the twelve with the lowest F1-IoU under the first model
                and method.
            methods: Names of the report's methods, of which each has a column; the first by
                default.
            models: Likewise of its models.
            **settings: As for `Explanation.figure`; those of the maps are by default the method's.

        Returns:
            A figure that a notebook shows; its `save` writes PDF, SVG or PNG.

        Raises:
            EvaluationError: There is no such sample, model or method, or a sample was not measured.
            OptionError: A setting is unknown or outside its range.
            ReportError: Explanations were not saved.
        """
        runs = [
            self.run(model, method)
            for model in _names("models", models, self.models)
            for method in _names("methods", methods, self.methods)
        ]
        return case_figure(runs, samples, **settings)

    def to_html(self, path: str | os.PathLike[str]) -> GalleryFile:
        """Writes the report as one HTML file that works offline: its gallery and its statistics.

        Samples can be sorted, filtered and opened in the explorer, under every model and method;
        notes can be read. There are as many samples in the file as fit in 50 MB, those of the
        lowest F1-IoU first: what is returned says how many, as does the page. For another order,
        for those that pass a filter, or for two runs side by side, see `Gallery.to_html`.

        Raises:
            EvaluationError: Two samples have one id.
            OutputError: It cannot be written.
        """
        return write_gallery([self.run()], path)

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        return bundle(self.run(), self._results.pooled_rows(), repr(self), **kwargs)

    def _find(self, sample: str | Iterable[str]) -> list[str]:
        ids = {record["sample"] for record in self._all()}
        samples = given_names("sample", sample)
        for one in samples:
            if one not in ids:
                raise EvaluationError(
                    f"sample {one!r:.200} is not in this report: give one of its ids, as in "
                    "report.samples['sample']"
                )
        return samples


def _names(option: str, given: str | Iterable[str] | None, known: Sequence[str]) -> list[str]:
    if given is None:
        return [known[0]]
    return given_names(option, given)


def _listed(names: Sequence[str]) -> str:
    """The first names in quotes, and the number of others."""
    first = ", ".join(f"'{escaped(name):.40}'" for name in names[:MAX_NAMES])
    return first + (f" and {len(names) - MAX_NAMES} more" if len(names) > MAX_NAMES else "")
