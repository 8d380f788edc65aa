"""All methods on the planted models: how much of their maps lies on the planted reason.

Runs resume in their folder, so that one may be cut off: give the same command again. Several
processes may share the work, a model each:

    python benchmarks/planted_table.py --folder runs --parts cheap --models qwen2-vl/mark

Last, `--table --json` reads what is there, and writes what `tw.demo.planted_table()` returns.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from report import arguments, machine, save, table

import tam_widgets as tw
from tam_widgets.attribution import Method

REGIONS = 32
EAGLE = tw.METHODS["eagle"].variant("eagle", regions=REGIONS)
COSTLY: tuple[str | Method, ...] = ("occlusion", "rise", EAGLE)
CHEAP = tuple(name for name in tw.METHODS if name not in ("occlusion", "rise", "eagle"))


@dataclass(frozen=True)
class Part:
    """Methods on a number of words of each model, of which the first are checked by deletion."""

    methods: Sequence[str | Method]
    words: int
    checked: int


PARTS = {"cheap": Part(CHEAP, 30, 8), "costly": Part(COSTLY, 5, 5)}
NAMES = [f"{one.model}/{one.name}" for one in tw.demo.planted()]


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--folder", type=Path, required=True, help="of the words, kept")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=[])
    parser.add_argument("--models", nargs="+", choices=NAMES, default=NAMES)
    parser.add_argument("--table", action="store_true", help="write what the runs have found")
    options = parser.parse_args()
    for model in options.models:
        for part in options.parts:
            judged(PARTS[part], model, options.folder)
            print(f"{model} {part}", flush=True)
    if options.table:
        write(options.folder, options.json)


def judged(part: Part, model: str, folder: Path) -> list[dict[str, Any]]:
    """Runs or resumes one part of one model, or reads it where it is finished."""
    left_out = left_out_of(model)
    methods = [one for one in part.methods if tw.attribution.method_named(one).name not in left_out]
    options: dict[str, Any] = {"folder": folder, "progress": False}
    tw.evaluation.planted_truth(methods, [model], scenes=part.checked, check=True, **options)
    found = tw.evaluation.planted_truth(methods, [model], scenes=part.words, **options)
    rows: list[dict[str, Any]] = found.to_dataframe().to_dict("records")
    return rows


def left_out_of(model: str) -> list[str]:
    """MSEA where the grid is the same at every size; EAGLE where all words would be searched."""
    return (["msea"] if model.startswith("llava") else []) + (
        ["eagle"] if model.endswith("/prior") else []
    )


def write(folder: Path, as_json: bool) -> None:
    """Prints the table; with JSON writes it."""
    rows = []
    for model in NAMES:
        cheap, costly = (judged(PARTS[part], model, folder) for part in ("cheap", "costly"))
        rows += cheap + [row for row in costly if row["method"] != "true mask"]
    rows = [{name: rounded(value) for name, value in row.items()} for row in rows]
    print(table(rows))
    if as_json:
        content = {"machine": machine(), "interval": "95 % bootstrap over scenes", "rows": rows}
        stored = Path(tw.demo.__file__).parent / "planted_table.json"
        save(stored, json.dumps(content, indent=1) + "\n")


def rounded(value: Any) -> Any:
    """Seven decimals of a number, and None for one that is none."""
    if isinstance(value, float):
        return round(value, 7) if value == value else None
    return value


if __name__ == "__main__":
    main()
