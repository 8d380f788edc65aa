"""One model and method of a report, as one side of the gallery.

What the gallery lists is derived from all records, which takes seconds where there are thousands.
So it is kept, in `cases/MODEL/METHOD.json`, when a run ends, and derived anew where a record is
newer.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from tam_widgets.errors import EvaluationError, ReportError
from tam_widgets.evaluation.cases import VERSION, case_of, rounded
from tam_widgets.evaluation.frames import noun_rows
from tam_widgets.evaluation.store import Json, Store

if TYPE_CHECKING:
    from tam_widgets.evaluation.report import Report


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
        listed = self._listed["cases"]
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
        summary: Json = self._listed["summary"]
        return summary

    @property
    def settings(self) -> Json:
        """How the explorer shows the method's maps."""
        method = self.report.settings["methods"][self.method]
        return {
            "method": method["steps"],
            "eci": method["eci"],
            "kernel_size": method["kernel_size"],
        }

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
        self.store.write_text(self._name, json.dumps(self._derived(), separators=(",", ":")))

    @cached_property
    def _listed(self) -> Json:
        return self._kept() or self._derived()

    def _kept(self) -> Json | None:
        path = self.store.folder / self._name
        count, newest = self.store.age(self.model)
        try:
            if path.stat().st_mtime_ns < newest:
                return None
            kept: Any = json.loads(path.read_bytes())
            return kept if kept["version"] == VERSION and len(kept["cases"]) == count else None
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def _derived(self) -> Json:
        row = self.report.pooled(self.model, self.method)
        return {
            "version": VERSION,
            "summary": {
                "f1_iou": rounded(row["f1_iou"]),
                "low": rounded(row["f1_iou_low"]),
                "high": rounded(row["f1_iou_high"]),
                "obj_iou": rounded(row["obj_iou"]),
                "func_iou": rounded(row["func_iou"]),
                "samples": row["samples"],
                "failed": row["failed"],
            },
            "cases": [
                {"id": r["sample"], "number": r["number"], **case_of(r, self.method)}
                for r in self.report.records[self.model]
            ],
        }

    @property
    def _name(self) -> str:
        return self.store.case_list(self.model, self.method)
