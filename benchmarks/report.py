"""What every benchmark prints: the machine, a markdown table, and JSON on request."""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import time
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"


def arguments(description: str | None) -> argparse.ArgumentParser:
    """A parser with the options that all benchmarks share."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--json", action="store_true", help="also write benchmarks/results/*.json")
    return parser


def machine() -> dict[str, Any]:
    """Processor, cores and versions that the figures depend on."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "system": platform.system(),
        "python": platform.python_version(),
        **{name: version(name) for name in ("numpy", "torch", "transformers")},
    }


def accelerator() -> str | None:
    """Name of the first CUDA device, None without one."""
    import torch

    return torch.cuda.get_device_name() if torch.cuda.is_available() else None


def table(rows: Sequence[dict[str, Any]]) -> str:
    """A markdown table of rows with the same keys."""
    head = list(rows[0])
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    lines += ["| " + " | ".join(_cell(row[name]) for name in head) + " |" for row in rows]
    return "\n".join(lines)


def publish(name: str, rows: Sequence[dict[str, Any]], write: bool, **facts: Any) -> None:
    """Prints machine, facts and table; with `write` also saves them as ``results/name.json``."""
    content = {"machine": machine(), **facts, "rows": list(rows)}
    print(", ".join(f"{key} {value}" for key, value in content["machine"].items()))
    for key, value in facts.items():
        print(f"{key}: {value}")
    print("\n" + table(rows))
    if write:
        save(RESULTS / f"{name}.json", json.dumps(content, indent=1) + "\n")


def save(path: Path, text: str) -> None:
    """Writes a text file under a temporary name and renames it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(path.name + ".tmp")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(path)


def seconds(work: Callable[[], Any]) -> float:
    """Wall time of one call."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def interleaved(works: dict[str, Callable[[], Any]], rounds: int) -> dict[str, list[float]]:
    """Times several pieces of work in turn, so that a change of load meets all of them.

    Args:
        works: What to time, by name; each runs once before, untimed.
        rounds: Number of timed rounds.

    Returns:
        Seconds of each round, by name.
    """
    for work in works.values():
        work()
    times: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            times[name].append(seconds(work))
    return times


def median_ratio(times: Sequence[float], base: Sequence[float]) -> float:
    """Median over the rounds of a time's ratio to its neighbour's."""
    return statistics.median(a / b for a, b in zip(times, base, strict=True))


def _cell(value: Any) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
