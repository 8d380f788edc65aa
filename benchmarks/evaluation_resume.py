"""A run that is killed again and again ends as an unbroken one, byte for byte.

Both demo models describe held-out scenes and are measured with four methods, once unbroken, and
once in a process that is killed (SIGKILL) at random points and started again. Then all files of
both folders are compared, and every figure of the summary is computed anew from the saved records,
by `recompute_report.py`.
"""

from __future__ import annotations

import argparse
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from recompute_report import largest_difference
from report import arguments, publish

METHODS = ("cam", "tam-no-rgf", "tam-no-eci", "tam")


def main() -> None:
    options = _options()
    if options.worker:
        _work(options.worker, options.scenes)
        return
    with tempfile.TemporaryDirectory() as folder:
        whole, broken = Path(folder) / "whole", Path(folder) / "broken"
        unbroken = _start(whole, options.scenes)
        rng = random.Random(options.seed)
        total = 2 * options.scenes
        points = sorted(rng.sample(range(1, total), options.kills))
        reached = [_killed(broken, options.scenes, point, rng) for point in points]
        _finish(_start(broken, options.scenes))
        _finish(unbroken)
        rows = [_row(whole, broken, reached)]
    publish("evaluation_resume", rows, options.json, scenes=options.scenes, methods=METHODS)


def _options() -> argparse.Namespace:
    parser = arguments(__doc__)
    parser.add_argument("--scenes", type=int, default=200)
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--seed", type=int, default=0, help="of the random points")
    parser.add_argument("--worker", metavar="FOLDER", help=argparse.SUPPRESS)
    return parser.parse_args()


def _work(folder: str, scenes: int) -> None:
    import tam_widgets as tw
    from tam_widgets.evaluation.datasets import DemoScenes

    explainers = [tw.demo.explainer(name) for name in tw.demo.MODELS]
    tw.evaluate(explainers, DemoScenes(scenes), METHODS, folder=folder, progress=False)


def _start(folder: Path, scenes: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, __file__, "--worker", str(folder), "--scenes", str(scenes)]
    return subprocess.Popen(command, stderr=subprocess.DEVNULL)


def _finish(process: subprocess.Popen[bytes]) -> None:
    if process.wait():
        raise SystemExit(f"a run ended with status {process.returncode}")


def _killed(folder: Path, scenes: int, point: int, rng: random.Random) -> int:
    """Starts a run, kills it some time after it reached so many records, and says how many."""
    process = _start(folder, scenes)
    while records(folder) < point:
        if process.poll() is not None:
            raise SystemExit("the run ended before it could be killed")
        time.sleep(0.01)
    time.sleep(rng.uniform(0, 0.5))
    process.send_signal(signal.SIGKILL)
    process.wait()
    return records(folder)


def records(folder: Path) -> int:
    return sum(1 for _ in folder.glob("records/*/*.json"))


def _row(whole: Path, broken: Path, reached: list[int]) -> dict[str, Any]:
    unbroken, resumed = content(whole), content(broken)
    differing = [n for n in unbroken.keys() | resumed.keys() if unbroken.get(n) != resumed.get(n)]
    return {
        "killed after records": " ".join(map(str, reached)),
        "records": records(broken),
        "files": len(unbroken),
        "files that differ": len(differing),
        "tables": sum(name.startswith("tables/") for name in unbroken),
        "largest difference of recomputed figures": largest_difference(broken),
    }


def content(folder: Path) -> dict[str, bytes]:
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


if __name__ == "__main__":
    main()
