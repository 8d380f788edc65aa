"""`explain_many` in batches of 8 against single calls: the same maps, and the time of both.

The demo models answer about held-out scenes; every cell of every map is compared. Batches and
single calls take turns; the ratio is the median of neighbouring ratios.
"""

from __future__ import annotations

import statistics
from typing import Any

import numpy as np
from report import arguments, interleaved, median_ratio, publish

import tam_widgets as tw

FIRST_SEED = 0


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--size", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    rows = [_measure(name, options.size, options.rounds) for name in tw.demo.MODELS]
    publish("batches", rows, options.json)


def _measure(name: str, size: int, rounds: int) -> dict[str, Any]:
    explainer = tw.demo.explainer(name)
    scenes = [tw.demo.scene(seed=FIRST_SEED + number) for number in range(size)]
    items = [(scene.image, scene.prompt) for scene in scenes]

    def together() -> list[Any]:
        return explainer.explain_many(items, batch_size=size, progress=False)

    def alone() -> list[Any]:
        return [explainer.explain(*item, progress=False) for item in items]

    pairs = list(zip(together(), alone(), strict=True))
    same = [batched.text == single.text for batched, single in pairs]
    differences = [
        float(np.abs(batched.maps() - single.maps()).max())
        for (batched, single), equal in zip(pairs, same, strict=True)
        if equal
    ]
    times = interleaved({"batch": together, "single": alone}, rounds)
    return {
        "model": name,
        "answers": size,
        "same text": sum(same),
        "largest difference of a cell (0 to 1)": max(differences),
        "batch s": statistics.median(times["batch"]),
        "single calls s": statistics.median(times["single"]),
        "batch / single": median_ratio(times["batch"], times["single"]),
    }


if __name__ == "__main__":
    main()
