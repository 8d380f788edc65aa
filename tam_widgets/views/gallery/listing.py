"""What the gallery lists: the samples of one run, or of two paired by the samples' ids."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...contract import CONTRACT
from .run import Entry, Run

VERSION = CONTRACT.gallery_version

Json = dict[str, Any]


def listing(runs: Sequence[Run]) -> Json:
    """Pairs the samples of runs, and describes the runs.

    Samples are in the order of the first run's data set, then those that only the second has. The
    scores are those of the first run.

    Raises:
        EvaluationError: Two samples of a run have one id.
    """
    listed = [run.samples for run in runs]
    names = sorted({n for samples in listed for one in samples.values() for n in _names(one)})
    index = {name: i for i, name in enumerate(names)}
    ids = dict.fromkeys(sample for samples in listed for sample in samples)
    first = runs[0]
    scored = [
        [[*run.scores].index(s) if s in run.scores else None for s in first.scores] for run in runs
    ]
    return {
        "version": VERSION,
        "dataset": first.dataset,
        "scores": [{"name": name, "label": label} for name, label in first.scores.items()],
        "signatures": [{"name": n, "meaning": meaning} for n, meaning in first.signatures.items()],
        "categories": names,
        "runs": [_facts(run, title) for run, title in zip(runs, titles(runs), strict=True)],
        "samples": [
            {
                "id": sample,
                "runs": [
                    _indexed(samples.get(sample), index, scores)
                    for samples, scores in zip(listed, scored, strict=True)
                ],
            }
            for sample in ids
        ],
    }


def titles(runs: Sequence[Run]) -> list[str]:
    """Names that tell runs apart: model and method, and the folder if these are equal."""
    short = [f"{run.model}, {run.method}" for run in runs]
    if len(set(short)) == len(short):
        return short
    return [f"{name} ({run.folder.name})" for name, run in zip(short, runs, strict=True)]


def _names(entry: Entry) -> list[str]:
    """Categories that an entry names."""
    return [*entry["m"], *(name for _, name, _ in entry["w"] if name is not None)]


def _indexed(
    entry: Entry | None, index: Mapping[str, int], scores: Sequence[int | None]
) -> Json | None:
    """An entry with the numbers of categories, -1 for none, and the first run's scores.

    Args:
        entry: Of a sample; None if the run does not have it.
        index: Number of each category.
        scores: Where the entry has each score of the first run; None if it has not.
    """
    if entry is None:
        return None
    words = [[text, index.get(name, -1) if name else -1, iou] for text, name, iou in entry["w"]]
    values = [None if number is None else entry["s"][number] for number in scores]
    return {**entry, "s": values, "w": words, "m": [index[name] for name in entry["m"]]}


def _facts(run: Run, title: str) -> Json:
    return {
        "title": title,
        "model": run.model,
        "method": run.method,
        "models": list(run.models),
        "methods": list(run.methods),
        "summary": run.summary,
    }
