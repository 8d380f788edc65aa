"""How long `import tam_widgets` and `tw.load` take in a fresh interpreter, and what they import."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import samples
from report import arguments, publish

GOALS = {"import": 0.5, "load": 0.2}
HEAVY = ("torch", "transformers", "anywidget", "plotly")

PROBE = f"""
import json, sys, time
start = time.perf_counter()
import tam_widgets as tw
imported = time.perf_counter()
tw.load(sys.argv[1])
loaded = time.perf_counter()
heavy = [name for name in {HEAVY!r} if name in sys.modules]
print(json.dumps({{"import": imported - start, "load": loaded - imported, "heavy": heavy}}))
"""


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--runs", type=int, default=9)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sample.safetensors"
        samples.explanation().save(path)
        size = path.stat().st_size
        runs = [_run(path) for _ in range(options.runs)]
    rows = [_row(name, [run[name] for run in runs]) for name in GOALS]
    heavy = ", ".join(runs[0]["heavy"]) or "none"
    publish("startup", rows, options.json, file_MB=size / 1e6, heavy_modules_imported=heavy)


def _run(path: Path) -> dict[str, Any]:
    command = [sys.executable, "-c", PROBE, str(path)]
    result = subprocess.run(command, check=True, capture_output=True, text=True)
    return dict(json.loads(result.stdout))


def _row(name: str, times: list[float]) -> dict[str, Any]:
    return {
        "step": name,
        "median s": statistics.median(times),
        "worst s": max(times),
        "goal s": GOALS[name],
    }


if __name__ == "__main__":
    main()
