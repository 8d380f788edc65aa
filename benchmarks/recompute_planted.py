"""The table of planted truths, computed anew from a folder of words without tam_widgets.

    python benchmarks/recompute_planted.py runs

compares what `tw.demo.planted_table()` stores with what the words in the folder give: their maps,
their pixels of evidence, and the probabilities of their checks. Cells are squares of equal size.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

SAME = 1e-6
STORED = Path(__file__).parents[1] / "tam_widgets" / "demo" / "planted_table.json"
MEASURES = ("share", "area", "pointing", "weakest", "nothing", "revealed")
DRAWS = 2_000


def main() -> None:
    found = largest_difference(Path(sys.argv[1]), json.loads(STORED.read_text())["rows"])
    print(f"largest difference {found:.3g}")
    if not found <= SAME:
        raise SystemExit(1)


def largest_difference(folder: Path, rows: Iterable[Mapping[str, Any]]) -> float:
    """Largest difference between the figures of rows and those of the words in a folder."""
    known = figures(folder)
    largest = 0.0
    for row in rows:
        own = known[row["model"], row["plant"], row["method"]]
        for measure in MEASURES:
            values = own[measure][: int(row["words"])]
            told = [row[f"{measure}{end}"] for end in ("", "_low", "_high")]
            if not values:
                assert all(value is None or value != value for value in told), (row, measure)
                continue
            expected = interval(np.array(values))
            largest = max(largest, *np.abs(np.subtract(told, expected)))
    return float(largest)


def interval(values: np.ndarray) -> tuple[float, float, float]:
    """The mean and the ends of its 95 % bootstrap interval, the words drawn by seed 0."""
    index = np.random.default_rng(0).choice(len(values), (DRAWS, len(values)))
    means = np.sort(values[index].sum(axis=1) / len(values))
    low, high = (np.interp(end * (DRAWS - 1), np.arange(DRAWS), means) for end in (0.025, 0.975))
    return float(values.sum() / len(values)), float(low), float(high)


def figures(folder: Path) -> dict[tuple[str, str, str], dict[str, list[float]]]:
    """Values of each measure by model, plant and method, words in the order of their seeds."""
    found: Any = defaultdict(lambda: defaultdict(list))
    for path in sorted(folder.glob("*/*.npz")):
        with np.load(path) as file:
            facts, places = json.loads(str(file["facts"])), file["places"]
            maps = dict(zip(file["names"].tolist(), file["maps"].astype(float), strict=True))
        for method, values in of_word(facts, places, maps).items():
            for measure, value in values.items():
                found[facts["model"], facts["plant"], method][measure].append(value)
    return found


def of_word(
    facts: dict[str, Any], places: np.ndarray, maps: dict[str, np.ndarray]
) -> dict[str, dict[str, float]]:
    """Each method's measures of one word, and the true mask's."""
    areas = facts["deletion"]
    random = [area for name, area in areas.items() if name.startswith("random ")]
    found = {name: of_map(np.maximum(values, 0), places) for name, values in maps.items()}
    if places.size:
        area = (places.sum(axis=0) > 0).sum() / places[0].size
        found["true mask"] = {"share": 1.0, "area": area, "pointing": 1.0, "weakest": 1 / area}
        for name in set(found) & set(areas):
            found[name]["revealed"] = float(all(areas[name] < other for other in random))
    elif facts["p_full"] is not None:
        for own in found.values():
            own["revealed"] = float(abs(facts["p_full"] - facts["p_blank"]) <= 0.05)
    return found


def of_map(weights: np.ndarray, places: np.ndarray) -> dict[str, float]:
    """The measures of one map that need no check."""
    if not places.size:
        return {"nothing": float(max(weights) < 0.5)}
    covers = [cover_of(place, len(weights)) for place in places]
    cover = cover_of(places.sum(axis=0) > 0, len(weights))
    found = {"share": 0.0, "area": cover.sum() / len(cover), "pointing": 0.0, "weakest": 0.0}
    if not weights.any():
        return found
    top = np.flatnonzero(weights == weights.max())
    return found | {
        "share": np.dot(weights, cover) / weights.sum(),
        "pointing": cover[top].sum() / len(top),
        "weakest": min(np.dot(weights, one) / weights.sum() / one.mean() for one in covers),
    }


def cover_of(pixels: np.ndarray, cells: int) -> np.ndarray:
    """Share of each cell that some pixels cover."""
    side = int(cells**0.5)
    size = len(pixels) // side
    shares: np.ndarray = pixels.reshape(side, size, side, size).sum(axis=(1, 3)).ravel() / size**2
    return shares


if __name__ == "__main__":
    main()
