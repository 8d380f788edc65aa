"""Runs an evaluation on the workers of a Ray cluster.

Workers explain and measure. Only this process writes to the report's folder, so no other machine
needs access to it. Each worker makes its own model with the explainer's recipe and reads the data
set itself: the data set's files and a checkpoint's folder have to be at the same place on every
machine. If a worker dies, its replacement measures the sample again.
"""

from __future__ import annotations

import contextlib
import logging
import math
import os
import pickle
from collections.abc import Generator, Iterator, Mapping, Sequence
from typing import Any

from tam_widgets.errors import EvaluationError, MissingExtraError, OptionError
from tam_widgets.evaluation.execution.fingerprint import fingerprint
from tam_widgets.evaluation.execution.measuring import Explains, Measurement
from tam_widgets.evaluation.execution.worker import Attempts, Finished, Job, Recipe, Worker
from tam_widgets.evaluation.storage.report_folder import ReportFolder, Task

_QUIET = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_BACKEND_LOG_LEVEL": "fatal"}


def check(explainers: Mapping[str, Explains], workers: bool | int) -> None:
    """Refuses what cannot run on a cluster, before anything is started.

    Raises:
        MissingExtraError: The extra ``ray`` is not installed.
        OptionError: The number of workers is not a positive integer.
        EvaluationError: An explainer has no recipe.
    """
    if not isinstance(workers, int) or workers < 1:
        raise OptionError(f"ray={workers!r}: give True, or the number of workers, at least 1")
    _ray()
    _recipes(explainers)


def on_cluster(
    tasks: Sequence[Task],
    folder: ReportFolder,
    explainers: Mapping[str, Explains],
    measurement: Measurement,
    workers: bool | int,
) -> Generator[Task]:
    """Measures samples on the cluster; yields each when its record is written.

    An existing cluster is used: the one that this process is connected to, else that of
    ``RAY_ADDRESS`` or ``ray start``. Without one, a cluster is started on this machine, and stopped
    afterwards.

    Raises:
        EvaluationError: A worker differs from this process, or a sample kills every worker.
        Exception: An error of a worker that is not the sample's fault.
    """
    if not tasks:
        return
    job = _pickled(
        Job(
            measurement,
            folder.settings,
            _recipes(explainers),
            {name: fingerprint(one, measurement) for name, one in explainers.items()},
            os.getcwd(),  # noqa: PTH109
        )
    )
    with connected(), contextlib.closing(_results(tasks, job, workers)) as results:
        for finished in results:
            if finished.error is not None:
                raise finished.error
            folder.add_files(finished.files)
            yield finished.task


def _results(tasks: Sequence[Task], job: bytes, workers: bool | int) -> Generator[Finished]:
    """Yields the results of an actor pool of workers in the order of their arrival."""
    ray = _ray()
    attempts = ray.remote(num_cpus=0, max_restarts=-1, max_task_retries=-1)(Attempts).remote()
    reference = ray.put(job)
    rows = [{"model": name, "number": number} for name, number in tasks]
    data = ray.data.from_items(rows, override_num_blocks=len(rows))
    data.context.enable_progress_bars = False
    data.context.max_errored_blocks = 0
    size, share = places(ray.cluster_resources(), len(tasks), workers, _threads())
    done = data.map(
        Worker,
        fn_constructor_args=(reference, attempts),
        compute=ray.data.ActorPoolStrategy(size=size, max_tasks_in_flight_per_actor=1),
        runtime_env={"env_vars": _environment()},
        **share,
    )
    with contextlib.closing(iter(done.iter_batches(batch_size=None, prefetch_batches=0))) as it:
        for batch in it:
            yield from map(pickle.loads, batch["finished"])


def places(
    cluster: Mapping[str, float], tasks: int, workers: bool | int, threads: int
) -> tuple[int, dict[str, float]]:
    """The number of workers, and the resources that each takes.

    Args:
        cluster: Resources of the cluster by name, as Ray reports them.
        tasks: Number of samples that are left.
        workers: True for one per GPU, or without GPUs as many as the CPUs have room for, at least
            two. Or a number; if it exceeds that of GPUs, workers share them.
        threads: Number of threads with which a process computes.
    """
    gpus, cpus = int(cluster.get("GPU", 0)), int(cluster.get("CPU", 1))
    count = (gpus or max(2, cpus // threads)) if workers is True else workers
    count = min(count, tasks)
    if gpus:
        return count, {"num_gpus": min(1, _share(gpus, count))}
    return count, {"num_cpus": min(threads, _share(cpus, count))}


def _share(units: int, count: int) -> float:
    """Units per worker; a shared unit holds a whole number of workers."""
    return units // count if units >= count else 1 / math.ceil(count / units)


def _recipes(explainers: Mapping[str, Explains]) -> dict[str, Recipe]:
    recipes: dict[str, Any] = {n: getattr(one, "recipe", None) for n, one in explainers.items()}
    for name, recipe in recipes.items():
        if recipe is None:
            raise EvaluationError(
                f"{name}: workers cannot make it again. Save model and processor with "
                "save_pretrained in a folder that every machine sees and load it with "
                "Explainer.from_pretrained, or set its `recipe` to a function without arguments "
                "that makes it"
            )
    return recipes


def _pickled(job: Job) -> bytes:
    from ray import cloudpickle

    try:
        content: bytes = cloudpickle.dumps(job)
    except Exception as error:  # pickling raises whatever an object raises
        raise EvaluationError(
            f"the data set, the language or a recipe cannot be sent to workers ({error}): they "
            "have to be picklable, so keep paths instead of open files"
        ) from error
    return content


@contextlib.contextmanager
def connected() -> Iterator[None]:
    """Connects to Ray, started and stopped here if it is not running, with its log silenced."""
    ray = _ray()
    log = logging.getLogger("ray.data")
    level = log.level
    log.setLevel(logging.ERROR)
    try:
        if ray.is_initialized():
            yield
        else:
            with _own():
                yield
    finally:
        log.setLevel(level)


@contextlib.contextmanager
def _own() -> Iterator[None]:
    """Starts a Ray of our own and stops it."""
    ray = _ray()
    added = {name: value for name, value in _QUIET.items() if name not in os.environ}
    os.environ.update(added)
    try:
        ray.init(include_dashboard=False, log_to_driver=False, logging_level=logging.ERROR)
        yield
    finally:
        ray.shutdown()
        for name in added:
            del os.environ[name]


def _threads() -> int:
    import torch

    return torch.get_num_threads()


def _environment() -> dict[str, str]:
    """Gives workers as many threads as here, on which last digits depend, and no progress bars."""
    blas = next(filter(None, map(os.environ.get, ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"))), "")
    return {
        "OMP_NUM_THREADS": str(_threads()),
        "OPENBLAS_NUM_THREADS": blas or str(os.cpu_count()),
        "TQDM_DISABLE": "1",
    }


def _ray() -> Any:
    try:
        import ray
        import ray.data
    except ImportError as error:
        raise MissingExtraError(
            'Ray Data is not installed, and ray=True needs it: install the extra "ray" with '
            'pip install "tam-widgets[ray]"'
        ) from error
    return ray
