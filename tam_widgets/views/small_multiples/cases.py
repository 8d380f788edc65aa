"""Figures of a report's samples: the word that fails most, and the true outline."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Unpack

from ...attribution import Method
from ...contract import CONTRACT
from ...errors import EvaluationError
from ...explanation.given_names import given_names
from ..gallery.run import Noun, Run
from ..gallery.twins import twin
from ..stills.settings import StillSettings
from ..stills.sight import maps_of
from .caption import ended, methods_text, quoted
from .cell import Cell, Ring
from .explained import cell_of
from .figure import Figure
from .keys import keys_of, on_one_scale
from .settings import FigureSettings, still_settings
from .sheet import Band, Sheet
from .word_choice import MOST, one_line

SCORE = "f1_iou"
THOUSANDTHS = 1000
"""Parts of a picture's width and height in which outlines are given."""


@dataclass(frozen=True)
class _Case:
    """A sample of a run, drawn."""

    cell: Cell
    method: Method
    prompt: str
    outlined: bool


def case_figure(
    runs: Sequence[Run],
    samples: str | Iterable[str] | None = None,
    **settings: Unpack[FigureSettings],
) -> Figure:
    """Samples under the maps of the words that fail most in them.

    Args:
        runs: One, or several, of which each has a column: all show the word that fails most in the
            first.
        samples: Their ids; by default the twelve with the lowest scores in the first run.
        **settings: See `Explanation.figure`.

    Raises:
        EvaluationError: There is no such sample, or it was not measured.
        OptionError: A setting is unknown or outside its range.
        ReportError: Explanations were not saved.
    """
    drawing = [
        still_settings({**_own(run.settings), **settings})  # the measured maps, unless told
        for run in runs
    ]
    ids = _ids(runs, samples)
    rows = [_cases(runs, one, drawing) for one in ids]
    several = len(runs) > 1
    bands = (
        [
            Band(one_line(one), [case.cell for case in row])
            for one, row in zip(ids, rows, strict=True)
        ]
        if several
        else [Band("", [case.cell for row in rows for case in row])]
    )
    bands = on_one_scale(bands) if drawing[0].scale == "shared" else bands
    methods = list({case.method.name: case.method for row in rows for case in row}.values())
    sheet = Sheet(
        bands,
        _heads(runs) if several else (),
        keys_of(bands, methods, drawing[0]),
        _caption(runs, rows, drawing),
        f"{len(ids)} sample{'s' if len(ids) > 1 else ''} of a report",
    )
    return Figure(sheet)


def _own(settings: dict[str, Any]) -> dict[str, Any]:
    """Of a run's settings those of its maps."""
    return {name: settings[name] for name in ("eci", "kernel_size", "border") if name in settings}


def _ids(runs: Sequence[Run], samples: str | Iterable[str] | None) -> list[str]:
    if samples is None:
        return _worst(runs[0])
    ids = given_names("samples", samples)
    if not ids:
        raise EvaluationError("no sample is given: give ids, or leave it out for the worst ones")
    for run in runs:
        for one in ids:
            entry = run.samples.get(one)
            if entry is None or "e" in entry:
                why = "is not in this report" if entry is None else "could not be measured"
                raise EvaluationError(
                    f"sample {one!r:.200} {why} for {run.model!r:.80}: give ids of "
                    "report.samples['sample']"
                )
    return ids


def _worst(run: Run) -> list[str]:
    """The samples with nouns that have the lowest scores, worst first."""
    place = [*run.scores].index(SCORE)
    scored = [
        (score, one)
        for one, entry in run.samples.items()
        if entry["k"] >= 0 and (score := entry["s"][place]) is not None
    ]
    if not scored:
        raise EvaluationError(
            "no sample of this run has a score: give the ids of those to show, as in "
            "report.samples['sample']"
        )
    return [one for _, one in sorted(scored, key=lambda pair: pair[0])[:MOST]]


def _cases(runs: Sequence[Run], sample: str, drawing: Sequence[StillSettings]) -> list[_Case]:
    """One sample in each run."""
    first = _worst_noun(runs[0], sample)
    return [
        _case(run, sample, first if run is runs[0] else _twin(run, sample, first), settings, runs)
        for run, settings in zip(runs, drawing, strict=True)
    ]


def _worst_noun(run: Run, sample: str) -> Noun | None:
    number = run.samples[sample]["k"]
    return run.nouns(sample)[number] if number >= 0 else None


def _twin(run: Run, sample: str, noun: Noun | None) -> Noun | None:
    """The noun of another run's answer that stands for the same."""
    own = run.nouns(sample)
    if noun is None:
        return None
    found = twin((noun.text, noun.category), [(one.text, one.category) for one in own])
    return None if found is None else own[found]


def _case(
    run: Run, sample: str, noun: Noun | None, settings: StillSettings, runs: Sequence[Run]
) -> _Case:
    explanation = run.explanation(sample)
    method = explanation.methods[run.settings["method"]]
    settings = replace(settings, method=method.name)
    rings = _rings(run, sample, noun)
    cell = cell_of(
        explanation,
        noun.tokens if noun else (),
        maps_of(explanation, settings),
        settings,
        method,
        title=one_line(noun.text) if noun else CONTRACT.texts.no_noun,
        facts=_overlap(run, sample, noun),
        rings=rings,
    )
    if len(runs) == 1:
        cell = replace(cell, detail=f"{one_line(sample)}: {cell.detail}")
    return _Case(cell, method, explanation.prompt_text, bool(rings))


def _overlap(run: Run, sample: str, noun: Noun | None) -> list[str]:
    if noun is None:
        return []
    nouns = run.nouns(sample)
    number = next(i for i, one in enumerate(nouns) if one.tokens == noun.tokens)
    iou = run.samples[sample]["w"][number][2]
    return [] if iou is None else [f"IoU {iou:.2f}"]


def _rings(run: Run, sample: str, noun: Noun | None) -> list[Ring]:
    """The true outlines of what the noun names, as shares of the picture."""
    if noun is None:
        return []
    return [
        [coordinate / THOUSANDTHS for coordinate in ring]
        for outline in run.outlines(sample)
        if outline.name == noun.category
        for ring in outline.rings
    ]


def _heads(runs: Sequence[Run]) -> list[str]:
    """What tells the runs apart."""
    models, methods = {run.model for run in runs}, {run.method for run in runs}
    return [
        ", ".join(
            part
            for part, kinds in ((run.model, models), (run.method, methods))
            if len(kinds) > 1 or (len(models) == 1 and len(methods) == 1 and part == run.model)
        )
        for run in runs
    ]


def _caption(
    runs: Sequence[Run], rows: Sequence[Sequence[_Case]], drawing: Sequence[StillSettings]
) -> str:
    models = ", ".join(dict.fromkeys(one_line(run.model) for run in runs))
    cases = [case for row in rows for case in row]
    prompts = {case.prompt for case in cases}
    parts = [f"{models} on {one_line(runs[0].dataset)}."]
    if len(prompts) == 1 and (prompt := prompts.pop()).strip():
        parts.append(ended(f"Prompt: {quoted(prompt)}"))
    parts.append("Of each answer the noun that fails most.")
    drawn = [(case.method, own) for row in rows for case, own in zip(row, drawing, strict=True)]
    parts.append(methods_text(drawn))
    if any(case.outlined for case in cases):
        parts.append("White lines: the true outline of what the noun names.")
    letters = [
        "p: the model's probability of the word",
        "IoU: of the map's region with that outline",
    ]
    letters += ["max: the map's maximum"] if drawing[0].scale == "token" else []
    return " ".join([*parts, f"{'; '.join(letters)}."])
