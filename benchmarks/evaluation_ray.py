"""An evaluation on two workers of a local Ray, one of them killed midway, against a local run.

Both demo models describe held-out scenes and are measured with four methods: in one process, on
two workers, and on two workers of which one is killed (SIGKILL) while it measures. Then all files
of the folders are compared. Times hold the start of Ray and of the models in its workers.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from evaluation_resume import METHODS, content, records
from report import arguments, publish

WORKERS = 2
WORKER_NAME = "ray::MapWorker"


def main() -> None:
    options = _options()
    if options.worker:
        _work(options.worker, options.scenes, options.ray)
        return
    runs = [("one process", 0, False), ("two workers", WORKERS, False)]
    runs.append(("two workers, one killed", WORKERS, True))
    with tempfile.TemporaryDirectory() as folder:
        timed = [
            _run(name, Path(folder) / str(i), options.scenes, workers, kill)
            for i, (name, workers, kill) in enumerate(runs)
        ]
        whole = content(Path(folder) / "0")
        rows = [
            _row(run, timed[0]["seconds"], whole, content(Path(folder) / str(i)))
            for i, run in enumerate(timed)
        ]
    publish(
        "evaluation_ray",
        rows,
        options.json,
        scenes=options.scenes,
        methods=METHODS,
        threads=os.environ.get("OMP_NUM_THREADS"),
        load=round(os.getloadavg()[1], 1),
    )


def _options() -> argparse.Namespace:
    parser = arguments(__doc__)
    parser.add_argument("--scenes", type=int, default=200)
    parser.add_argument("--worker", metavar="FOLDER", help=argparse.SUPPRESS)
    parser.add_argument("--ray", type=int, default=0, help=argparse.SUPPRESS)
    return parser.parse_args()


def _work(folder: str, scenes: int, workers: int) -> None:
    import tam_widgets as tw
    from tam_widgets.evaluation.datasets import DemoScenes

    explainers = [tw.demo.explainer(name) for name in tw.demo.MODELS]
    start = time.perf_counter()
    tw.evaluate(explainers, DemoScenes(scenes), METHODS, folder=folder, progress=False, ray=workers)
    print(json.dumps(time.perf_counter() - start))


def _run(name: str, folder: Path, scenes: int, workers: int, kill: bool) -> dict[str, Any]:
    command = [sys.executable, __file__, "--worker", str(folder), "--scenes", str(scenes)]
    environment = os.environ | {"RAY_ADDRESS": "local"}
    process = subprocess.Popen(
        [*command, "--ray", str(workers)], env=environment, stdout=subprocess.PIPE, text=True
    )
    killed_after = _kill_a_worker(process, folder, scenes) if kill else None
    printed = process.communicate()[0]
    if process.returncode:
        raise SystemExit(f"{name}: ended with status {process.returncode}")
    return {"run": name, "killed after records": killed_after, "seconds": json.loads(printed)}


def _kill_a_worker(process: subprocess.Popen[str], folder: Path, scenes: int) -> int:
    """Kills a worker when a quarter of the records is there; says how many there were."""
    while records(folder) < scenes // 2:
        if process.poll() is not None:
            raise SystemExit("the run ended before a worker could be killed")
        time.sleep(0.01)
    victim = _workers(process.pid)[0]
    os.kill(victim, signal.SIGKILL)
    return records(folder)


def _workers(driver: int) -> list[int]:
    """Workers of a process: the children of its children that Ray named so."""
    parents = {}
    named = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(path.name)] = int((path / "stat").read_text().rsplit(")", 1)[1].split()[1])
            if (path / "cmdline").read_text().startswith(WORKER_NAME):
                named.append(int(path.name))
        except OSError:
            continue
    return [pid for pid in named if driver in _ancestors(pid, parents)]


def _ancestors(pid: int, parents: dict[int, int]) -> set[int]:
    found: set[int] = set()
    while pid := parents.get(pid, 0):
        found.add(pid)
    return found


def _row(
    run: dict[str, Any], local: float, whole: dict[str, bytes], there: dict[str, bytes]
) -> dict[str, Any]:
    differing = [n for n in whole.keys() | there.keys() if whole.get(n) != there.get(n)]
    return {
        "run": run["run"],
        "killed after records": run["killed after records"],
        "records": sum(name.startswith("records/") for name in there),
        "files": len(there),
        "files that differ": len(differing),
        "time against one process": run["seconds"] / local,
    }


if __name__ == "__main__":
    main()
