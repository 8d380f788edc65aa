"""The tables of a report, as pandas frames."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

from tam_widgets.evaluation.measures.faithfulness import FAITHFULNESS
from tam_widgets.evaluation.reports.comparisons import COLUMNS as COMPARED
from tam_widgets.evaluation.reports.comparisons import comparison_rows
from tam_widgets.evaluation.reports.frames import (
    KEYS,
    SAMPLE_COLUMNS,
    WORD_COLUMNS,
    frame,
    sample_rows,
    signature_rows,
    signature_shares,
    skipped_rows,
    word_rows,
)
from tam_widgets.evaluation.reports.orders import COLUMNS, order_rows
from tam_widgets.evaluation.reports.results import Results
from tam_widgets.evaluation.storage.report_folder import open_folder
from tam_widgets.evaluation.storage.schema import Json


class ReportTables:
    """What a report has measured.

    Args:
        folder: Its folder.

    Raises:
        ReportError: The folder holds no report, or one that is damaged or of a newer version.
    """

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        self._results = Results(open_folder(folder))

    @property
    def folder(self) -> Path:
        """Where it is kept."""
        return self._results.folder.path

    @property
    def settings(self) -> Json:
        """What it was made with: data set, models, methods, language, versions."""
        return self._results.settings

    @property
    def models(self) -> list[str]:
        """Names of the models."""
        return self._results.models

    @property
    def methods(self) -> list[str]:
        """Names of the methods."""
        return self._results.methods

    @property
    def records(self) -> dict[str, list[Json]]:
        """The records of each model, in the order of the samples."""
        return self._results.records

    @cached_property
    def words(self) -> Any:
        """A pandas frame, one row per word, method and model; `skipped` explains missing values.

        If faithfulness was measured, the words that name an object have the areas under their
        probability, 0..1, while cells are removed (`deletion`) and brought back (`insertion`): in
        the order of the map, in random orders, from the centre (`centre_deletion`, …) and with the
        object's own cells first (`mask_deletion`, …); `selectivity`; the probability without a
        picture, `no_image`; and `reliance`, the logarithm of the probability with the picture less
        that without. Of a word of several tokens each is the mean.
        """
        rows = (row for record in self._all() for row in word_rows(record))
        return frame(rows, (*KEYS, "word", *WORD_COLUMNS, *self._faithfulness))

    @cached_property
    def samples(self) -> Any:
        """A pandas frame, one row per sample, method and model; means over the sample's words."""
        rows = (
            row
            for model, records in self.records.items()
            for record in records
            for row in sample_rows(record, self._results.text_limits(model))
        )
        return frame(rows, (*KEYS, *SAMPLE_COLUMNS, *self._faithfulness))

    @cached_property
    def skipped(self) -> Any:
        """A pandas frame of every word and sample that counts in no mean, with the reason."""
        rows = (row for record in self._all() for row in skipped_rows(record, self.methods))
        return frame(rows, (*KEYS, "word", "reason"))

    @cached_property
    def signatures(self) -> Any:
        """A pandas frame, one row per failure signature that a sample shows."""
        rows = (
            row
            for model, records in self.records.items()
            for record in records
            for row in signature_rows(record, self._results.text_limits(model))
        )
        return frame(rows, (*KEYS, "signature", "concerns"))

    @cached_property
    def signature_shares(self) -> Any:
        """A pandas frame: on how many of the measured samples each failure signature shows.

        One row per signature, model and method, with its `meaning`; `share` is 0..1.
        """
        return signature_shares(self.signatures, self.summary)

    @cached_property
    def faithfulness(self) -> Any:
        """A pandas frame, one row per model and order in which cells of the pictures are removed.

        The orders are those of the methods, and to compare with them random ones, that from the
        centre, and that of the true masks, whose `reference` is true. Means over the words that
        name an object, with the ends of 95 % bootstrap intervals over samples; lower is better for
        `deletion`, higher for `insertion`. `no_image` and `reliance` do not depend on the order.
        Without rows if faithfulness was not measured.
        """
        rows = order_rows(self.records, self.methods) if self._faithfulness else ()
        return frame(rows, COLUMNS)

    @cached_property
    def summary(self) -> Any:
        """A pandas frame, one row per model and method: pooled over words, as published.

        Columns ending in `_low` and `_high` are the ends of 95 % bootstrap intervals over samples.
        """
        rows = self._results.pooled_rows()
        return frame(rows, rows[0])

    def comparisons(self, measure: str = "f1_iou") -> Any:
        """A pandas frame: every model and method against the first.

        Args:
            measure: As for `compare`.
        """
        return frame(comparison_rows(self._results, measure), COMPARED)

    @property
    def _faithfulness(self) -> tuple[str, ...]:
        """Columns of what was measured besides overlap."""
        return () if self._results.protocol is None else FAITHFULNESS

    def _all(self) -> Iterator[Json]:
        for records in self.records.values():
            yield from records
