"""Evaluates explainers on a data set: one call that can be resumed, one record per sample."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any

from tam_widgets.attribution import Method
from tam_widgets.attribution.maps import Compat
from tam_widgets.capture.progress import progress_bar
from tam_widgets.evaluation.datasets.resolve import resolve_dataset
from tam_widgets.evaluation.datasets.sample import Dataset, Sample
from tam_widgets.evaluation.execution import cluster
from tam_widgets.evaluation.execution.ids import checked_ids
from tam_widgets.evaluation.execution.measuring import (
    Explains,
    Measurement,
    by_name,
    check_explainers,
)
from tam_widgets.evaluation.execution.resume import begin_or_resume
from tam_widgets.evaluation.execution.running import RunningF1
from tam_widgets.evaluation.execution.settings import settings_of
from tam_widgets.evaluation.measures.scoring import Scoring
from tam_widgets.evaluation.methods import as_methods
from tam_widgets.evaluation.reports.report import Report
from tam_widgets.evaluation.storage.report_folder import ReportFolder, Task
from tam_widgets.evaluation.storage.schema import Json
from tam_widgets.evaluation.words.language import Language, Library, published_or_library
from tam_widgets.terminal import escaped

if TYPE_CHECKING:
    from tam_widgets.capture.explainer import Explainer


def evaluate(
    explainer: Explainer | Explains | Sequence[Explainer | Explains],
    dataset: Dataset | Sequence[Sample] | str,
    methods: Sequence[str | Method] = ("tam",),
    *,
    folder: str | os.PathLike[str] | None = None,
    compat: Compat = None,
    language: Language | None = None,
    faithfulness: str | None = None,
    keep_explanations: bool = True,
    progress: bool = True,
    ray: bool | int = False,
    **generation: Any,
) -> Report:
    """Measures explainers on a data set.

    Each answer is generated once and measured with every method. Calling again with the same folder
    resumes a run that was interrupted; the result is the same as that of an uninterrupted run.
    Samples that cannot be measured are listed with the reason, and are tried again by the next call
    with the same folder.

    Args:
        explainer: One, or several with different names; `GivenExplanations` are measured as they
            are.
        dataset: Any sequence of samples; see `evaluation.datasets`. Or, as on the command line, a
            folder in the layout of TAM's authors, or ``"demo:COUNT"``.
        methods: Names of `METHODS`, or `Method`s such as variants of these with other options and
            those of `evaluation.ABLATION`. Those that need the model are computed for every answer;
            `Explainer.cost` says what that takes. Decoder layers to which variants are fixed, as
            in ``METHODS["tam"].variant("TAM, layer 12", layer=12)``, are explained too. Of a method
            with a sign, what lies above 0 is measured.
        folder: Where the report is kept; a new temporary folder by default.
        compat: ``"reference"``: maps and metrics as published, and the published parts of speech if
            NLTK's data is installed.
        language: Tells parts of speech and lemmas; `language.Library` by default.
        faithfulness: The protocol, such as ``"cells"``, by which the words that name an object are
            checked under every method; see `Explainer.check`. By default none.
        keep_explanations: Whether to save each explanation, so that the report opens its samples
            in the explorer. A sample then takes the size of its picture and about 4 bytes per token
            and visual token: 80 to 200 kB with the demo models, instead of 10 to 30 kB.
        progress: Whether to show a progress bar with the time left and the F1-IoU so far.
        ray: Run on a Ray cluster, or on all GPUs of this machine: the number of workers, or True
            for one worker per GPU (without GPUs, as many as the CPUs have room for, at least two).
            Each worker makes its own model with the explainer's `recipe`. The data set's files and
            the checkpoints' folders have to be at the same place on every machine, the report's
            folder only on this one. The report is the same as without Ray, and each way of running
            resumes what the other started.
        **generation: Passed on to `explain`, such as `max_new_tokens`.

    Returns:
        The report.

    Raises:
        EvaluationError: The data set is empty, two explainers have one name, or one cannot compute
            a method or check words, which needs the model; one is a `ServedModel`, which writes no
            answers; two samples have one id, which of a list is found before anything is measured,
            and else when the second is reached; with `ray`, one has no recipe, or a worker differs
            from this process.
        OptionError: A method or the protocol is unknown, or there is no worker.
        ReportError: The folder holds a report made with different settings, or other files.
        OutputError: A record cannot be written; those before it are kept.
        MissingExtraError: The extra ``eval`` is not installed; with `ray`, the extra ``ray``.
    """
    scoring = Scoring(as_methods(methods, compat), language or _language(compat), compat)
    explainers = by_name(explainer)
    check_explainers(explainers, scoring.methods, faithfulness)
    if ray:
        cluster.check(explainers, ray)
    data = resolve_dataset(dataset) if isinstance(dataset, str) else dataset
    numbers = checked_ids(data)
    measurement = Measurement(data, scoring, generation, keep_explanations, faithfulness, numbers)
    settings = settings_of(explainers, measurement)
    report_folder = begin_or_resume(folder or tempfile.mkdtemp(prefix="tam-report-"), settings)
    todo = []
    for task in _tasks(report_folder):
        record = report_folder.record(*task)
        if record is None or not _is_measured(record):
            todo.append(task)
        else:
            numbers.setdefault(record["sample"], task[1])
    if ray:
        done = cluster.on_cluster(todo, report_folder, explainers, measurement, ray)
    else:
        done = _in_this_process(todo, report_folder, explainers, measurement)
    with closing(done):
        for _ in _shown(done, report_folder, scoring.methods[0].name) if progress else done:
            pass
    report = Report(report_folder.path)
    report.save_tables()
    return report


def _language(compat: Compat) -> Language:
    return published_or_library() if compat == "reference" else Library()


def _tasks(folder: ReportFolder) -> list[Task]:
    return [(name, number) for name in folder.models for number in range(folder.samples)]


def _is_measured(record: Json | None) -> bool:
    return record is not None and not record["error"]


def _in_this_process(
    tasks: Sequence[Task],
    folder: ReportFolder,
    explainers: Mapping[str, Explains],
    measurement: Measurement,
) -> Generator[Task]:
    """Measures one sample after the other; yields each when its record is written."""
    for name, number in tasks:
        measurement.add(folder, explainers[name], number)
        yield name, number


def _shown(done: Iterator[Task], folder: ReportFolder, method: str) -> Iterator[Task]:
    """Shows the progress, the time left, and the F1-IoU of each model so far."""
    tasks = _tasks(folder)
    running = {name: RunningF1(method) for name in folder.models}
    earlier = 0
    for name, number in tasks:
        record = folder.record(name, number)
        if record is not None and _is_measured(record):
            running[name].add(record)
            earlier += 1
    with progress_bar(len(tasks), "answer", initial=earlier, uneven=True) as bar:
        for name, number in done:
            record = folder.record(name, number) or {}
            running[name].add(record)
            bar.set_description(escaped(name), refresh=False)
            bar.set_postfix_str(running[name].text, refresh=False)
            bar.update()
            yield name, number
