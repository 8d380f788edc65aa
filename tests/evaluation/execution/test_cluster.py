"""Evaluations on a real local Ray with two workers, some of which are killed."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch

import tam_widgets as tw
from tam_widgets import demo
from tam_widgets.capture.loading import portable_options
from tam_widgets.errors import EvaluationError, MissingExtraError, OptionError
from tam_widgets.evaluation.datasets import DemoScenes
from tam_widgets.evaluation.execution import cluster
from tam_widgets.evaluation.execution.fingerprint import fingerprint, mismatches
from tam_widgets.evaluation.execution.measuring import Measurement
from tam_widgets.evaluation.execution.settings import settings_of
from tam_widgets.evaluation.execution.worker import ATTEMPTS, Attempts, Job, Worker, on_own_device
from tam_widgets.evaluation.measures.scoring import Scoring
from tam_widgets.evaluation.methods import as_methods
from tam_widgets.evaluation.storage.report_folder import ReportFolder
from tam_widgets.evaluation.words.language import Library
from tests import torchvision_shim
from tests.evaluation.checking import CheckingExplainer
from tests.evaluation.folders import content
from tests.evaluation.made import MASKS, MadeExplainer, dataset, mask, sample
from tests.evaluation.watched import LONG, METHODS, WatchedExplainer, begun

ray = pytest.importorskip("ray", reason="Ray has no wheel for this Python")
ROOT = Path(__file__).parents[3]
PATIENCE = 180.0
SLOW_START = "timed out during startup"


@pytest.fixture(scope="module")
def two_workers() -> Iterator[None]:
    """A Ray that the user has started, of two CPUs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        patch.setenv("RAY_BACKEND_LOG_LEVEL", "fatal")
        _start()
        yield
        assert ray.is_initialized()
        ray.shutdown()


def _start(tries: int = 3) -> None:
    try:
        ray.init(
            address="local",
            num_cpus=2,
            include_dashboard=False,
            log_to_driver=False,
            object_store_memory=100_000_000,
        )
    except Exception as error:  # Ray gives up after 30 s, which a busy machine may need
        if tries == 1 or SLOW_START not in str(error):
            raise
        ray.shutdown()
        _start(tries - 1)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    folder = tmp_path / "log"
    folder.mkdir()
    return folder


def evaluate(folder: Path, *explainers: Any, samples: Any = None, **options: Any) -> tw.Report:
    options = {"methods": METHODS, "progress": False} | options
    return tw.evaluate(explainers, samples or dataset(), folder=folder, **options)


def measurement(samples: Any) -> Measurement:
    return Measurement(samples, Scoring(as_methods(METHODS), Library()), {}, False)


def until(condition: Callable[[], Any], patience: float = PATIENCE) -> Any:
    """Waits for a condition, and returns what it was."""
    end = time.monotonic() + patience
    while not (found := condition()):
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)
    return found


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_a_worker_killed_midway_changes_nothing(
    two_workers: None, tmp_path: Path, log: Path
) -> None:
    bad = [
        sample("no picture", mask()),
        sample("no mask", tmp_path / "none.png", image="good"),
        sample("mask of another size", np.zeros((8, 8), np.uint8), image="good"),
    ]
    samples = [*dataset(), *bad]
    local = evaluate(
        tmp_path / "local", WatchedExplainer("a"), WatchedExplainer("b"), samples=samples
    )
    killed: list[int] = []

    def kill() -> None:
        (pid,) = until(lambda: begun(log, "b", "absent"))
        assert alive(pid)
        os.kill(pid, signal.SIGKILL)
        killed.append(pid)

    killer = threading.Thread(target=kill)
    killer.start()
    report = evaluate(
        tmp_path / "cluster",
        WatchedExplainer("a", log),
        WatchedExplainer("b", log, {"absent": LONG}),
        samples=samples,
        ray=True,
    )
    killer.join()
    assert not alive(killed[0])
    again = set(begun(log, "b", "absent")) - set(killed)
    assert len(again) == 1, "another process has measured the sample"
    workers = {int(path.name.split()[-1]) for path in log.iterdir()}
    assert os.getpid() not in workers
    assert len(workers) >= 2
    assert report.summary["failed"].tolist() == [3, 3, 3, 3]
    assert report.summary["samples"].tolist() == [5, 5, 5, 5]
    assert content(report.folder) == content(local.folder)


