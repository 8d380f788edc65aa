"""Keeps the figures of a release, and writes the page on all of them.

    python -m benchmarks.history --release 0.2.0                    # of the last commit's results
    python -m benchmarks.history --release 0.1.0 --commit 247c62a   # of another commit's
    python -m benchmarks.history                                    # the page alone

A figure that was last measured before the commit of the release before says nothing of this one:
it is left out, and the script to run is named. Write the history anew when it has run.
"""

from __future__ import annotations

import argparse
import json
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from benchmarks.figures import FIGURES

ROOT = Path(__file__).parents[1]
HISTORY = ROOT / "benchmarks" / "history"

Release = dict[str, Any]
"""What is kept of a release: its name, commit, its time, the machine, and its figures by name."""


def main() -> None:
    from benchmarks.history_page import write_page

    options = _options()
    if options.release:
        before = releases().get(options.since)
        kept = release_of(options.release, options.commit, before and before["committed"])
        HISTORY.mkdir(exist_ok=True)
        text = json.dumps(kept, indent=1, ensure_ascii=False) + "\n"
        (HISTORY / f"{options.release}.json").write_text(text, "utf-8")
        for script, names in missing(kept).items():
            print(f"not measured for {options.release}: python benchmarks/{script} --json")
            print("".join(f"    {name}\n" for name in names), end="")
    write_page(releases())


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--release", help="version whose figures are kept")
    parser.add_argument("--commit", default="HEAD", help="whose results are read; HEAD by default")
    parser.add_argument("--since", default=None, help="the release before; the newest by default")
    options = parser.parse_args()
    if options.since is None:
        earlier = [name for name in releases() if _number(name) < _number(options.release or "0")]
        options.since = earlier[-1] if earlier else ""
    return options


def releases() -> dict[str, Release]:
    """All that is kept, by version, the oldest first."""
    paths = sorted(HISTORY.glob("*.json"), key=lambda path: _number(path.stem))
    return {path.stem: json.loads(path.read_text("utf-8")) for path in paths}


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def release_of(name: str, commit: str, since: str | None) -> Release:
    """The figures of a release.

    Args:
        name: Its version.
        commit: Whose results are read.
        since: Time of the release before; what is older is left out.
    """
    figures: dict[str, dict[str, Any]] = {}
    machines: list[dict[str, Any]] = []
    for results, measured, content in _results(commit):
        if since is not None and measured <= since:
            continue
        if content["machine"] not in machines:
            machines.append(content["machine"])
        for figure in FIGURES:
            value = figure.value(content) if figure.results == results else None
            if value is not None:
                relative = figure.relative(value)
                figures[figure.name] = {
                    "value": _rounded(value),
                    "relative": None if relative is None else _rounded(relative),
                    "measured": measured,
                    "machine": machines.index(content["machine"]),
                }
    ordered = {one.name: figures[one.name] for one in FIGURES if one.name in figures}
    committed = _utc("show", "-s", commit)
    return {
        "release": name,
        "commit": _git("rev-parse", commit),
        "committed": committed,
        "machines": machines,
        "figures": ordered,
    }


def missing(kept: Release) -> dict[str, list[str]]:
    """Names of the figures that a release lacks, by the script that would make them."""
    found: dict[str, list[str]] = {}
    for figure in FIGURES:
        if figure.name not in kept["figures"]:
            found.setdefault(figure.made_by, []).append(figure.name)
    return found


def _results(commit: str) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Each file of results at a commit: its name, when it was measured, and its content."""
    for name in dict.fromkeys(figure.results for figure in FIGURES):
        path = f"benchmarks/results/{name}.json"
        if _git("ls-tree", "--name-only", commit, path):
            measured = _utc("log", "-1", commit, "--", path)
            yield name, measured, json.loads(_git("show", f"{commit}:{path}"))


def _utc(command: str, *arguments: str) -> str:
    """The time of a commit, ISO 8601 in UTC."""
    form = ("--date=format-local:%Y-%m-%dT%H:%M:%SZ", "--format=%cd")
    return _git(command, *form, *arguments)


def _git(*arguments: str) -> str:
    done = subprocess.run(
        ["git", *arguments], cwd=ROOT, env={"TZ": "UTC"}, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def _rounded(value: float) -> float:
    """To four significant digits."""
    return float(f"{value:.4g}")


if __name__ == "__main__":
    main()
