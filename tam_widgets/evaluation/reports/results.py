"""The records of a report and its pooled metrics, each read once."""

from __future__ import annotations

import math
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property

from tam_widgets.errors import EvaluationError, OutputError, ReportError
from tam_widgets.evaluation.measures.faithfulness import FAITHFULNESS
from tam_widgets.evaluation.measures.signatures import text_limit
from tam_widgets.evaluation.reports.frames import by_sample, totals
from tam_widgets.evaluation.reports.statistics import Difference, paired_difference
from tam_widgets.evaluation.reports.summary import Row, summary_row
from tam_widgets.evaluation.reports.unscored import reason_of_no_score
from tam_widgets.evaluation.storage.cache import POOLED, read_cache, write_cache
from tam_widgets.evaluation.storage.damage import warn_of_damage
from tam_widgets.evaluation.storage.report_folder import ReportFolder
from tam_widgets.evaluation.storage.schema import Json
from tam_widgets.terminal import escaped

Chosen = tuple[str, str]
"""A model and a method."""


@dataclass(frozen=True)
class Results:
    """The content of a report's folder.

    Attributes:
        folder: The folder.
    """

    folder: ReportFolder

    @property
    def settings(self) -> Json:
        """What the report was made with."""
        return dict(self.folder.settings)

    @property
    def models(self) -> list[str]:
        """Names of the models."""
        return self.folder.models

    @property
    def methods(self) -> list[str]:
        """Names of the methods."""
        return list(self.folder.settings["methods"])

    @property
    def protocol(self) -> str | None:
        """The protocol by which faithfulness was checked, if it was."""
        found: str | None = self.folder.settings.get("faithfulness")
        return found

    @cached_property
    def records(self) -> dict[str, list[Json]]:
        """The records of each model, in the order of the samples."""
        found = {model: list(self.folder.records(model)) for model in self.models}
        warn_of_damage([record for records in found.values() for record in records])
        return found

    def measured(self, model: str, method: str) -> list[Json]:
        """The records of a model that could be measured.

        Raises:
            EvaluationError: There is no such model or method.
        """
        self.check(model, method)
        return [record for record in self.records[model] if record.get("methods")]

    def text_limits(self, model: str) -> dict[str, float]:
        """The run's `signatures.text_limit` under each method."""
        if model not in self._text_limits:
            measured = [record for record in self.records[model] if record.get("methods")]
            self._text_limits[model] = {
                method: text_limit(record["methods"][method] for record in measured)
                for method in self.methods
            }
        return self._text_limits[model]

    @cached_property
    def _text_limits(self) -> dict[str, dict[str, float]]:
        """Those that are known, by model."""
        return {}

    def pooled(self, model: str, method: str) -> Json:
        """The summary's row of a model and a method.

        Raises:
            EvaluationError: There is no such model or method.
        """
        self.check(model, method)
        rows = self._rows.setdefault(model, {})
        if method not in rows:
            rows[method] = summary_row(
                self.records[model],
                model,
                method,
                self.folder.samples,
                faithfulness=self.protocol is not None,
            )
            with suppress(OutputError):  # it can be shown all the same
                write_cache(self.folder, POOLED, self.models, self._rows)
        return rows[method]

    def pooled_rows(self) -> list[Json]:
        """The summary's rows."""
        return [self.pooled(model, method) for model in self.models for method in self.methods]

    def known_f1(self) -> list[float]:
        """F1-IoU of each run as far as it is known; no records are read for it."""
        try:
            rows = [row for of_model in self._rows.values() for row in of_model.values()]
        except ReportError:
            return []
        return [row["f1_iou"] for row in rows if not math.isnan(row["f1_iou"])]

    def unscored(self) -> list[str]:
        """Why models have no Obj-IoU, if all runs are known to have no F1-IoU; a line each."""
        with suppress(ReportError):
            if self._rows and not self.known_f1():
                return self.reasons_of_no_score()
        return []

    def reasons_of_no_score(self) -> list[str]:
        """Why models have no Obj-IoU, a line each of those that have none."""
        reasons = {model: reason_of_no_score(self.records[model]) for model in self.models}
        several = len(self.models) > 1
        return [
            f"{escaped(model):.40}: {reason}" if several else reason
            for model, reason in reasons.items()
            if reason
        ]

    def pool_anew(self) -> None:
        """Makes the summary's rows from the records, and caches them.

        Raises:
            OutputError: They cannot be written.
        """
        self._rows.clear()
        self.pooled_rows()
        write_cache(self.folder, POOLED, self.models, self._rows)

    def compare(self, first: Chosen, second: Chosen, measure: str, other: Results) -> Difference:
        """See `Report.compare`."""
        if measure in FAITHFULNESS:
            self._check_protocol(measure, other)
        mine, theirs = by_sample(self.measured(*first)), by_sample(other.measured(*second))
        common = [sample for sample in mine if sample in theirs]
        if not common:
            raise EvaluationError(
                f"{first} and {second} were measured on no common sample: compare runs of the same "
                "data set"
            )
        return paired_difference(
            totals((mine[sample] for sample in common), first[1]),
            totals((theirs[sample] for sample in common), second[1]),
            measure,
        )

    def check(self, model: str, method: str) -> None:
        """Refuses a model or a method that is not in the report; raises `EvaluationError`."""
        for given, known in ((model, self.models), (method, self.methods)):
            if given not in known:
                raise EvaluationError(
                    f"{given!r:.200} is not in this report: give one of {known!r:.200}"
                )

    def _check_protocol(self, measure: str, other: Results) -> None:
        """Refuses reports whose faithfulness cannot be compared; raises `EvaluationError`."""
        for results in (self, other):
            if results.protocol is None:
                raise EvaluationError(
                    f"{results.folder.path}: {measure} was not measured; evaluate with "
                    'faithfulness="cells" into another folder'
                )
        if self.protocol != other.protocol:
            raise EvaluationError(
                f"{measure} by the protocols {self.protocol!r:.80} and {other.protocol!r:.80}: "
                "compare reports of one protocol"
            )

    @cached_property
    def _rows(self) -> dict[str, dict[str, Json]]:
        """Known rows of the summary by model and method."""
        rows = read_cache(self.folder, POOLED, self.models, dict[str, dict[str, Row]]) or {}
        return {
            model: {method: {**row} for method, row in of_model.items()}
            for model, of_model in rows.items()
        }
