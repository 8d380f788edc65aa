"""The code that runs in a worker of a cluster: it makes an explainer and measures samples.

A worker writes nothing to the report's folder: it sends the files of a sample to the process that
called `evaluate`, which writes them.
"""

from __future__ import annotations

import gc
import os
import pickle
import platform
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tam_widgets.errors import EvaluationError
from tam_widgets.evaluation.execution.fingerprint import fingerprint, mismatches
from tam_widgets.evaluation.execution.measuring import Explains, Measurement
from tam_widgets.evaluation.storage.report_folder import ReportFolder, Task
from tam_widgets.evaluation.storage.schema import Json

Recipe = Callable[[], Explains]


ATTEMPTS = 3
"""Attempts before a sample that kills its worker is given up."""


@dataclass(frozen=True)
class Job:
    """What all workers of a run share.

    Attributes:
        measurement: How a sample is measured.
        settings: Those of the report.
        recipes: What makes each model's explainer.
        fingerprints: Of each model with the data set, made in the process that called `evaluate`.
        folder: That process's working folder, where relative paths begin.
    """

    measurement: Measurement
    settings: Mapping[str, Any]
    recipes: Mapping[str, Recipe]
    fingerprints: Mapping[str, Json]
    folder: str


@dataclass(frozen=True)
class Finished:
    """A sample that a worker has finished: its files, or the error that stopped it."""

    task: Task
    files: Mapping[str, bytes] = field(default_factory=dict)
    error: Exception | None = None


class Attempts:
    """Counts the attempts at each sample; outlives the workers."""

    def __init__(self) -> None:
        self._begun: Counter[Task] = Counter()

    def begin(self, task: Task) -> int:
        """Counts an attempt, and returns how many there were."""
        self._begun[task] += 1
        return self._begun[task]


class Worker:
    """Measures one sample after the other, holding one model at a time.

    Args:
        job: Reference to a pickled `Job`.
        attempts: The actor of `Attempts`.
    """

    def __init__(self, job: Any, attempts: Any) -> None:
        import ray

        self._job: Job = pickle.loads(ray.get(job))
        self._attempts = attempts
        self._name: str | None = None
        self._explainer: Explains | None = None
        if Path(self._job.folder).is_dir():
            os.chdir(self._job.folder)

    def __call__(self, row: Mapping[str, Any]) -> dict[str, bytes]:
        """Measures the sample of a row; an error is part of the result."""
        from ray import cloudpickle

        task = (str(row["model"]), int(row["number"]))
        try:
            finished = Finished(task, self._measured(task))
        except Exception as error:  # the process that called `evaluate` raises it
            finished = Finished(task, error=_portable(error))
        return {"finished": cloudpickle.dumps(finished)}

    def _measured(self, task: Task) -> dict[str, bytes]:
        import ray

        name, number = task
        if ray.get(self._attempts.begin.remote(task)) > ATTEMPTS:
            raise EvaluationError(
                f"sample {number} of {name}: {ATTEMPTS} workers died while measuring it, perhaps "
                "of too little memory. All records before it are kept: give fewer workers (ray=1), "
                "and run the same call with the same folder to go on"
            )
        explainer = self._loaded(name)
        with tempfile.TemporaryDirectory(prefix="tam-") as path:
            folder = ReportFolder(Path(path), self._job.settings)
            self._job.measurement.add(folder, explainer, number)
            return folder.files()

    def _loaded(self, name: str) -> Explains:
        if self._explainer is None or self._name != name:
            self._name = self._explainer = None
            gc.collect()  # the model before it leaves the memory first
            made = on_own_device(self._job.recipes[name]())
            if made.name != name:  # it was renamed after it was made
                made.name = name  # type: ignore[misc]
            _check(made, self._job)
            self._name, self._explainer = name, made
        return self._explainer


def on_own_device(explainer: Any) -> Explains:
    """Puts a model that lies in the CPU's memory on the GPU that the worker was given."""
    import ray

    model = getattr(explainer, "model", None)
    if model is not None and ray.get_runtime_context().get_accelerator_ids().get("GPU"):
        import torch

        placed = model.device.type != "cpu" or hasattr(model, "hf_device_map")
        if not placed and torch.accelerator.is_available():
            model.to(torch.accelerator.current_accelerator())
    made: Explains = explainer
    return made


def _check(made: Explains, job: Job) -> None:
    """Refuses a worker that differs from the process that started it."""
    differing = mismatches(job.fingerprints[made.name], fingerprint(made, job.measurement))
    if differing:
        raise EvaluationError(
            f"{made.name}: a worker on {platform.node()} differs from the process that called "
            "evaluate. Give every machine the same packages, and the data set's files at the same "
            "place; save a model that was changed after it was loaded, and load that:\n"
            + "\n".join(differing)
        )


def _portable(error: Exception) -> Exception:
    """The error with its traceback, in a form that another process can unpickle."""
    from ray import cloudpickle

    place = "".join(traceback.format_exception(error))
    try:
        pickle.loads(cloudpickle.dumps(error))
    except Exception:  # its class cannot be made from its arguments
        error = RuntimeError(f"{type(error).__name__}: {error}")
    error.add_note(f"In a worker on {platform.node()}:\n{place}")
    return error