def test_a_demo_model_is_made_anew_by_a_worker(two_workers: None, tmp_path: Path) -> None:
    llava, scenes = demo.explainer("llava"), DemoScenes(2)
    llava.recipe = partial(torchvision_shim.provided, llava.recipe)
    methods = [*METHODS, "edges"]  # which is computed with the model's input
    report = evaluate(tmp_path / "cluster", llava, samples=scenes, methods=methods, ray=1)
    local = evaluate(tmp_path / "local", llava, samples=scenes, methods=methods)
    assert content(report.folder) == content(local.folder)


def test_words_are_checked_by_workers(two_workers: None, tmp_path: Path) -> None:
    made = CheckingExplainer("a")
    recipe = partial(CheckingExplainer, "a")
    made.recipe = partial(torchvision_shim.provided, recipe)  # type: ignore[attr-defined]
    report = evaluate(tmp_path / "cluster", made, faithfulness="cells", ray=1)
    assert made.checked == []
    assert report.summary["checked"].tolist() == [3, 3]
    evaluate(tmp_path / "local", made, faithfulness="cells")
    assert content(tmp_path / "cluster") == content(tmp_path / "local")


def test_a_sample_that_ends_its_workers_ends_the_run(
    two_workers: None, tmp_path: Path, log: Path
) -> None:
    made = WatchedExplainer("a", log)
    task = measurement(dataset())
    settings = settings_of({"a": made}, task)
    job = Job(task, settings, {"a": made.recipe}, {"a": fingerprint(made, task)}, str(ROOT))
    attempts = ray.remote(num_cpus=0)(Attempts).remote()
    worker = Worker(ray.put(pickle.dumps(job)), attempts)
    row = {"model": "a", "number": 1}
    results = [pickle.loads(worker(row)["finished"]) for _ in range(ATTEMPTS + 1)]
    assert [one.error for one in results[:-1]] == [None] * ATTEMPTS
    assert list(results[0].files)[-1] == "records/0-a/000001.json"
    assert isinstance(results[-1].error, EvaluationError)
    assert "sample 1 of a: 3 workers died" in str(results[-1].error)


def test_what_is_no_fault_of_a_sample_stops_the_run(
    two_workers: None, tmp_path: Path, log: Path
) -> None:
    broken = WatchedExplainer("a", log, fails={"no object": MissingExtraError("timm is missing")})
    with pytest.raises(MissingExtraError, match="timm is missing") as raised:
        evaluate(tmp_path / "r", broken, ray=1)
    assert "In a worker on" in raised.value.__notes__[0]
    assert "watched.py" in raised.value.__notes__[0]
    assert len(list((tmp_path / "r" / "records").rglob("*.json"))) == len(MASKS) - 1
    (pid,) = begun(log, "a", "no object")
    until(lambda: not alive(pid))
    evaluate(tmp_path / "r", WatchedExplainer("a"))
    evaluate(tmp_path / "whole", WatchedExplainer("a"))
    assert content(tmp_path / "r") == content(tmp_path / "whole")


def test_an_unforeseen_error_is_listed_and_its_sample_tried_again(
    two_workers: None, tmp_path: Path, log: Path
) -> None:
    broken = WatchedExplainer("a", log, fails={"no object": RuntimeError("out of GPU memory")})
    report = evaluate(tmp_path / "r", broken, ray=1)
    assert report.summary["failed"].tolist() == [1] * len(METHODS)
    assert "RuntimeError: out of GPU memory" in set(report.skipped["reason"])
    evaluate(tmp_path / "r", WatchedExplainer("a"))
    evaluate(tmp_path / "whole", WatchedExplainer("a"))
    assert content(tmp_path / "r") == content(tmp_path / "whole")


