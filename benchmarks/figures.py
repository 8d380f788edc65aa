"""Which of the benchmarks' figures are published, and what each is measured against."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

Row = dict[str, Any]


@dataclass(frozen=True)
class Figure:
    """One published figure.

    Attributes:
        name: What is measured.
        results: The file of `benchmarks/results`, without its ending.
        where: What one cell of a row has, a part of a text or a number, so that the row counts.
        column: Where the value stands, in these rows or in the file's facts; or what computes it
            from a row.
        unit: Of the value; empty for ratios and counts.
        goal: What it should not exceed, in that unit; None without a goal.
        ratio: Whether it is a ratio to the same work alone, so that 1 means that nothing is added.
        script: What makes it; by default the script of the results' name.
        take: Makes one value of several rows.
    """

    name: str
    results: str
    where: str | int
    column: str | Callable[[Row], float]
    unit: str = ""
    goal: float | None = None
    ratio: bool = False
    script: str = ""
    take: Callable[[Iterable[float]], float] = max

    @property
    def made_by(self) -> str:
        """Name of the script in `benchmarks/`."""
        return f"{self.script or self.results}.py"

    def value(self, content: dict[str, Any]) -> float | None:
        """The figure in a file of results; None if it is not there."""
        if isinstance(self.column, str) and self.column in content:
            return float(content[self.column])
        values = [self._of(row) for row in content["rows"] if self._counts(row)]
        known = [value for value in values if value is not None]
        return self.take(known) if known else None

    def relative(self, value: float) -> float | None:
        """A ratio as it is, others as a share of their goal; None without a goal."""
        if self.ratio:
            return value
        return None if self.goal is None else value / self.goal

    def _counts(self, row: Row) -> bool:
        if isinstance(self.where, int):
            return self.where in row.values()
        return any(isinstance(cell, str) and self.where in cell for cell in row.values())

    def _of(self, row: Row) -> float | None:
        found = row.get(self.column) if isinstance(self.column, str) else self.column(row)
        return None if found is None else float(found)


def _missed(row: Row) -> float:
    return float(row["cells"] - row["hit"])


FIGURES = (
    Figure(
        "time of all maps, against two plain steps",
        "attribution_speed",
        "all maps / the two plain steps",
        "value",
        goal=1.5,
    ),
    Figure(
        "memory of all maps, against what they hold",
        "attribution_speed",
        "added / (maps + hidden states)",
        "value",
        goal=2,
    ),
    Figure("`import tam_widgets`", "startup", "import", "median s", "s", 0.5),
    Figure("`tw.load`", "startup", "load", "median s", "s", 0.2),
    Figure("hover to painted map, median", "hover_latency", "hover to", "median", "ms", 16),
    Figure("hover to painted map, 95 %", "hover_latency", "hover to", "95 %", "ms", 33),
    Figure(
        "cell's end to the visible explorer",
        "hover_latency",
        "cell's end to visible",
        "median",
        "ms",
        1000,
    ),
    Figure("size of the explorer's module", "hover_latency", "bundle", "median", "kB", 60),
    Figure("box to words on 24 × 24, median", "brush_latency", "24x24: mouse", "median", "ms", 16),
    Figure("box to words on 37 × 49, median", "brush_latency", "37x49: mouse", "median", "ms", 16),
    Figure("box to words, 95 %", "brush_latency", ": mouse", "95 %", "ms", 33),
    Figure("film: mouse to frame, median", "scrub_latency", "mouse to", "median", "ms", 16),
    Figure("word locked to its map at a layer", "layer_latency", "word lock", "median", "ms", 200),
    Figure("layers' slider: script of a step", "layer_latency", "JavaScript", "median", "ms", 16),
    Figure("anatomy: script of a step", "anatomy_latency", "JavaScript", "median", "ms", 16),
    Figure("check: click to first points", "check_latency", "first points", "median", "s", 0.5),
    Figure("check: click to the verdict", "check_latency", "the verdict", "median", "s", 3),
    Figure(
        "gallery of 5,000: start to first cards",
        "gallery_latency",
        "first cards with pictures, 1 side",
        "median",
        "ms",
        1000,
    ),
    Figure(
        "gallery of two reports: start to first cards",
        "gallery_latency",
        "first cards with pictures, 2 sides",
        "median",
        "ms",
        1000,
    ),
    Figure(
        "gallery, scrolling: work a frame, 95 %", "gallery_latency", "thread's", "95 %", "ms", 16
    ),
    Figure(
        "file of a gallery of 200: size",
        "gallery_page",
        "bytes of the file",
        lambda row: row["value"] / 1e6,
        "MB",
        5,
    ),
    Figure(
        "file of a gallery of 200: opening it", "gallery_page", "opening it", "value", "ms", 1000
    ),
    Figure(
        "`explain` against `generate`", "explain_overhead", "", "explain / generate", ratio=True
    ),
    Figure("`explain_many` against single calls", "batches", "", "batch / single", ratio=True),
    Figure(
        "`evaluate`, 1 method, against generating",
        "evaluation_cost",
        "",
        "1 method / generate, inputs ready",
        ratio=True,
    ),
    Figure(
        "`evaluate`, 4 methods, against generating",
        "evaluation_cost",
        "",
        "4 methods / generate, inputs ready",
        ratio=True,
    ),
    Figure("a check in a view against without", "check_latency", "ratio", "median", ratio=True),
    Figure("a loop over windows against all maps", "attribution_speed", "loop / all", "value", "×"),
    Figure(
        "metrics of one caption", "evaluation_cost", "", "metrics of one caption, ms", unit="ms"
    ),
    Figure("page of 2,000 tokens on 24 × 24: time", "large_records", 2000, "page s", "s"),
    Figure("page of 2,000 tokens on 24 × 24: size", "large_records", 2000, "page MB on disk", "MB"),
    Figure("page of 256 tokens on 320 × 320: time", "large_records", 256, "page s", "s"),
    Figure("page of 256 tokens on 320 × 320: size", "large_records", 256, "page MB on disk", "MB"),
    Figure(
        "file of a gallery of 200: opening a sample", "gallery_page", "opening a", "value", "ms"
    ),
    Figure(
        "`explain_many`: largest difference of a cell",
        "batches",
        "",
        "largest difference of a cell (0 to 1)",
    ),
    Figure(
        "painted cells that moved another token than the geometry names",
        "families",
        "",
        _missed,
        script="family_table",
        take=sum,
    ),
    Figure(
        "cells that differ from the published pipeline, of some 74,500",
        "published_pipeline",
        "",
        "different",
        take=sum,
    ),
    Figure(
        "files of an evaluation that differ after five kills",
        "evaluation_resume",
        "",
        "files that differ",
    ),
    Figure(
        "files that differ on two workers, one killed",
        "evaluation_ray",
        "",
        "files that differ",
    ),
)
