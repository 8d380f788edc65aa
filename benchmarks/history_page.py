"""The page on all published figures, and its picture, from what is kept of each release."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from benchmarks.figures import FIGURES, Figure

DOCS = Path(__file__).parents[1] / "docs"
PAGE = DOCS / "benchmarks.md"
PICTURE = DOCS / "images" / "benchmarks.svg"

WIDTH, NAMES, ROW, TOP = 700, 300, 20, 44
"""Of the picture, of its column of names, of a row, and of what is above the first one."""

Releases = Mapping[str, Mapping[str, Any]]

RESULTS = "../benchmarks/results"

BEGIN = """\
# Figures, release by release

Every figure that README and documentation publish, with the script that makes it. Written by
`python -m benchmarks.history`; [the scripts' page](../benchmarks/README.md) says what each asks.

![Dots of each release for each figure: above as shares of goals, below as ratios to the same work
alone](images/benchmarks.svg)

Times were measured on a small machine and depend on it. A dot is therefore a share of a goal, or a
ratio to the same work without this package on the same machine; left of the line is better. Of
several cases the worst counts. No test asserts a time.

"""

OTHERS = f"""\
## Other figures

What maps of the demo models are worth cannot be compared between these releases: the models were
trained anew.

| what | script | where |
| --- | --- | --- |
| metrics of the paper on 200 scenes | `demo_table.py` | [results]({RESULTS}/demo_table.md) |
| all methods: plausibility, faithfulness | `methods_table.py` | `tw.demo.methods_table()` |
| all methods on planted models | `planted_table.py` | `tw.demo.planted_table()` |
| where visual tokens are, by family | `family_table.py` | [results]({RESULTS}/families.md) |
| size of an installation without torch | `scripts/check_viewer.py` | [viewer.md](viewer.md) |
"""

STYLE = """
text { font: 12px system-ui, sans-serif; fill: #1f2328 }
.small { font-size: 11px; fill: #59636e }
.page { fill: #ffffff } .rule { stroke: #d1d9e0 } .goal { stroke: #1f2328; stroke-width: 1.5 }
.dot { stroke: #0b4f9e; stroke-width: 1.6; fill: #ffffff } .newest { fill: #0b4f9e }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 } .small { fill: #9da7b1 }
  .page { fill: #0d1117 } .rule { stroke: #3d444d } .goal { stroke: #e6edf3 }
  .dot { stroke: #79b8ff; fill: #0d1117 } .newest { fill: #79b8ff }
}
"""


def write_page(releases: Releases) -> None:
    """Writes the page and its picture."""
    PAGE.write_text(page(releases), "utf-8")
    PICTURE.write_text(picture(releases), "utf-8")


def page(releases: Releases) -> str:
    """The page, as Markdown."""
    tables = ["\n".join(lines) + "\n" for lines in (_releases(releases), _table(releases))]
    return "\n".join([BEGIN.rstrip() + "\n", *tables, OTHERS])


def _releases(releases: Releases) -> list[str]:
    lines = ["| release | figures as of | machine |", "| --- | --- | --- |"]
    for name, kept in releases.items():
        machines = "; ".join(_machine(one) for one in kept["machines"])
        commit, day = kept["commit"][:7], kept["committed"][:10]
        lines.append(f"| {name} | {day}, commit {commit} | {machines} |")
    return lines


def _machine(machine: Mapping[str, Any]) -> str:
    versions = ", ".join(f"{name} {machine[name]}" for name in ("numpy", "torch", "transformers"))
    cores = f"{machine['cores']} cores of {machine['processor']}, {machine['system']}"
    return f"{cores}, Python {machine['python']}, {versions}"


def _table(releases: Releases) -> list[str]:
    names = list(releases)
    newest = releases[names[-1]]["figures"]
    head = ["what", "script", "goal", *names, "measured"]
    lines = [f"| {' | '.join(head)} |", "|" + " --- |" * len(head)]
    for figure in FIGURES:
        values = [_value(figure, releases[name]["figures"].get(figure.name)) for name in names]
        day = newest[figure.name]["measured"][:10] if figure.name in newest else "not for this one"
        goal = "" if figure.goal is None else _with_unit(figure, figure.goal)
        row = [figure.name, f"`{figure.made_by}`", goal, *values, day]
        lines.append(f"| {' | '.join(row)} |")
    return lines


def _value(figure: Figure, kept: Mapping[str, Any] | None) -> str:
    return "–" if kept is None else _with_unit(figure, kept["value"])


def _with_unit(figure: Figure, value: float) -> str:
    unit = figure.unit or ("×" if figure.ratio or figure.goal is not None else "")
    number = f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
    return f"{number} {unit}".strip()


def picture(releases: Releases) -> str:
    """The figures as dots, a row each, as SVG."""
    goals = _shown([one for one in FIGURES if one.goal is not None], releases)
    ratios = _shown([one for one in FIGURES if one.ratio], releases)
    upper = _panel("share of the goal", goals, releases, 0)
    lower = _panel("ratio to the same work alone", ratios, releases, len(goals) * ROW + TOP + 26)
    height = (len(goals) + len(ratios)) * ROW + 2 * TOP + 26 + 36
    label = "Published figures by release"
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
            f'width="{WIDTH}" height="{height}" role="img" aria-label="{label}">',
            f"<style>{STYLE}</style>",
            f'<rect class="page" width="{WIDTH}" height="{height}"/>',
            *upper,
            *lower,
            *_key(list(releases), height - 14),
            "</svg>\n",
        ]
    )


def _shown(figures: Sequence[Figure], releases: Releases) -> list[Figure]:
    """Those that some release has."""
    known = {name for kept in releases.values() for name in kept["figures"]}
    return [figure for figure in figures if figure.name in known]


def _panel(title: str, figures: Sequence[Figure], releases: Releases, top: float) -> list[str]:
    shares = {
        (name, figure.name): kept["figures"][figure.name]["relative"]
        for name, kept in releases.items()
        for figure in figures
        if figure.name in kept["figures"]
    }
    end = math.ceil(2 * max(1.0, *shares.values())) / 2
    scale = (WIDTH - NAMES - 24) / end
    bottom = top + TOP + ROW * len(figures) - 4
    drawn = [f'<text x="{NAMES}" y="{top + 16}">{title}</text>']
    for half in range(round(2 * end) + 1):
        x = NAMES + scale * half / 2
        kind = "goal" if half == 2 else "rule"
        drawn.append(f'<path class="{kind}" d="M{x:.1f},{top + TOP - 6}V{bottom}"/>')
        place = f'x="{x:.1f}" y="{top + 33}" text-anchor="middle"'
        drawn.append(f'<text class="small" {place}>{half / 2:g}</text>')
    for row, figure in enumerate(figures):
        y = top + TOP + ROW * row + 8
        said = escape(figure.name.replace("`", ""))
        drawn.append(f'<text x="{NAMES - 12}" y="{y + 4}" text-anchor="end">{said}</text>')
        for name in releases:
            if (name, figure.name) in shares:
                share = shares[name, figure.name]
                says = f"<title>{name}: {share:.3g}</title>"
                drawn.append(_dot(NAMES + scale * share, y, name == list(releases)[-1], says))
    return drawn


def _dot(x: float, y: float, newest: bool, inside: str = "") -> str:
    kind = "dot newest" if newest else "dot"
    return f'<circle class="{kind}" cx="{x:.1f}" cy="{y}" r="4.5">{inside}</circle>'


def _key(names: Sequence[str], y: float) -> list[str]:
    drawn = []
    for place, name in enumerate(names):
        x = NAMES + 70 * place
        drawn.append(_dot(x + 5, y - 4, name == names[-1]))
        drawn.append(f'<text class="small" x="{x + 15}" y="{y}">{name}</text>')
    return drawn