def test_an_interrupted_run_stops_its_workers_and_can_go_on(
    two_workers: None, tmp_path: Path, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_files, calls = ReportFolder.add_files, 0

    def interrupted(folder: ReportFolder, files: Any) -> None:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise KeyboardInterrupt
        add_files(folder, files)

    slow = WatchedExplainer("a", log, {"no noun": LONG, "no object": LONG})
    monkeypatch.setattr(ReportFolder, "add_files", interrupted)
    with pytest.raises(KeyboardInterrupt) as kept:
        evaluate(tmp_path / "r", slow, ray=2)
    assert kept.tb is not None  # as a notebook keeps it
    pids = {int(path.name.split()[-1]) for path in log.iterdir()}
    assert pids
    until(lambda: not any(map(alive, pids)), LONG / 2)
    assert ray.is_initialized()
    again = WatchedExplainer("a")
    evaluate(tmp_path / "r", again)
    assert len(again.asked) == len(MASKS) - 1, "what was written is not measured again"
    evaluate(tmp_path / "whole", WatchedExplainer("a"))
    assert content(tmp_path / "r") == content(tmp_path / "whole")


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="reads processes from /proc")
def test_when_the_process_itself_is_killed_nothing_stays_but_the_records(
    tmp_path: Path, log: Path
) -> None:
    mark = f"TAM_TEST={uuid.uuid4()}"
    process = _started_alone(tmp_path / "r", log, mark)
    process.kill()
    process.wait()
    until(lambda: not _running_with(mark))
    records = len(list((tmp_path / "r" / "records").rglob("*.json")))
    again = [WatchedExplainer("a"), WatchedExplainer("b")]
    evaluate(tmp_path / "r", *again)
    assert sum(len(one.asked) for one in again) == 10 - records
    evaluate(tmp_path / "whole", WatchedExplainer("a"), WatchedExplainer("b"))
    assert content(tmp_path / "r") == content(tmp_path / "whole")


def _started_alone(folder: Path, log: Path, mark: str, tries: int = 3) -> subprocess.Popen[str]:
    """A run on a Ray of its own, when its first record is there."""
    run = f"from tests.evaluation.watched import main; main({str(folder)!r}, {str(log)!r})"
    command = [sys.executable, "-c", run]
    environment = os.environ | {"RAY_ADDRESS": "local"} | dict([mark.split("=")])
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True
    )
    until(lambda: list(folder.glob("records/*/*.json")) or process.poll() is not None)
    if process.poll() is None:
        return process
    error = process.communicate()[1]
    assert tries > 1, error
    assert SLOW_START in error
    return _started_alone(folder, log, mark, tries - 1)


def _running_with(mark: str) -> list[str]:
    """Processes that have inherited a variable."""
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            if mark.encode() in path.read_bytes():
                found.append(path.parent.name)
        except OSError:
            continue
    return found


@pytest.mark.parametrize(
    ("there", "tasks", "workers", "threads", "expected"),
    [
        ({"GPU": 4, "CPU": 64}, 1000, True, 16, (4, {"num_gpus": 1})),
        ({"GPU": 4, "CPU": 64}, 3, True, 16, (3, {"num_gpus": 1})),
        ({"GPU": 4, "CPU": 64}, 1000, 2, 16, (2, {"num_gpus": 1})),
        ({"GPU": 4, "CPU": 64}, 1000, 6, 16, (6, {"num_gpus": 0.5})),
        ({"CPU": 64}, 1000, True, 16, (4, {"num_cpus": 16})),
        ({"CPU": 16}, 1000, True, 16, (2, {"num_cpus": 8})),
        ({"CPU": 16}, 1000, 4, 1, (4, {"num_cpus": 1})),
        ({"CPU": 1}, 1000, True, 1, (2, {"num_cpus": 0.5})),
    ],
)
def test_workers_take_what_the_cluster_has(
    there: dict[str, float], tasks: int, workers: int, threads: int, expected: Any
) -> None:
    assert cluster.places(there, tasks, workers, threads) == expected


@pytest.mark.parametrize("workers", [-1, 1.5, "auto"])
def test_a_number_of_workers_that_is_none_is_refused(tmp_path: Path, workers: Any) -> None:
    with pytest.raises(OptionError, match="at least 1"):
        evaluate(tmp_path / "r", WatchedExplainer("a"), ray=workers)
    assert not (tmp_path / "r").exists()


def test_an_explainer_that_no_worker_can_make_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match=r"made: workers cannot make it again.*recipe"):
        evaluate(tmp_path / "r", MadeExplainer(), ray=True)
    assert not (tmp_path / "r").exists()


