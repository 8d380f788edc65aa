"""One model and method of a report, as one side of the gallery."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from tam_widgets.attribution import METHODS
from tam_widgets.errors import EvaluationError, OutputError, ReportError
from tam_widgets.evaluation.reports.cases import Case, case_of, rounded
from tam_widgets.evaluation.reports.frames import noun_rows
from tam_widgets.evaluation.reports.kept import keep, kept
from tam_widgets.evaluation.schema import Json
from tam_widgets.evaluation.store import Store

if TYPE_CHECKING:
    from tam_widgets.evaluation.reports.report import Report


@dataclass(frozen=True)
class Side:
    """A model and a method of a report; `Report.side` makes it.

    Attributes:
        report: The report.
        store: Its folder.
        model: Name of the model.
        method: Name of the method.
    """

    report: Report
    store: Store
    model: str
    method: str

    @cached_property
    def cases(self) -> dict[str, Json]:
        """What is listed of each sample, by its id: `cases.case_of` and its ``number``.

        Raises:
            EvaluationError: Two samples have one id.
        """
        listed = self._kept() or self._derived_and_kept()
        found = {case["id"]: {k: v for k, v in case.items() if k != "id"} for case in listed}
        if len(found) < len(listed):
            raise EvaluationError(
                f"{len(listed) - len(found)} samples of {self.report!r} share their ids with "
                "others: give each an id of its own, by which it is shown"
            )
        return found

    @property
    def summary(self) -> Json:
        """``f1_iou`` with its interval, ``obj_iou``, ``func_iou``, ``samples``, ``failed``."""
        row = self.report.pooled(self.model, self.method)
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
        method = self.report.settings["methods"][self.method]
        known = METHODS.get(method["method"])
        if known is None or not known.in_browser:  # its maps are carried under its own name
            return {"method": self.method}
        return {"method": known.name, **method["settings"]}

    def record(self, number: int) -> Json:
        """A sample's record.

        Raises:
            ReportError: It is no longer there.
        """
        if (record := self.store.record(self.model, number)) is None:
            raise ReportError(f"{self.report!r}: the record of sample {number} cannot be read")
        return record

    def words(self, record: Json) -> list[Json]:
        """The nouns of a record, in the order in which cases list them."""
        words = record.get("methods", {}).get(self.method, [])
        return [words[i] for i in noun_rows(words)]

    def save(self) -> None:
        """Keeps what the gallery lists; raises `OutputError` where it cannot."""
        keep(self.store, self._name, [self.model], self._derived())

    def _kept(self) -> list[Case] | None:
        """What was kept, unless it names nouns or samples that there are not."""
        listed = kept(self.store, self._name, [self.model], list[Case])
        if any(c["k"] >= len(c["w"]) or c["number"] >= self.store.items for c in listed or ()):
            return None
        return listed

    def _derived_and_kept(self) -> list[Json]:
        """Of a run that was killed, or a report of an older version: for the next time."""
        derived = self._derived()
        with suppress(OutputError):  # it can be shown all the same
            keep(self.store, self._name, [self.model], derived)
        return derived

    def _derived(self) -> list[Json]:
        return [
            {"id": record["sample"], "number": record["number"], **case_of(record, self.method)}
            for record in self.report.records[self.model]
        ]

    @property
    def _name(self) -> str:
        return self.store.case_list(self.model, self.method)
