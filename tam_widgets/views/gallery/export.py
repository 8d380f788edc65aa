"""The gallery as one HTML file: cards, explanations and statistics, without network or kernel."""

from __future__ import annotations

import os
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import Any

from ...contract import CONTRACT
from ...explanation.storage import write_bytes
from ..document import inert
from .filters import no_filters
from .listing import listing
from .order import in_view
from .packed_sample import PackedSample, packed_sample
from .packing import Pack
from .page import packed_element, page
from .run import Run, Section

MAX_BYTES = 50_000_000
"""Most bytes of a file."""

Json = dict[str, Any]


@dataclass(frozen=True)
class GalleryFile:
    """A written file, and how many samples are in it.

    Attributes:
        path: Where it is.
        samples: Number of samples in it.
        in_view: Number of samples that passed the filters when it was written.
        of: Number of all samples.
        size: Its bytes.
    """

    path: Path
    samples: int
    in_view: int
    of: int
    size: int

    def __str__(self) -> str:
        return f"{self.path}: {self.size / 1e6:.1f} MB, {self.holds}"

    @property
    def holds(self) -> str:
        """How many samples are in it, and which."""
        which = [f"{self.samples:,} of {self.of:,} samples"]
        if self.in_view < self.of:
            some = "" if self.samples == self.in_view else f"of the {self.in_view:,} "
            which.append(f"{some or 'those '}that pass the filters")
        if self.samples < self.in_view:
            which.append(f"the first in this order, as many as fit in {MAX_BYTES / 1e6:.0f} MB")
        return ", ".join(which)


def write_gallery(
    runs: Sequence[Run], path: str | os.PathLike[str], settings: Mapping[str, Any] | None = None
) -> GalleryFile:
    """Writes the gallery as one HTML file that works from disk, without network or kernel.

    In it are the samples that pass the filters, in order, as many as fit in `MAX_BYTES`. A file of
    one run has all models and methods of its report, one of two runs has these.

    Args:
        runs: One or two.
        path: The file; it is replaced only when the new one is complete.
        settings: Traits of `Gallery`; those that are missing have their defaults.

    Raises:
        EvaluationError: Two samples of a run have one id.
        ReportError: Notes in the report's folder cannot be read.
        OutputError: The file cannot be written.
    """
    source = _Source(runs, settings or {})
    packed = list(source.fitting())
    content = source.page(packed)
    write_bytes(path, content)
    made = replace(source.holding(packed), path=Path(path), size=len(content))
    if made.samples < made.in_view:
        warnings.warn(str(made), stacklevel=3)
    return made


class _Source:
    """What a page is made from.

    Args:
        runs: One or two.
        settings: Some traits of `Gallery`.
    """

    def __init__(self, runs: Sequence[Run], settings: Mapping[str, Any]) -> None:
        self._runs = runs
        self._choices = _choices(runs)
        self._listings = [_listed(choice) for choice in self._choices]
        self._samples = [{one["id"]: one for one in all_["samples"]} for all_ in self._listings]
        self._notes = runs[0].notes()
        defaults = {name: one.default for name, one in CONTRACT.gallery_settings.items()}
        self._traits = {**defaults, "filters": no_filters(len(runs)), **settings}
        self._ordered = in_view(self._listings[0], self._notes, self._traits)
        self._sections = [*_statistics(runs)]

    def fitting(self) -> Iterator[PackedSample]:
        """The samples in view, in order, as many as fit."""
        left = MAX_BYTES - len(self.page([]))
        for sample in self._ordered:
            packed = packed_sample(self._choices, sample)
            left -= len(packed.card) + len(packed.explanation) + 2 * len(packed_element("", 0, b""))
            left -= sum(len(inert(samples.get(sample))) for samples in self._samples)
            if left < 0:
                return
            yield packed

    def holding(self, packed: Sequence[PackedSample]) -> GalleryFile:
        """What a file with the first of the samples in view holds."""
        return GalleryFile(Path(), len(packed), len(self._ordered), len(self._samples[0]), 0)

    def page(self, packed: Sequence[PackedSample]) -> bytes:
        """The page with the first of the samples in view."""
        inside = self._ordered[: len(packed)]
        known = {*inside}
        listings = (
            {**listed, "samples": [one for name, one in samples.items() if name in known]}
            for listed, samples in zip(self._listings, self._samples, strict=True)
        )
        return b"".join(
            page(
                _title(self._runs),
                f"{self.holding(packed).holds}.",
                self._state(inside),
                _elements("listing", map(Pack().packed, listings)),
                self._sections,
                [
                    *_elements("card", (one.card for one in packed)),
                    *_elements("explanation", (one.explanation for one in packed)),
                ],
            )
        )

    def _state(self, inside: Sequence[str]) -> Json:
        notes = {sample: self._notes[sample] for sample in inside if sample in self._notes}
        selection = [sample for sample in self._traits["selection"] if sample in inside]
        own = {"notes": notes, "selection": selection, "_read_only": True}
        return {
            "traits": {**self._traits, **own},
            "choices": [[[run.model, run.method] for run in choice] for choice in self._choices],
            "samples": inside,
        }


def _choices(runs: Sequence[Run]) -> list[list[Run]]:
    """Runs that the page shows together, first these."""
    if len(runs) > 1:
        return [[*runs]]
    (first,) = runs
    pairs = product(first.models, first.methods)
    others = [pair for pair in pairs if pair != (first.model, first.method)]
    return [[first], *([first.sibling(*pair)] for pair in others)]


def _listed(choice: Sequence[Run]) -> Json:
    """The listing, as a page needs it that may have only some of the samples.

    It has the shares of all samples that show each signature. Of two runs it offers no other models
    and methods, which are not inside.
    """
    listed = listing(choice)
    names = [signature["name"] for signature in listed["signatures"]]
    for number, run in enumerate(listed["runs"]):
        entries = [sample["runs"][number] for sample in listed["samples"]]
        measured = [entry for entry in entries if entry and not entry.get("e")]
        count = Counter(index for entry in measured for index in entry["g"])
        run["shares"] = {name: count[i] / max(len(measured), 1) for i, name in enumerate(names)}
        if len(choice) > 1:
            run |= {"models": [run["model"]], "methods": [run["method"]]}
    return listed


def _statistics(runs: Sequence[Run]) -> Iterator[Section]:
    """Those of each report, which are named if there are two."""
    reports = {run.folder: run for run in runs}
    for folder, run in reports.items():
        of = f" of {folder.name}" if len(reports) > 1 else ""
        for one in run.statistics():
            yield replace(one, title=f"{one.title}{of}")


def _title(runs: Sequence[Run]) -> str:
    return f"Evaluation on {' and '.join(dict.fromkeys(run.dataset for run in runs))}"


def _elements(name: str, texts: Iterable[bytes]) -> Iterator[bytes]:
    for number, text in enumerate(texts):
        yield packed_element(name, number, text)