def test_without_ray_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(MissingExtraError, match=r"tam-widgets\[ray\]"):
        evaluate(tmp_path / "r", WatchedExplainer("a"), ray=True)
    assert not (tmp_path / "r").exists()


def test_what_cannot_be_sent_is_refused(tmp_path: Path) -> None:
    samples = dataset()
    samples[0] = sample("open", mask(), image=threading.Lock())
    with pytest.raises(EvaluationError, match="picklable"):
        evaluate(tmp_path / "r", WatchedExplainer("a"), samples=samples, ray=True)


def test_a_recipe_makes_the_same_model_and_a_changed_one_is_noticed() -> None:
    llava = demo.explainer("llava")
    assert llava.recipe is not None
    there = fingerprint(llava.recipe(), measurement(dataset()))
    assert mismatches(there, fingerprint(llava, measurement(dataset()))) == []
    llava.model.model.language_model.layers[0].mlp.up_proj.weight.data.mul_(1.01)
    (line,) = mismatches(there, fingerprint(llava, measurement(dataset())))
    assert line.strip().startswith("weights: there")


def test_a_recipe_names_no_device_of_this_machine() -> None:
    path = str(demo.model_path("llava"))
    recipe = tw.Explainer.from_pretrained(path, dtype="float32").recipe
    assert recipe is not None
    assert recipe().name == "llava"
    assert portable_options({"device_map": "cuda:1", "dtype": "auto"}) == {"dtype": "auto"}
    assert portable_options({"device_map": {"": 0}}) == {}
    assert portable_options({"device_map": "auto"}) == {"device_map": "auto"}


@pytest.mark.parametrize(
    ("gpus", "where", "expected"),
    [(["0"], "cpu", ["cuda"]), ([], "cpu", []), (["0"], "cuda", [])],
)
def test_a_model_goes_to_the_gpu_that_its_worker_was_given(
    gpus: list[str], where: str, expected: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    went: list[str] = []
    model = SimpleNamespace(device=torch.device(where), to=lambda device: went.append(device.type))
    context = SimpleNamespace(get_accelerator_ids=lambda: {"GPU": gpus})
    monkeypatch.setattr(ray, "get_runtime_context", lambda: context)
    monkeypatch.setattr(torch.accelerator, "is_available", lambda: True)
    monkeypatch.setattr(torch.accelerator, "current_accelerator", lambda: torch.device("cuda"))
    on_own_device(SimpleNamespace(model=model))
    assert went == expected


def test_other_files_are_noticed(tmp_path: Path) -> None:
    def seen(labels: Any, image: str) -> dict[str, Any]:
        return fingerprint(MadeExplainer(), measurement([sample("first", labels, image=image)]))

    (tmp_path / "picture.jpg").touch()
    there = seen(mask(cat=slice(0, 4)), str(tmp_path / "picture.jpg"))
    assert mismatches(there, seen(mask(cat=slice(0, 4)), str(tmp_path / "picture.jpg"))) == []
    assert (
        "no file" in mismatches(there, seen(mask(cat=slice(0, 4)), str(tmp_path / "none.jpg")))[0]
    )
    assert "DatasetError" in mismatches(there, seen(tmp_path / "none.png", "good"))[0]
    assert len(mismatches(there, seen(mask(cat=slice(0, 5)), str(tmp_path / "picture.jpg")))) == 1


@pytest.mark.parametrize("users", [True, False])
def test_only_a_ray_that_was_started_here_is_stopped(
    users: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str] = []
    monkeypatch.delenv("RAY_USAGE_STATS_ENABLED", raising=False)
    monkeypatch.setattr(ray, "is_initialized", lambda: users)
    monkeypatch.setattr(
        ray, "init", lambda **_: calls.append(os.environ["RAY_USAGE_STATS_ENABLED"])
    )
    monkeypatch.setattr(ray, "shutdown", lambda: calls.append("stopped"))
    with pytest.raises(KeyboardInterrupt), cluster.connected():
        raise KeyboardInterrupt
    assert calls == ([] if users else ["0", "stopped"])
    assert "RAY_USAGE_STATS_ENABLED" not in os.environ
