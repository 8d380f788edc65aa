"""What `reliance=True` adds to `explain`: one forward pass with a blank picture.

Both take turns; the ratio is the median of neighbouring ratios. The demo model answers a scene, the
others, of random weights, a picture of noise with a fixed number of tokens.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable
from functools import partial
from typing import Any

from explaining import explained, options_of
from report import interleaved, median_ratio, publish

import tam_widgets as tw


def main() -> None:
    options = options_of(__doc__)
    rows = [_measure(*one, options.rounds) for one in explained(options)]
    publish("reliance_cost", rows, options.json, dtype=options.dtype)


def _measure(
    explainer: tw.Explainer, explain: Callable[..., tw.Explanation], rounds: int
) -> dict[str, Any]:
    works = {"explain": explain, "with reliance": partial(explain, reliance=True)}
    times = interleaved(works, rounds)
    one = explain()
    return {
        "model": explainer.name,
        "tokens": len(one.tokens),
        "visual tokens": one.visual_length,
        **{f"{name} s": statistics.median(values) for name, values in times.items()},
        "with / without": median_ratio(times["with reliance"], times["explain"]),
    }


if __name__ == "__main__":
    main()
